"""When a community's office answers the telephone: days and times, written in one way."""

import re
from collections.abc import Iterator
from itertools import pairwise

from backend.core.errors import Invalid

_DAY = "[一二三四五六日]"
_DAYS = re.compile(
    rf"(?:每天|工作日|周末|节假日|周{_DAY}(?:至周{_DAY})?)"
    rf"(?:、(?:周末|节假日|周{_DAY}(?:至周{_DAY})?))*"
)
_SPAN = re.compile(r"(\d{1,2}):(\d{2})—(\d{1,2}):(\d{2})")
_SIGNS = str.maketrans({"：": ":", "；": ";", "，": "、", ",": "、", "到": "至"})
# A line that nobody can read at a glance helps nobody.
MOST = 3


def opening_hours(text: str, *, field: str) -> str:
    """Return opening hours as `工作日 8:30—12:00、14:30—17:30；周六 9:00—12:00`.

    Raises Invalid naming `field` for what is neither days nor times, and for times that cannot be.
    """
    parts = [_part(part, field) for part in _plain(text).split(";") if part]
    if not 1 <= len(parts) <= MOST:
        raise _refused(field)
    return "；".join(parts)


def _plain(text: str) -> str:
    """Bring the ways people write days, dashes and signs to one."""
    written = re.sub(r"\s", "", text.translate(_SIGNS).replace("每日", "每天"))
    written = re.sub(r"[-－–—~～]+", "—", written.replace("星期", "周").replace("周天", "周日"))
    written = re.sub(r"(?<=\d)至(?=\d)", "—", written)
    return re.sub(rf"(周{_DAY})[—至]周?({_DAY})", r"\1至周\2", written)


def _part(part: str, field: str) -> str:
    days = _DAYS.match(part)
    times = part[days.end() if days else 0 :].lstrip("、")
    spans = list(_spans(times, field))
    later = pairwise(spans)
    if not 1 <= len(spans) <= MOST or any(after[0] < before[1] for before, after in later):
        raise _refused(field)
    written = "、".join(f"{_time(begin)}—{_time(end)}" for begin, end in spans)
    return f"{days[0] if days else '每天'} {written}"


def _spans(times: str, field: str) -> Iterator[tuple[int, int]]:
    """Yield each beginning and end in minutes of the day."""
    for one in times.split("、"):
        found = _SPAN.fullmatch(one)
        hours = [int(number) for number in found.groups()] if found else [1, 0, 0, 0]
        begin, end = hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]
        if max(hours[1], hours[3]) > 59 or not 0 <= begin < end <= 24 * 60:
            raise _refused(field)
        yield begin, end


def _time(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"


def _refused(field: str) -> Invalid:
    return Invalid(field, "请按“工作日 8:30—12:00、14:30—17:30”的样子填写接听时间，先早后晚。")
