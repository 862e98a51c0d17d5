"""The rotating code at the venue: from the server's clock and a key, kept nowhere.

A forwarded code is dead 45 seconds later at most. It opens nothing but the convenience of a
prefilled list, so a code of eight digits serves whoever cannot scan.
"""

import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import segno
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.crypto import Crypto
from backend.core.errors import Invalid
from backend.core.throttle import Throttle

ROTATION, GRACE, SKEW = 15, 30, 2
# How far around now typed digits are recognised, to say what is wrong with them.
RECOGNISED = range(-20, 5)
_SCANNED = re.compile(r"([0-9]{1,19})\.([0-9]{1,12})\.([0-9a-f]{20})")
_TYPED = re.compile(r"[0-9]{8}")

WRONG = Throttle("check_in_code", 20, timedelta(minutes=10), "签到码多次不正确")


@dataclass(frozen=True)
class Code:
    """`code` is scanned, `digits` are typed; the next one is due in `refresh_after` seconds."""

    code: str
    digits: str
    expires_at: datetime
    refresh_after: int

    @property
    def image(self) -> str:
        """The QR code as a picture without an address: nothing is fetched to show it."""
        return str(segno.make(self.code, error="m", micro=False).png_data_uri(scale=8, border=2))


@dataclass(frozen=True)
class Venue:
    """What kind of thing codes are shown for: a code of one kind opens no other.

    `noun` names the kind in codes of errors, `called` in their sentences.
    """

    noun: str
    called: str


def issue(keys: Crypto, venue: Venue, number: int, now: datetime) -> Code:
    """Return the code of this moment for the venue's thing with that id."""
    slot = _slot(now)
    end = (slot + 1) * ROTATION
    return Code(
        f"{number}.{slot}.{_mac(keys, venue, number, slot)}",
        _digits(keys, venue, number, slot),
        datetime.fromtimestamp(end, UTC) + timedelta(seconds=GRACE),
        max(1, round(end - now.timestamp())),
    )


def tried(
    session: Session, keys: Crypto, venue: Venue, number: int, text: str, *, account_id: int
) -> None:
    """Do as `check`, as often as anybody mistypes. Raises Invalid, which keeps the count, TooFast.

    Call it before anything is written: a refusal commits.
    """
    WRONG.take(session, str(account_id))
    try:
        check(keys, venue, number, text, clock.now())
    except Invalid as refusal:
        refusal.keeps = True
        raise
    WRONG.give_back(session, str(account_id))


def check(keys: Crypto, venue: Venue, number: int, text: str, now: datetime) -> None:
    """Raise Invalid, its code saying why, unless `text` is a code of that thing alive now."""
    if _TYPED.fullmatch(text):
        slots = (_slot(now) + step for step in RECOGNISED)
        slot = next((s for s in slots if _same(_digits(keys, venue, number, s), text)), None)
    else:
        slot = _scanned_slot(keys, venue, number, text)
    if slot is None:
        raise _refusal("invalid", "签到码不正确，请重新扫码或输入现场显示的8位数字。")
    if now.timestamp() < slot * ROTATION - SKEW:
        raise _refusal("early", "签到码尚未生效，请重新扫码。")
    if now.timestamp() > (slot + 1) * ROTATION + GRACE:
        raise _refusal("expired", "签到码已过期，请扫描现场正在显示的签到码。")


def _scanned_slot(keys: Crypto, venue: Venue, number: int, text: str) -> int | None:
    found = _SCANNED.fullmatch(text)
    if found is None:
        return None
    named, slot = int(found[1]), int(found[2])
    if not _same(_mac(keys, venue, named, slot), found[3]):
        return None
    if named != number:
        raise _refusal(
            f"of_another_{venue.noun}",
            f"这是另一{venue.called}的签到码，请打开该{venue.called[1:]}后再签到。",
        )
    return slot


def _refusal(why: str, message: str) -> Invalid:
    return Invalid("code", message, code=f"check_in_code_{why}")


def _slot(now: datetime) -> int:
    return int(now.timestamp()) // ROTATION


def _mac(keys: Crypto, venue: Venue, number: int, slot: int) -> str:
    return keys.lookup(f"{number}.{slot}", purpose=f"{venue.noun}.check_in")[:20]


def _digits(keys: Crypto, venue: Venue, number: int, slot: int) -> str:
    digest = keys.lookup(f"{number}.{slot}", purpose=f"{venue.noun}.check_in.typed")
    return f"{int(digest[:15], 16) % 10**8:08}"


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
