"""What a service record says was done, and what follows from it at once."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from backend.community.volunteering.models import ServiceCategory, ServiceRecord
from backend.core import clock
from backend.core.errors import Invalid

LONGEST = timedelta(hours=24)


@dataclass(frozen=True)
class Facts:
    """What a record says was done; the minutes are computed, never given.

    `break_min` None: the break that the record has already stays.
    """

    category: ServiceCategory
    content: str
    started_at: datetime
    ended_at: datetime
    break_min: int | None

    def over(self, record: ServiceRecord) -> "Facts":
        """Return the facts as they are written over what a record says."""
        stays = record.break_min if self.break_min is None else self.break_min
        return replace(self, break_min=stays or 0)


def said_by(record: ServiceRecord) -> Facts:
    """Return what a record says."""
    return Facts(**{name: getattr(record, name) for name in Facts.__dataclass_fields__})


def describe(record: ServiceRecord, facts: Facts) -> None:
    """Write the facts; the minutes are computed here and nowhere else. Raises Invalid."""
    if facts.ended_at <= facts.started_at:
        raise Invalid("ended_at", "结束时间必须晚于开始时间。")
    if facts.ended_at > clock.now():
        raise Invalid("ended_at", "服务结束后才能登记。")
    if facts.ended_at - facts.started_at > LONGEST:
        raise Invalid("ended_at", "一次服务不能超过24小时，请分次登记。")
    facts = facts.over(record)
    length = int((facts.ended_at - facts.started_at).total_seconds() // 60)
    minutes = length - (facts.break_min or 0)
    if minutes <= 0:
        raise Invalid("break_min", "休息时间必须短于服务时间。")
    for name, value in facts.__dict__.items():
        setattr(record, name, value)
    record.duration_min = minutes
