"""What people read in Chinese sentences, put together from what was written and counted."""

import re
from datetime import date, datetime

from backend.core import clock

# What a text may trail off with before a full stop, and what ends a sentence by itself.
_TRAILING = " \t\r\n\u3000。.．｡，,、；;：:"
_ENDED = re.compile(r"[。！？!?…][”’」』）)》]*$")


def sentence(text: str | None) -> str:
    """Return what somebody wrote as sentences that end once, to stand among others; of nothing,
    nothing."""
    bare = (text or "").strip(" \t\r\n\u3000").rstrip(_TRAILING)
    return bare if not bare or _ENDED.search(bare) else f"{bare}。"


def duration(minutes: int) -> str:
    """Return a length of time as `3小时30分钟`, as the app writes it."""
    hours, rest = divmod(minutes, 60)
    whole = f"{hours}小时" if hours else ""
    return f"{whole}{rest}分钟" if rest or not hours else whole


def day(when: date) -> str:
    return f"{when.month}月{when.day}日"


def span(starts_at: datetime, ends_at: datetime) -> str:
    """Return two moments as `9月1日 09:00—11:00`, in Shanghai, as the app writes them."""
    first, last = (one.astimezone(clock.SHANGHAI) for one in (starts_at, ends_at))
    until = f"{last:%H:%M}" if first.date() == last.date() else f"{day(last)} {last:%H:%M}"
    return f"{day(first)} {first:%H:%M}—{until}"
