"""Rules of meetings, tested without HTTP."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.branch_life.meetings import attendance, seal, service
from backend.branch_life.meetings.attendance import Mark
from backend.branch_life.meetings.models import (
    AttendanceRecord,
    AttendanceStatus,
    Meeting,
    MeetingKind,
    MeetingMode,
    MeetingStatus,
)
from backend.branch_life.meetings.service import Plan
from backend.core import clock
from backend.core.errors import Conflict, Forbidden, Invalid, NotFound
from backend.ledger.models import Posting, SubjectKind
from backend.ledger.rulepack import RulePack
from backend.support.notifications.models import Notification
from tests.factories import Make

A = AttendanceStatus


class Scene:
    """A branch with its secretary and two members, and a meeting that goes on right now."""

    def __init__(self, session: Session, rules: RulePack, make: Make) -> None:
        self.session, self.rules, self.make = session, rules, make
        self.branch = make.branch()
        self.secretary = make.branch_secretary(self.branch)
        self.members = [make.member(self.branch) for _ in range(2)]
        self.actors = [make.actor(member) for member in self.members]
        self.meeting = make.meeting(self.branch)

    def close(self, **said: Any) -> Meeting:
        here: dict[str, Any] = {"actor": self.secretary, "meeting_id": self.meeting.id}
        return service.close(self.session, self.rules, **here, **said)

    def marks(self) -> dict[int, AttendanceStatus]:
        rows = self.session.execute(sa.select(AttendanceRecord.member_id, AttendanceRecord.status))
        return {row[0]: row[1] for row in rows}


@pytest.fixture
def scene(session: Session, rules: RulePack, make: Make) -> Scene:
    return Scene(session, rules, make)


def test_joining_twice_is_one_line(scene: Scene) -> None:
    first = attendance.attend(scene.session, actor=scene.actors[0], meeting_id=scene.meeting.id)
    again = attendance.attend(scene.session, actor=scene.actors[0], meeting_id=scene.meeting.id)

    assert first.id == again.id
    assert (again.status, again.self_joined) == (A.PRESENT, True)


@pytest.mark.parametrize("offset", [timedelta(hours=2), timedelta(days=-2)])
def test_before_and_after_the_meeting_nobody_joins(scene: Scene, offset: timedelta) -> None:
    begin = clock.now() + offset
    meeting = scene.make.meeting(scene.branch, starts_at=begin, ends_at=begin + timedelta(hours=1))

    with pytest.raises(Conflict, match="meeting_not_open"):
        attendance.attend(scene.session, actor=scene.actors[0], meeting_id=meeting.id)


def test_members_of_other_branches_do_not_see_it(scene: Scene) -> None:
    stranger = scene.make.actor(scene.make.member())

    with pytest.raises(NotFound):
        attendance.attend(scene.session, actor=stranger, meeting_id=scene.meeting.id)


def test_the_recorders_list_has_the_last_word(scene: Scene) -> None:
    attendance.attend(scene.session, actor=scene.actors[0], meeting_id=scene.meeting.id)
    first, second = (member.id for member in scene.members)
    attendance.write_list(
        scene.session,
        actor=scene.secretary,
        meeting_id=scene.meeting.id,
        entries={first: Mark(A.ABSENT), second: Mark(A.PRESENT)},
    )

    assert scene.marks() == {first: A.ABSENT, second: A.PRESENT}


def test_a_list_with_somebody_of_another_branch_is_refused_as_a_whole(scene: Scene) -> None:
    entries = {scene.members[0].id: Mark(A.PRESENT), scene.make.member().id: Mark(A.PRESENT)}

    with pytest.raises(Invalid):
        attendance.write_list(
            scene.session, actor=scene.secretary, meeting_id=scene.meeting.id, entries=entries
        )

    assert scene.marks() == {}


def test_a_member_keeps_no_list(scene: Scene) -> None:
    with pytest.raises(Forbidden, match="not_the_recorder"):
        attendance.write_list(
            scene.session, actor=scene.actors[0], meeting_id=scene.meeting.id, entries={}
        )


def test_closing_freezes_the_list_and_counts_for_the_branch(scene: Scene) -> None:
    attendance.attend(scene.session, actor=scene.actors[0], meeting_id=scene.meeting.id)
    meeting = scene.close()

    assert (meeting.status, meeting.due_count, meeting.present_count) == (
        MeetingStatus.CLOSED,
        3,
        1,
    )
    assert meeting.closing_hash is not None
    assert sorted(scene.marks().values()) == [A.ABSENT, A.ABSENT, A.PRESENT]
    posting = scene.session.scalars(sa.select(Posting)).one()
    assert (posting.kind, posting.subject_kind, posting.subject_id) == (
        "members_assembly",
        SubjectKind.ORGANIZATION,
        scene.branch.id,
    )


def test_closing_twice_is_the_same_as_once(scene: Scene) -> None:
    attendance.attend(scene.session, actor=scene.actors[0], meeting_id=scene.meeting.id)
    first = scene.close().closing_hash

    assert scene.close().closing_hash == first
    assert len(scene.session.scalars(sa.select(Posting)).all()) == 1


def test_the_hash_tells_whether_the_list_was_touched(scene: Scene) -> None:
    attendance.attend(scene.session, actor=scene.actors[0], meeting_id=scene.meeting.id)
    meeting = scene.close()

    assert seal.of_meeting(scene.session, meeting) == meeting.closing_hash
    scene.session.execute(sa.update(AttendanceRecord).values(status=A.PRESENT, reason=None))
    assert seal.of_meeting(scene.session, meeting) != meeting.closing_hash


def test_a_meeting_without_anybody_present_cannot_be_closed(scene: Scene) -> None:
    with pytest.raises(Conflict, match="nobody_present"):
        scene.close()


def test_a_meeting_that_has_not_begun_cannot_be_closed(scene: Scene) -> None:
    begin = clock.now() + timedelta(days=1)
    later = scene.make.meeting(scene.branch, starts_at=begin, ends_at=begin + timedelta(hours=1))

    with pytest.raises(Conflict, match="meeting_not_begun"):
        service.close(scene.session, scene.rules, actor=scene.secretary, meeting_id=later.id)


def test_after_closing_the_list_stands(scene: Scene) -> None:
    attendance.attend(scene.session, actor=scene.actors[0], meeting_id=scene.meeting.id)
    scene.close()

    with pytest.raises(Conflict, match="meeting_state_forbids"):
        attendance.write_list(
            scene.session, actor=scene.secretary, meeting_id=scene.meeting.id, entries={}
        )


def test_convening_tells_every_member_with_an_account_once(scene: Scene) -> None:
    begin = clock.now() + timedelta(days=1)
    service.convene(
        scene.session,
        actor=scene.secretary,
        plan=Plan(
            organization_id=scene.branch.id,
            kind=MeetingKind.MEMBERS_ASSEMBLY,
            title="第四季度党员大会",
            mode=MeetingMode.IN_PERSON,
            place="社区党群服务中心二楼",
            starts_at=begin,
            ends_at=begin + timedelta(hours=2),
            agenda=[],
            online=None,
        ),
    )

    assert len(scene.session.scalars(sa.select(Notification)).all()) == 3
