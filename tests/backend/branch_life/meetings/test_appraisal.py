"""民主评议党员: how many were appraised is said at closing, a number and nothing else (rule 1d)."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.branch_life.meetings import attendance, evidence, seal
from backend.branch_life.meetings.models import MeetingKind, MeetingStatus
from backend.core import clock
from backend.core.errors import Conflict, Invalid
from backend.figures import my_duties
from backend.ledger.models import SubjectKind
from backend.ledger.rulepack import RulePack
from backend.ledger.subjects import Subject
from backend.ledger.verdicts import Verdict
from tests import ledger
from tests.backend.branch_life.meetings.test_service import Scene
from tests.factories import Make


@pytest.fixture
def scene(session: Session, rules: RulePack, make: Make) -> Scene:
    """A branch of three at its appraisal, with one of them present."""
    found = Scene(session, rules, make)
    found.meeting.kind = MeetingKind.MEMBER_APPRAISAL
    found.meeting.title = "民主评议党员"
    attendance.attend(session, actor=found.actors[0], meeting_id=found.meeting.id)
    return found


def explained(scene: Scene) -> str:
    subject = Subject(SubjectKind.ORGANIZATION, scene.branch.id)
    year = clock.local_date(scene.meeting.starts_at).year
    (one,) = evidence.explain(scene.session, scene.rules.counting, subject, year)
    return one.title


@pytest.mark.parametrize("count", [0, 2, 3])
def test_of_those_due_any_number_may_be_appraised_and_it_decides_nothing(
    scene: Scene, count: int
) -> None:
    closed = scene.close(appraised_count=count)
    year = clock.local_date(closed.starts_at).year
    asked: dict[str, Any] = {"actor": scene.secretary, "year": year}
    duties = my_duties.duties(scene.session, scene.rules, **asked)

    assert (closed.appraised_count, closed.due_count, closed.present_count) == (count, 3, 1)
    assert explained(scene) == f"民主评议党员（参评{count}人，应参评3人）"
    assert [one.judgement.verdict for one in duties if one.rule.id == "1d"] == [Verdict.MET]
    assert ledger.differences(scene.session, scene.rules) == []


@pytest.mark.parametrize(("count", "told"), [(None, "请填写"), (4, "不能超过应参评的3人")])
def test_it_is_said_and_not_more_than_are_due(scene: Scene, count: int | None, told: str) -> None:
    with pytest.raises(Invalid, match=told) as refused:
        scene.close(appraised_count=count)

    assert refused.value.field == "appraised_count"
    assert scene.meeting.status is MeetingStatus.CONVENED


def test_of_no_other_meeting_it_is_said(scene: Scene) -> None:
    scene.meeting.kind = MeetingKind.ORGANIZATIONAL_LIFE_MEETING
    with pytest.raises(Invalid, match="只有民主评议党员"):
        scene.close(appraised_count=2)
    scene.close()

    assert explained(scene) == "民主评议党员"


def test_closing_again_alike_is_no_change_and_with_another_number_refused(scene: Scene) -> None:
    first = scene.close(appraised_count=2).closing_hash

    assert scene.close(appraised_count=2).closing_hash == first
    for other in (3, None):
        with pytest.raises(Conflict, match="meeting_state_forbids"):
            scene.close(appraised_count=other)


def test_the_hash_covers_the_number(scene: Scene) -> None:
    meeting = scene.close(appraised_count=2)

    assert seal.of_meeting(scene.session, meeting) == meeting.closing_hash
    meeting.appraised_count = 3
    assert seal.of_meeting(scene.session, meeting) != meeting.closing_hash


def test_of_meetings_from_before_it_is_not_recorded(scene: Scene) -> None:
    assert explained(scene) == "民主评议党员"
    scene.close(appraised_count=2)
    scene.meeting.appraised_count = None

    assert explained(scene) == "民主评议党员（参评人数未记录）"
