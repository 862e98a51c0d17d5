"""Opening hours are written in one way, and only such as can be."""

import pytest

from backend.core.errors import Invalid
from backend.people.areas.hours import opening_hours


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("工作日 8:30—17:30", "工作日 8:30—17:30"),
        ("工作日8：30-12：00，14:30～17:30", "工作日 8:30—12:00、14:30—17:30"),
        ("周一至周五 08:30 到 17:30；周六 9:00-12:00", "周一至周五 8:30—17:30；周六 9:00—12:00"),
        ("星期一-星期五 8:30-17:30", "周一至周五 8:30—17:30"),
        ("周一到五 8:30-17:30", "周一至周五 8:30—17:30"),
        ("周一、周三 9:00—11:30", "周一、周三 9:00—11:30"),
        ("8:30—17:30", "每天 8:30—17:30"),
        ("每日 0:00—24:00", "每天 0:00—24:00"),
        ("周末 9:00—12:00", "周末 9:00—12:00"),
    ],
)
def test_ways_of_writing_become_one(written: str, kept: str) -> None:
    assert opening_hours(written, field="hours") == kept
    assert opening_hours(kept, field="hours") == kept


@pytest.mark.parametrize(
    "written",
    [
        "工作日",
        "随时",
        "工作日 25:00—26:00",
        "工作日 8:70—9:00",
        "工作日 17:30—8:30",
        "工作日 8:30—8:30",
        "工作日 8:30—24:01",
        "工作日 14:30—17:30、8:30—12:00",
        "工作日 8:30—12:00、11:00—17:30",
        "工作日 8:30",
        "请找王书记 13876543210",
        "；",
        "—",
        "周八 8:30—17:30",
        "周一 1:00—2:00；周二 1:00—2:00；周三 1:00—2:00；周四 1:00—2:00",
    ],
)
def test_what_cannot_be_is_refused(written: str) -> None:
    with pytest.raises(Invalid, match="接听时间"):
        opening_hours(written, field="hours")
