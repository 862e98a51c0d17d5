"""A meeting that was moved keeps nothing of its old time; one that was held keeps everything."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from backend.branch_life.meetings.models import Meeting
from backend.core import clock
from backend.core.clock import SHANGHAI
from backend.support.notifications.models import Notification
from tests.miniprogram_api.branch_life.meetings.scene import Hall

MORNING = datetime(2027, 3, 2, 9, tzinfo=SHANGHAI)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def meeting(hall: Hall) -> Meeting:
    return hall.add(starts_at=MORNING, ends_at=MORNING + HOUR, place="二楼会议室")


def move(hall: Hall, meeting: Meeting, begin: datetime, at: datetime, expect: int = 200) -> Any:
    """Move the meeting, of an hour, to `begin`, as somebody does at the moment `at`."""
    times = {"starts_at": begin.isoformat(), "ends_at": (begin + HOUR).isoformat()}
    with clock.at(at):
        return hall.ask("PATCH", "", hall.secretary, expect, times, meeting=meeting)


def join(hall: Hall, meeting: Meeting, at: datetime, who: int = 3) -> None:
    with clock.at(at):
        hall.ask("POST", "/attendance", hall.people[who], 200, {}, meeting=meeting)


def excuse(hall: Hall, meeting: Meeting, at: datetime, who: int = 4) -> int:
    with clock.at(at):
        asked = {"reason_code": "work"}
        made = hall.ask("POST", "/leave-requests", hall.people[who], 201, asked, meeting=meeting)
        path = f"/leave-requests/{made['id']}/approval"
        hall.client.request("POST", path, as_=hall.secretary, expect=200)
    return int(made["id"])


def marks(hall: Hall, shown: Any) -> dict[int, str]:
    return {hall.ids.index(one["member"]["id"]): one["status"] for one in shown["attendance"]}


def test_hours_apart_on_the_same_day_are_another_meeting(hall: Hall, meeting: Meeting) -> None:
    excuse(hall, meeting, MORNING - 20 * HOUR)
    join(hall, meeting, MORNING - 5 * MINUTE)
    shown = move(hall, meeting, MORNING + 10 * HOUR, MORNING - MINUTE)

    assert marks(hall, shown) == {}
    assert [one["status"] for one in shown["leave_requests"]] == ["lapsed"]
    told = sa.select(Notification.body).where(Notification.kind == "meetings.changed")
    assert "请重新请假" in hall.session.scalars(told.order_by(Notification.id)).all()[0]


def test_meetings_that_touch_are_hours_apart(hall: Hall, meeting: Meeting) -> None:
    excuse(hall, meeting, MORNING - 20 * HOUR)
    shown = move(hall, meeting, MORNING + HOUR - MINUTE, MORNING - HOUR)
    assert marks(hall, shown) == {4: "excused"}

    shown = move(hall, meeting, MORNING + 2 * HOUR - MINUTE, MORNING - HOUR)
    assert marks(hall, shown) == {}


def test_put_off_a_little_keeps_who_could_have_joined_and_who_is_excused(
    hall: Hall, meeting: Meeting
) -> None:
    excuse(hall, meeting, MORNING - 20 * HOUR)
    join(hall, meeting, MORNING - 15 * MINUTE - timedelta(seconds=1), who=3)
    join(hall, meeting, MORNING - 15 * MINUTE, who=5)
    shown = move(hall, meeting, MORNING + 15 * MINUTE, MORNING - MINUTE)

    assert marks(hall, shown) == {4: "excused", 5: "present"}


def test_nobody_is_absent_from_what_is_still_to_begin(hall: Hall, meeting: Meeting) -> None:
    with clock.at(MORNING + MINUTE):
        body = {"present": hall.ids[:2], "absent": [hall.ids[5]]}
        hall.ask("PUT", "/attendance", hall.recorder, 200, body, meeting=meeting)
    shown = move(hall, meeting, MORNING + 20 * MINUTE, MORNING + 2 * MINUTE)

    assert marks(hall, shown) == {0: "present", 1: "present"}


def test_what_was_held_is_written_down_as_it_was(hall: Hall, meeting: Meeting) -> None:
    excuse(hall, meeting, MORNING - 20 * HOUR)
    join(hall, meeting, MORNING - 20 * MINUTE)
    shown = move(hall, meeting, MORNING + 30 * MINUTE, MORNING + 5 * HOUR)

    assert marks(hall, shown) == {3: "present", 4: "excused"}


def vote(hall: Hall, meeting: Meeting) -> None:
    with clock.at(MORNING + MINUTE):
        body: dict[str, Any] = {"present": hall.ids}
        hall.ask("PUT", "/attendance", hall.recorder, 200, body, meeting=meeting)
        body = {"title": "决议", "kind": "ordinary", "yes": 9, "no": 0, "abstain": 0}
        hall.ask("POST", "/resolutions", hall.recorder, 201, body, meeting=meeting)


@pytest.mark.parametrize("later", [20 * MINUTE, 10 * HOUR, timedelta(days=1)])
def test_a_meeting_that_voted_is_not_moved_ahead(
    hall: Hall, meeting: Meeting, later: timedelta
) -> None:
    vote(hall, meeting)
    refused = move(hall, meeting, MORNING + later, MORNING + 2 * MINUTE, expect=409)

    assert refused["code"] == "vote_recorded"


def test_a_meeting_that_voted_may_be_put_right(hall: Hall, meeting: Meeting) -> None:
    vote(hall, meeting)
    shown = move(hall, meeting, MORNING - 10 * MINUTE, MORNING + 3 * HOUR)

    assert len(marks(hall, shown)) == 9
