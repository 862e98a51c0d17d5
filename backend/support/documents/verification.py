"""What anybody may learn by the number of a receipt: never whose it is."""

import enum
from dataclasses import dataclass
from datetime import date


class ReceiptStatus(enum.StrEnum):
    VALID = "valid"
    ENDED = "ended"


@dataclass(frozen=True)
class VerifiedReceipt:
    number: str
    receiver: str
    accepted_on: date
    ended_on: date | None

    @property
    def status(self) -> ReceiptStatus:
        return ReceiptStatus.ENDED if self.ended_on else ReceiptStatus.VALID
