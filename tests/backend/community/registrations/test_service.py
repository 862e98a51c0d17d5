"""Rules of registration, tested without HTTP."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from backend.audit.models import AuditEntry
from backend.community.registrations import evidence, lists, service
from backend.community.registrations.flow import FLOW
from backend.community.registrations.models import (
    EndReason,
    RegistrationKind,
    RegistrationStatus,
    RejectionCode,
)
from backend.community.registrations.policy import DECIDER, EITHER
from backend.core import clock
from backend.core.actor import Role
from backend.core.errors import Conflict, Forbidden, Invalid, NotFound
from backend.ledger.models import StandingFact
from backend.ledger.rulepack import RulePack
from backend.people.members.models import Member
from backend.support.notifications.models import Notification, SubscriptionMessage
from tests.backend.community.registrations.scene import Scene, ids, read, street_officer, told

S = RegistrationStatus


def test_acceptance_issues_a_receipt_and_makes_it_the_members_community(scene: Scene) -> None:
    row = scene.accept(scene.submit())

    assert row.status is S.ACTIVE
    assert row.receipt_no is not None
    assert row.receipt_no.startswith("BD")
    assert scene.member.community_id == scene.community.id
    assert scene.facts() == [(evidence.UNANSWERED, False), (evidence.FACT, True)]


def test_every_step_leaves_a_trail(scene: Scene) -> None:
    scene.accept(scene.submit())

    actions = scene.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == ["registration.submitted", "registration.accepted"]


def test_the_secretarys_own_registration_goes_to_the_street(scene: Scene) -> None:
    officer = street_officer(scene)
    row = scene.submit(actor=scene.secretary)

    with pytest.raises(Forbidden, match="not_your_decision"):
        scene.accept(row)
    assert told(scene, officer) == ["registrations.submitted"]
    assert told(scene, scene.secretary) == []
    assert scene.accept(row, by=officer).status is S.ACTIVE


def test_or_to_a_deputy(scene: Scene) -> None:
    deputy = scene.make.community_secretary(scene.community)
    row = scene.submit(actor=scene.secretary)

    assert told(scene, deputy) == ["registrations.submitted"]
    assert scene.accept(row, by=deputy).status is S.ACTIVE


def test_the_street_decides_about_nobody_else(scene: Scene) -> None:
    officer = street_officer(scene)
    elsewhere = scene.make.community()
    others = [scene.submit(), scene.submit(elsewhere, actor=scene.secretary)]

    for row in others:
        with pytest.raises(Forbidden, match="not_your_decision"):
            scene.accept(row, by=officer)
    assert told(scene, officer) == []


def test_what_waits_for_ones_decision_is_what_one_may_decide(scene: Scene) -> None:
    officer, make = street_officer(scene), scene.make
    rows = [
        scene.submit(),
        scene.submit(actor=scene.secretary),
        scene.submit(make.community(), actor=make.actor(make.member())),
        scene.submit(actor=officer),
    ]
    city = make.officer(Role.CITY_OFFICER, make.city())
    scene.session.expire_all()

    for actor in (scene.actor, scene.secretary, officer, city):
        seen = [read(scene, actor, row.id) for row in rows]
        decidable = [row.id for row in seen if row is not None and DECIDER.stands(row)]
        assert ids(scene, actor, lists.listed(actor, decidable=True)) == decidable
    assert not EITHER.stands(read(scene, officer, rows[0].id))


def test_accepting_twice_is_the_same_as_once(scene: Scene) -> None:
    scene.make.consent(scene.actor)
    row = scene.submit()
    first = scene.accept(row).receipt_no

    assert scene.accept(row).receipt_no == first
    told = scene.session.scalars(
        sa.select(Notification).where(Notification.kind == "registrations.accepted")
    ).all()
    assert len(told) == 1
    assert len(scene.session.scalars(sa.select(SubscriptionMessage)).all()) == 1


def test_the_same_words_twice_are_one_return_and_others_are_a_conflict(scene: Scene) -> None:
    row = scene.submit()
    given = {"actor": scene.secretary, "registration_id": row.id}
    for _ in range(2):
        service.send_back(scene.session, scene.rules, **given, reason="请补充时间")
    with pytest.raises(Conflict, match="registration_done_otherwise"):
        service.send_back(scene.session, scene.rules, **given, reason="请补充地点")

    assert row.return_reason == "请补充时间"


def test_a_second_registration_is_refused_while_one_waits(scene: Scene) -> None:
    scene.submit()

    with pytest.raises(Conflict, match="already_registered"):
        scene.submit(scene.make.community())


def test_a_second_registration_with_the_same_community_is_refused(scene: Scene) -> None:
    scene.accept(scene.submit())

    with pytest.raises(Conflict, match="already_registered"):
        scene.submit()


def test_a_registration_elsewhere_is_a_transfer_and_the_old_one_stands_until_accepted(
    scene: Scene,
) -> None:
    old, elsewhere = scene.accept(scene.submit()), scene.make.community()
    new = scene.submit(elsewhere)

    assert (old.status, new.status) == (S.TRANSFER_PENDING, S.SUBMITTED)
    assert scene.member.community_id == scene.community.id

    scene.accept(new, scene.make.community_secretary(elsewhere))

    assert (old.status, old.end_reason, new.status) == (S.ENDED, EndReason.MOVED, S.ACTIVE)
    assert scene.member.community_id == elsewhere.id


@pytest.mark.parametrize("how", ["withdraw", "reject"])
def test_a_transfer_that_comes_to_nothing_leaves_the_old_registration_standing(
    scene: Scene, how: str
) -> None:
    old, elsewhere = scene.accept(scene.submit()), scene.make.community()
    new = scene.submit(elsewhere)

    if how == "withdraw":
        service.withdraw(scene.session, scene.rules, actor=scene.actor, registration_id=new.id)
    else:
        service.reject(
            scene.session,
            scene.rules,
            actor=scene.make.community_secretary(elsewhere),
            registration_id=new.id,
            reason_code=RejectionCode.WRONG_COMMUNITY,
            reason="不住在本社区",
        )

    assert old.status is S.ACTIVE


def test_a_returned_registration_is_corrected_and_sent_again(scene: Scene) -> None:
    row = scene.submit()
    service.send_back(
        scene.session,
        scene.rules,
        actor=scene.secretary,
        registration_id=row.id,
        reason="请补充时间",
    )
    assert (row.status, row.return_reason) == (S.RETURNED, "请补充时间")

    service.resubmit(
        scene.session,
        scene.rules,
        actor=scene.actor,
        registration_id=row.id,
        skills=["维修"],
        interests=[],
        availability="周末",
    )

    assert (row.status, row.skills) == (S.SUBMITTED, ["维修"])
    assert scene.accept(row).status is S.ACTIVE


def test_an_unanswered_registration_counts_for_the_member_from_the_sixth_working_day(
    scene: Scene, rules: RulePack
) -> None:
    row = scene.submit()
    fact = scene.session.scalars(sa.select(StandingFact)).one()

    due = clock.add_working_days(clock.today(), rules.counting.registration_answer_working_days)
    assert row.answer_due_on == due
    assert fact.starts_on == due + timedelta(days=1)


def test_nobody_decides_about_the_own_registration(scene: Scene) -> None:
    member = scene.session.get_one(Member, scene.secretary.member_id)
    own = scene.submit(actor=scene.secretary)

    assert own.member_id == member.id
    with pytest.raises(Forbidden, match="not_your_decision"):
        scene.accept(own)


def test_for_the_secretary_of_another_community_it_does_not_exist(scene: Scene) -> None:
    stranger = scene.make.community_secretary(scene.make.community())

    with pytest.raises(NotFound):
        scene.accept(scene.submit(), stranger)


def test_a_member_cannot_accept(scene: Scene) -> None:
    row = scene.submit()

    with pytest.raises(Forbidden):
        scene.accept(row, scene.actor)


def test_virtual_divisions_cannot_be_chosen(scene: Scene) -> None:
    with pytest.raises(Invalid, match="没有找到"):
        scene.submit(scene.make.community(hidden=True))


def test_an_additional_registration_leaves_the_primary_one_alone(scene: Scene) -> None:
    primary, second = scene.accept(scene.submit()), scene.make.community()
    extra = scene.submit(second, kind=RegistrationKind.ADDITIONAL)
    scene.accept(extra, scene.make.community_secretary(second))

    assert (primary.status, extra.status) == (S.ACTIVE, S.ACTIVE)
    assert scene.member.community_id == scene.community.id


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("event", sorted(FLOW.machine.events))
def test_what_is_not_in_the_table_is_refused(state: S, event: str) -> None:
    allowed = {(t.source, t.event): t.target for t in FLOW.machine.transitions}
    if (state, event) in allowed:
        assert FLOW.machine.after(state, event) is allowed[state, event]
    else:
        with pytest.raises(Conflict, match="registration_state_forbids"):
            FLOW.machine.after(state, event)
