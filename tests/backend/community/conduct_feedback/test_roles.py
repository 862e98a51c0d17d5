"""In which roles a member served, as a note states them, and the reminder of the last day."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.capabilities import HANDLERS
from backend.community.claims import service as claims
from backend.community.conduct_feedback import facts, service
from backend.community.conduct_feedback.facts import Facts
from backend.community.volunteering.activities import attendance
from backend.community.volunteering.activities.models import AttendanceMark as M
from backend.community.volunteering.activities.roll import Line
from backend.core import clock
from backend.core.actor import Actor
from backend.core.crypto import Crypto
from backend.ledger.rulepack import RulePack
from backend.support.notifications import reminders
from backend.support.notifications.models import (
    Notification,
    Reminder,
)
from tests.backend.community.conduct_feedback.scene import NOW, Scene
from tests.factories import Make

LAST_DAY = datetime(2026, 12, 8, tzinfo=clock.SHANGHAI)


@pytest.fixture
def scene(session: Session, rules: RulePack, make: Make) -> Iterator[Scene]:
    with clock.at(NOW):
        scene = Scene(session, rules, make)
        scene.accept()
        yield scene


def stated(scene: Scene, actor: Actor | None = None) -> Facts:
    return facts.of(
        scene.session,
        member_id=(actor or scene.member).as_member(),
        community_id=scene.community.id,
        year=2026,
    )


def hold(
    scene: Scene, keys: Crypto, *lines: Line, by: Actor | None = None, days_ago: int = 1
) -> None:
    """Have an activity of yesterday held, and its list written."""
    begin = NOW - timedelta(days=days_ago)
    created_by = (by or scene.secretary).account_id
    activity = scene.make.activity(scene.community, (begin, 5), created_by=created_by)
    attendance.write_list(
        scene.session,
        scene.rules,
        keys,
        actor=scene.secretary,
        activity_id=activity.id,
        said=attendance.Listing(lines=lines),
    )


def test_who_organises_activities_has_it_in_the_facts(scene: Scene, keys: Crypto) -> None:
    guests = [scene.make.member(community_id=scene.community.id).id for _ in range(2)]
    hold(scene, keys, *(Line(M.PRESENT, member_id=guest) for guest in guests), by=scene.member)
    hold(scene, keys, Line(M.NO_SHOW, member_id=guests[0]), by=scene.member)
    hold(scene, keys, Line(M.PRESENT, member_id=guests[0]))

    assert stated(scene).organised == 1
    assert stated(scene, scene.secretary).organised == 1


def test_who_came_in_anothers_place_has_it_in_the_facts(scene: Scene, keys: Crypto) -> None:
    me = scene.member.as_member()
    missing = scene.make.member(community_id=scene.community.id).id
    hold(scene, keys, Line(M.PRESENT, member_id=me, stand_in_for=missing))
    hold(scene, keys, Line(M.PRESENT, member_id=me), days_ago=2)

    assert (stated(scene).services, stated(scene).stood_in) == (2, 1)


def test_a_project_of_the_unit_is_told_apart_from_the_members_own(scene: Scene) -> None:
    contact = scene.make.unit_contact(scene.branch)
    assert scene.branch.unit is not None
    scene.make.member_unit(scene.branch.unit)
    project = scene.make.project(scene.community)
    claim = claims.claim(
        scene.session,
        scene.rules,
        actor=contact,
        project_id=project.id,
        said=claims.Claiming(scene.branch.unit_id),
    )
    claims.accept(scene.session, scene.rules, actor=scene.secretary, claim_id=claim.id)
    claims.start(scene.session, scene.rules, actor=contact, claim_id=claim.id)
    claims.deliver(
        scene.session,
        scene.rules,
        actor=contact,
        claim_id=claim.id,
        summary="已完成",
        delivered_on=clock.today(),
    )
    assert stated(scene, contact).unit_projects == 0
    claims.complete(
        scene.session,
        scene.rules,
        actor=scene.secretary,
        claim_id=claim.id,
        solved=True,
        satisfied=True,
        comment="",
    )

    assert (stated(scene, contact).projects, stated(scene, contact).unit_projects) == (0, 1)


def test_a_role_elsewhere_or_in_another_year_is_no_fact_of_this_note(
    scene: Scene, keys: Crypto
) -> None:
    me = scene.member.as_member()
    hold(scene, keys, Line(M.PRESENT, member_id=me), by=scene.member)
    community_id, year = scene.make.community().id, 2026
    elsewhere = facts.of(scene.session, member_id=me, community_id=community_id, year=year)
    earlier = facts.of(scene.session, member_id=me, community_id=scene.community.id, year=year - 1)

    assert (stated(scene).organised, elsewhere.organised, earlier.organised) == (1, 0, 0)


def remind(scene: Scene) -> list[str]:
    """Run what is due on the last morning; return what the member was told."""
    with clock.at(LAST_DAY.replace(hour=9, minute=1)):
        while (row := reminders.take_due(scene.session)) is not None:
            reminders.settle(scene.session, row, HANDLERS[row.kind])
            scene.session.flush()
    told = sa.select(Notification.body).where(
        Notification.account_id == scene.member.account_id,
        Notification.kind == "conduct_feedback.deadline",
    )
    return list(scene.session.scalars(told))


def test_who_has_not_answered_is_reminded_on_the_last_day_once(scene: Scene) -> None:
    scene.write()

    (body,) = remind(scene)
    assert "今天（12月8日）" in body
    assert "没有补充的，不用办理" in body
    assert remind(scene) == [body]


@pytest.mark.parametrize("reply", ["我还参加了夜间巡逻。", ""], ids=["words", "nothing"])
def test_nobody_is_reminded_of_what_was_answered(scene: Scene, reply: str) -> None:
    scene.reply(scene.write(), reply)

    kept = sa.select(Reminder.status).where(Reminder.kind == "conduct_feedback.reply_due")
    assert scene.session.scalars(kept).all() == ["dropped"]
    assert remind(scene) == []


def test_what_was_handed_over_reminds_nobody(scene: Scene) -> None:
    scene.reply(scene.write())
    service.hand_over_due(scene.session)

    assert remind(scene) == []
