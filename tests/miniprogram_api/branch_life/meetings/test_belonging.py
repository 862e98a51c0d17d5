"""Who was due is who belonged when the meeting began, however late it is closed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.branch_life.meetings.models import AttendanceRecord, Gathering, MeetingKind
from backend.core import clock
from backend.core.clock import SHANGHAI
from backend.people.members.models import Member, MemberCategory, Position
from tests.factories import Make
from tests.http_client import ApiClient
from tests.miniprogram_api.branch_life.meetings.scene import Hall

# The last evening of a year: the closing is next year's, the meeting is not.
HELD = datetime(2031, 12, 31, 23, 30, tzinfo=SHANGHAI)
CLOSED = datetime(2032, 1, 1, 0, 30, tzinfo=SHANGHAI)


def listed(session: Session, meeting_id: int) -> dict[int, str]:
    found = sa.select(AttendanceRecord).where(AttendanceRecord.meeting_id == meeting_id)
    rows = session.scalars(found.execution_options(populate_existing=True))
    return {row.member_id: str(row.status) for row in rows}


class Evening(Hall):
    """The branch meets at the end of the year, which the tests close an hour later."""

    def __init__(self, client: ApiClient, session: Session, make: Make) -> None:
        with clock.at(HELD - timedelta(days=40)):
            super().__init__(client, session, make)
        self.meeting = self.hold()

    def hold(self, **given: Any) -> Any:
        with clock.at(HELD - timedelta(days=3)):
            end = HELD + timedelta(minutes=30)
            self.meeting = self.add(starts_at=HELD, ends_at=end, **given)
        return self.meeting


@pytest.fixture
def evening(client: ApiClient, session: Session, make: Make) -> Evening:
    return Evening(client, session, make)


def test_a_newcomer_is_not_absent_from_a_meeting_held_before(evening: Evening) -> None:
    with clock.at(HELD + timedelta(minutes=10)):
        evening.seat(10)
    with clock.at(CLOSED):
        newcomer = evening.make.member(evening.branch)
        shown = evening.close()

    assert newcomer.id not in listed(evening.session, evening.meeting.id)
    assert (shown["due_count"], shown["present_count"], shown["due_voters"]) == (11, 10, 10)


@pytest.mark.parametrize("leave", ["moves", "inactive", "by hand"])
def test_who_was_there_and_left_the_branch_counts(evening: Evening, leave: str) -> None:
    leaver = evening.members[5]
    with clock.at(HELD + timedelta(minutes=10)):
        evening.seat(10)
        evening.vote(kind="ordinary", yes=10, no=0, abstain=0)
    with clock.at(CLOSED):
        if leave == "moves":
            leaver.branch_id = evening.make.branch().id
        elif leave == "inactive":
            leaver.active = False
        else:
            elsewhere = evening.make.branch().id
            change = sa.update(Member).where(Member.id == leaver.id).values(branch_id=elsewhere)
            evening.session.execute(change)
        evening.session.flush()
        shown = evening.close()

    assert listed(evening.session, evening.meeting.id)[leaver.id] == "present"
    assert (shown["due_count"], shown["present_count"], shown["present_voters"]) == (11, 10, 10)


def test_who_left_before_it_began_is_on_no_line(evening: Evening) -> None:
    leaver = evening.members[5]
    asked = {"reason_code": "work"}
    with clock.at(HELD - timedelta(days=2)):
        evening.ask("POST", "/leave-requests", evening.people[5], 201, asked)
        request = evening.shown()["leave_requests"][0]["id"]
        evening.client.request(
            "POST", f"/leave-requests/{request}/approval", as_=evening.secretary, expect=200
        )
    with clock.at(HELD - timedelta(days=1)):
        leaver.branch_id = evening.make.branch().id
        evening.session.flush()
    with clock.at(CLOSED):
        evening.seat(5)
        shown = evening.close()

    assert leaver.id not in listed(evening.session, evening.meeting.id)
    assert (shown["due_count"], shown["present_count"], shown["excused_count"]) == (10, 5, 0)


def test_without_the_clock_moving_who_comes_after_the_list_is_no_line(hall: Hall) -> None:
    hall.seat(10)
    newcomer = hall.make.member(hall.branch)
    hall.members[3].branch_id = hall.make.branch().id
    hall.session.flush()
    shown = hall.close()

    assert newcomer.id not in listed(hall.session, hall.meeting.id)
    assert (shown["due_count"], shown["present_count"]) == (11, 10)


def test_a_vote_stands_when_somebody_gets_or_loses_the_vote_later(evening: Evening) -> None:
    with clock.at(HELD + timedelta(minutes=10)):
        evening.seat(10, novice=True)
        evening.vote(kind="ordinary", yes=9, no=1, abstain=0)
    with clock.at(CLOSED):
        evening.novice.category = MemberCategory.FULL
        evening.members[4].electoral_right = False
        evening.session.flush()
        shown = evening.close()

    assert (shown["due_voters"], shown["present_voters"]) == (10, 10)


def _group(evening: Evening) -> dict[str, Any]:
    with clock.at(HELD - timedelta(days=30)):
        group = evening.make.group(evening.branch)
        for member in evening.members[:4]:
            member.group_id = group.id
        evening.session.flush()
    return {
        "kind": MeetingKind.GROUP_MEETING,
        "gathering": Gathering.GROUP,
        "group_id": group.id,
    }


def _committee(evening: Evening) -> dict[str, Any]:
    with clock.at(HELD - timedelta(days=30)):
        for member in evening.members[1:3]:
            evening.make.seat(evening.branch, member)
    return {"kind": MeetingKind.COMMITTEE_MEETING, "gathering": Gathering.COMMITTEE}


def _swap_group(evening: Evening) -> None:
    evening.members[2].group_id, evening.members[6].group_id = None, evening.meeting.group_id


def _swap_committee(evening: Evening) -> None:
    seat = sa.select(Position).where(Position.member_id == evening.members[2].id)
    evening.session.scalars(seat).one().ends_on = clock.today()
    evening.make.seat(evening.branch, evening.members[6], starts_on=clock.today())


@pytest.mark.parametrize(
    ("body", "swap", "due"), [(_group, _swap_group, 4), (_committee, _swap_committee, 4)]
)
@pytest.mark.parametrize("moment", [CLOSED, HELD + timedelta(minutes=20)])
def test_a_body_that_changes_after_its_meeting_does_not_change_the_list(
    evening: Evening,
    body: Callable[[Evening], dict[str, Any]],
    swap: Callable[[Evening], None],
    due: int,
    moment: datetime,
) -> None:
    evening.hold(**body(evening))
    came = [evening.members[1].id, evening.members[2].id]
    with clock.at(HELD + timedelta(minutes=10)):
        evening.ask("PUT", "/attendance", evening.recorder, 200, {"present": came})
    with clock.at(moment):
        swap(evening)
        evening.session.flush()
        shown = evening.close()

    lines = listed(evening.session, evening.meeting.id)
    assert lines[came[1]] == "present"
    assert evening.members[6].id not in lines
    assert (shown["due_count"], shown["present_count"]) == (due, 2)


def test_who_comes_before_it_begins_is_due_as_of_that_day(evening: Evening) -> None:
    with clock.at(HELD - timedelta(hours=1)):
        newcomer = evening.make.member(evening.branch)
    with clock.at(CLOSED):
        evening.seat(10)
        evening.close()

    assert listed(evening.session, evening.meeting.id)[newcomer.id] == "absent"


def test_a_newcomer_cannot_join_or_ask_for_leave_of_what_began_before(
    evening: Evening, make: Make
) -> None:
    with clock.at(HELD + timedelta(minutes=5)):
        newcomer = make.actor(make.member(evening.branch))
        refused = evening.ask("POST", "/attendance", newcomer, 403, {})
        asked = evening.ask("POST", "/leave-requests", newcomer, 403, {"reason_code": "work"})

    assert refused["code"] == asked["code"] == "not_a_participant"
