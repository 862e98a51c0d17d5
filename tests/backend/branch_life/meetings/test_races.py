"""Two at once about one meeting, each in a real transaction."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.branch_life.meetings import attendance, seal, service
from backend.branch_life.meetings.attendance import Mark
from backend.branch_life.meetings.leave import service as leave
from backend.branch_life.meetings.leave.models import LeaveRequest
from backend.branch_life.meetings.minutes import service as minutes
from backend.branch_life.meetings.minutes.models import MeetingMinutes, MinutesAmendment
from backend.branch_life.meetings.models import AbsenceReason, AttendanceStatus, Meeting
from backend.core.actor import Actor
from backend.core.db import Database
from backend.core.errors import Conflict, Stale
from backend.ledger.rulepack import RulePack
from tests import ledger
from tests.backend.test_races import meet, world  # noqa: F401  # the fixture of real transactions
from tests.factories import Make

World = tuple[Database, Make, Session]


class Hall:
    """A meeting that has begun, two secretaries of the branch, and a member; one is present."""

    def __init__(self, make: Make, session: Session, rules: RulePack) -> None:
        branch = make.branch()
        self.rules = rules
        self.secretaries = [make.branch_secretary(branch) for _ in range(2)]
        self.member = make.actor(make.member(branch))
        self.id = make.meeting(branch).id
        present = {self.secretaries[0].member_id or 0: Mark(AttendanceStatus.PRESENT)}
        attendance.write(session, self.id, present)
        session.commit()

    def save(self, session: Session, actor: Actor, content: str) -> None:
        minutes.save(session, actor=actor, meeting_id=self.id, version=0, content=content)

    def ask(self, session: Session) -> LeaveRequest:
        reason = AbsenceReason.WORK
        return leave.ask(session, actor=self.member, meeting_id=self.id, reason=reason)[0]

    def close(self, session: Session, who: int = 0) -> Meeting:
        actor = self.secretaries[who]
        return service.close(session, self.rules, actor=actor, meeting_id=self.id)

    def amend(self, session: Session, who: int) -> None:
        actor, content = self.secretaries[who], f"更正{who}"
        minutes.amend(session, actor=actor, meeting_id=self.id, content=content)


def test_of_two_who_save_the_minutes_at_once_the_second_is_told(
    world: World,  # noqa: F811  # the fixture
    rules: RulePack,
) -> None:
    database, make, session = world
    hall = Hall(make, session, rules)
    one, two = hall.secretaries

    _, rival = meet(
        database, lambda s: hall.save(s, one, "甲稿"), lambda s: hall.save(s, two, "乙稿")
    )

    with pytest.raises(Stale, match="minutes_changed"):
        rival.result()
    with database.transaction() as after:
        assert [row.content for row in after.scalars(sa.select(MeetingMinutes))] == ["甲稿"]


def test_a_request_for_leave_that_arrives_while_it_is_closed_is_refused(
    world: World,  # noqa: F811  # the fixture
    rules: RulePack,
) -> None:
    database, make, session = world
    hall = Hall(make, session, rules)

    _, rival = meet(database, hall.close, hall.ask)

    with pytest.raises(Conflict, match="meeting_state_forbids"):
        rival.result()


def test_closing_waits_for_the_request_that_came_first_and_is_refused_over_it(
    world: World,  # noqa: F811  # the fixture
    rules: RulePack,
) -> None:
    database, make, session = world
    hall = Hall(make, session, rules)

    _, rival = meet(database, hall.ask, hall.close)

    with pytest.raises(Conflict, match="leave_undecided"):
        rival.result()


def test_closing_twice_at_once_posts_once(
    world: World,  # noqa: F811  # the fixture
    rules: RulePack,
) -> None:
    database, make, session = world
    hall = Hall(make, session, rules)

    _, rival = meet(database, hall.close, lambda s: hall.close(s, 1))

    with pytest.raises(Conflict, match="meeting_state_forbids"):
        rival.result()
    with database.transaction() as after:
        meeting = after.get_one(Meeting, hall.id)
        assert seal.of_meeting(after, meeting) == meeting.closing_hash
        assert ledger.differences(after, rules) == []


def test_two_amendments_at_once_stand_in_one_chain(
    world: World,  # noqa: F811  # the fixture
    rules: RulePack,
) -> None:
    database, make, session = world
    hall = Hall(make, session, rules)
    with database.transaction() as own:
        hall.close(own)

    _, rival = meet(database, lambda s: hall.amend(s, 0), lambda s: hall.amend(s, 1))

    assert rival.exception() is None
    with database.transaction() as after:
        link = after.get_one(Meeting, hall.id).closing_hash or ""
        rows = after.scalars(sa.select(MinutesAmendment).order_by(MinutesAmendment.number)).all()
        assert [row.number for row in rows] == [1, 2]
        for row in rows:
            link = seal.of_amendment(link, row.content)
            assert row.hash == link
