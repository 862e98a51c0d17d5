"""The rotating code at the venue: from the server's clock and a key, kept nowhere.

A forwarded code is dead 45 seconds later at most. It opens nothing but the convenience of a
prefilled list, so a code of eight digits serves whoever cannot scan.
"""

import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import segno

from backend.core.crypto import Crypto
from backend.core.errors import Invalid

ROTATION, GRACE, SKEW = 15, 30, 2
# How far around now typed digits are recognised, to say what is wrong with them.
RECOGNISED = range(-20, 5)
_SCANNED = re.compile(r"([0-9]{1,19})\.([0-9]{1,12})\.([0-9a-f]{20})")
_TYPED = re.compile(r"[0-9]{8}")


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


def issue(keys: Crypto, activity_id: int, now: datetime) -> Code:
    """Return the code of this moment."""
    slot = _slot(now)
    end = (slot + 1) * ROTATION
    return Code(
        f"{activity_id}.{slot}.{_mac(keys, activity_id, slot)}",
        _digits(keys, activity_id, slot),
        datetime.fromtimestamp(end, UTC) + timedelta(seconds=GRACE),
        max(1, round(end - now.timestamp())),
    )


def check(keys: Crypto, activity_id: int, text: str, now: datetime) -> None:
    """Raise Invalid, its code saying why, unless `text` is a code of the activity alive now."""
    if _TYPED.fullmatch(text):
        slots = (_slot(now) + step for step in RECOGNISED)
        slot = next((s for s in slots if _same(_digits(keys, activity_id, s), text)), None)
    else:
        slot = _scanned_slot(keys, activity_id, text)
    if slot is None:
        raise _refusal("invalid", "签到码不正确，请重新扫码或输入现场显示的8位数字。")
    if now.timestamp() < slot * ROTATION - SKEW:
        raise _refusal("early", "签到码尚未生效，请重新扫码。")
    if now.timestamp() > (slot + 1) * ROTATION + GRACE:
        raise _refusal("expired", "签到码已过期，请扫描现场正在显示的签到码。")


def _scanned_slot(keys: Crypto, activity_id: int, text: str) -> int | None:
    found = _SCANNED.fullmatch(text)
    if found is None:
        return None
    named, slot = int(found[1]), int(found[2])
    if not _same(_mac(keys, named, slot), found[3]):
        return None
    if named != activity_id:
        raise _refusal("of_another_activity", "这是另一个活动的签到码，请打开该活动后再签到。")
    return slot


def _refusal(why: str, message: str) -> Invalid:
    return Invalid("code", message, code=f"check_in_code_{why}")


def _slot(now: datetime) -> int:
    return int(now.timestamp()) // ROTATION


def _mac(keys: Crypto, activity_id: int, slot: int) -> str:
    return keys.lookup(f"{activity_id}.{slot}", purpose="activity.check_in")[:20]


def _digits(keys: Crypto, activity_id: int, slot: int) -> str:
    digest = keys.lookup(f"{activity_id}.{slot}", purpose="activity.check_in.typed")
    return f"{int(digest[:15], 16) % 10**8:08}"


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
