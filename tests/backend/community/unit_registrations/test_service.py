"""Rules of units' registrations, tested without HTTP."""

from dataclasses import replace
from datetime import datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.unit_registrations import lists, service
from backend.community.unit_registrations.models import (
    ResourceKind,
    ResourceOffer,
    UnitRegistration,
    UnitRegistrationStatus,
)
from backend.community.unit_registrations.resources import Resource
from backend.core import clock
from backend.core.actor import Actor, Grant, Role
from backend.core.asker import asked_by
from backend.core.errors import Conflict, Forbidden, Invalid, NotFound
from backend.figures import my_duties
from backend.ledger.models import StandingFact
from backend.ledger.rulepack import RulePack
from backend.ledger.verdicts import Verdict
from backend.support.notifications.models import Notification
from tests.backend.community.unit_registrations.scene import Scene
from tests.factories import Make

S = UnitRegistrationStatus


@pytest.fixture
def scene(session: Session, rules: RulePack, make: Make) -> Scene:
    return Scene(session, rules, make)


def told(scene: Scene, actor: Actor) -> list[str]:
    mine = sa.select(Notification.kind).where(Notification.account_id == actor.account_id)
    return list(scene.session.scalars(mine.order_by(Notification.id)))


def duty(scene: Scene) -> Verdict:
    found = my_duties.duties(
        scene.session, scene.rules, actor=scene.contact, year=clock.today().year
    )
    return next(one.judgement.verdict for one in found if one.rule.id == "2h")


def test_acceptance_issues_a_receipt_and_meets_the_duty_of_the_unit(scene: Scene) -> None:
    before = duty(scene)
    row = scene.accept(scene.submit())

    assert before is not Verdict.MET
    assert duty(scene) is Verdict.MET
    assert row.status is S.ACTIVE
    assert row.receipt_no is not None
    assert row.receipt_no.startswith("DW")
    assert scene.differences() == []


def test_the_receiver_hears_of_it_and_the_contact_of_the_answer(scene: Scene) -> None:
    row = scene.submit()
    assert told(scene, scene.secretary) == ["unit_registrations.submitted"]

    scene.accept(row)
    assert told(scene, scene.contact) == ["unit_registrations.accepted"]


def test_a_unit_may_have_several_receivers_but_one_registration_at_each(scene: Scene) -> None:
    scene.accept(scene.submit())
    street = scene.accept(scene.submit(scene.street), by=scene.officer)

    assert street.status is S.ACTIVE
    with pytest.raises(Conflict, match="unit_already_registered"):
        scene.submit()
    with pytest.raises(Conflict, match="unit_already_registered"):
        scene.submit(scene.street)


def test_a_street_receives_through_its_own_officer(scene: Scene) -> None:
    row = scene.submit(scene.street)

    assert told(scene, scene.officer) == ["unit_registrations.submitted"]
    with pytest.raises(NotFound):
        scene.accept(row)  # a community's secretary knows nothing of it
    assert scene.accept(row, by=scene.officer).status is S.ACTIVE


def test_the_street_does_not_decide_for_its_communities(scene: Scene) -> None:
    with pytest.raises(Forbidden, match="not_your_decision"):
        scene.accept(scene.submit(), by=scene.officer)


def test_only_the_units_contact_registers_it(scene: Scene) -> None:
    colleague = scene.make.actor(scene.make.member(scene.branch))

    with pytest.raises(Forbidden, match="not_your_unit"):
        scene.submit(actor=colleague)


def test_nobody_receives_the_unit_whose_contact_they_are(scene: Scene) -> None:
    member = scene.make.member(scene.branch)
    both = scene.make.actor(
        member,
        Grant(Role.UNIT_CONTACT, unit_id=scene.unit.id),
        Grant(Role.COMMUNITY_SECRETARY, area_id=scene.community.id),
    )
    row = scene.submit(actor=both)

    with pytest.raises(Forbidden, match="not_your_decision"):
        scene.accept(row, by=both)


def test_the_same_words_twice_are_one_return_and_others_are_a_conflict(scene: Scene) -> None:
    row = scene.submit()
    for _ in range(2):
        service.send_back(
            scene.session,
            scene.rules,
            actor=scene.secretary,
            registration_id=row.id,
            reason="请写明时间",
        )
    with pytest.raises(Conflict, match="unit_registration_done_otherwise"):
        service.send_back(
            scene.session,
            scene.rules,
            actor=scene.secretary,
            registration_id=row.id,
            reason="请写明地点",
        )

    assert row.return_reason == "请写明时间"
    assert len(told(scene, scene.contact)) == 1


def test_what_the_only_secretary_sent_as_contact_waits_for_the_street(scene: Scene) -> None:
    contact = Grant(Role.UNIT_CONTACT, unit_id=scene.unit.id)
    both = replace(scene.secretary, grants=(*scene.secretary.grants, contact))
    others = scene.submit(actor=scene.contact, receiver=scene.make.community())
    row = scene.submit(actor=both)

    waiting = lists.listed(scene.officer, decidable=True)
    assert scene.session.scalars(waiting, asked_by(scene.officer)).all() == [row]
    assert told(scene, scene.officer) == ["unit_registrations.submitted"]
    with pytest.raises((Forbidden, NotFound)):
        scene.accept(others, by=scene.officer)
    assert scene.accept(row, by=scene.officer).status is S.ACTIVE


def test_nobody_receives_what_they_sent_when_they_were_the_contact(scene: Scene) -> None:
    member = scene.make.member(scene.branch)
    contact = scene.make.actor(member, Grant(Role.UNIT_CONTACT, unit_id=scene.unit.id))
    row = scene.submit(actor=contact)
    secretary = Grant(Role.COMMUNITY_SECRETARY, area_id=scene.community.id)
    since_then = replace(contact, grants=(secretary,))

    waiting = lists.listed(since_then, decidable=True)
    assert scene.session.scalars(waiting, asked_by(since_then)).all() == []
    with pytest.raises(Forbidden, match="not_your_decision"):
        scene.accept(row, by=since_then)
    assert scene.accept(row).status is S.ACTIVE


def test_a_unit_or_place_that_is_not_there_is_named(scene: Scene) -> None:
    def submit(unit_id: int, receiver_code: str) -> None:
        service.submit(
            scene.session,
            actor=scene.contact,
            said=service.Submission(
                unit_id=unit_id, receiver_code=receiver_code, plan="计划", resources=[]
            ),
        )

    with pytest.raises(Invalid, match="没有找到该单位"):
        submit(10**9, scene.community.code)
    with pytest.raises(Invalid, match="没有找到该社区或街道"):
        submit(scene.unit.id, scene.make.district().code)


def test_a_returned_one_is_corrected_with_its_resource_list(scene: Scene) -> None:
    row = scene.submit()
    service.send_back(
        scene.session,
        scene.rules,
        actor=scene.secretary,
        registration_id=row.id,
        reason="请写明时间",
    )
    service.resubmit(
        scene.session,
        scene.rules,
        actor=scene.contact,
        registration_id=row.id,
        plan="每月一次义诊",
        resources=[Resource(ResourceKind.EXPERTISE, "医护人员3名")],
    )

    assert row.status is S.SUBMITTED
    assert [one.description for one in row.resources] == ["医护人员3名"]
    assert scene.session.scalar(sa.select(sa.func.count()).select_from(ResourceOffer)) == 1


def test_either_side_ends_it_and_the_other_hears_why(scene: Scene) -> None:
    row = scene.accept(scene.submit())
    service.end(
        scene.session,
        scene.rules,
        actor=scene.contact,
        registration_id=row.id,
        reason="单位迁往外区",
    )

    assert row.ended_on == clock.today()
    assert told(scene, scene.secretary)[-1] == "unit_registrations.ended"
    assert "unit_registrations.ended" not in told(scene, scene.contact)
    assert scene.differences() == []

    again = scene.accept(scene.submit())
    service.end(
        scene.session,
        scene.rules,
        actor=scene.secretary,
        registration_id=again.id,
        reason="计划已完成",
    )
    assert told(scene, scene.contact)[-1] == "unit_registrations.ended"


def test_with_one_of_two_receivers_left_the_duty_is_still_met(scene: Scene) -> None:
    row = scene.accept(scene.submit())
    scene.accept(scene.submit(scene.street), by=scene.officer)
    service.end(
        scene.session, scene.rules, actor=scene.contact, registration_id=row.id, reason="计划已完成"
    )

    assert duty(scene) is Verdict.MET


def test_what_was_withdrawn_never_stood(scene: Scene) -> None:
    row = scene.submit()
    for _ in range(2):
        service.withdraw(scene.session, scene.rules, actor=scene.contact, registration_id=row.id)

    assert row.status is S.WITHDRAWN
    assert scene.session.scalars(sa.select(StandingFact)).all() == []


# ---- renewal ----


def on(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 9, tzinfo=clock.SHANGHAI)


@pytest.fixture
def accepted_in_june(scene: Scene) -> UnitRegistration:
    with clock.at(on(2025, 6, 1)):
        return scene.accept(scene.submit())


def test_each_january_the_contact_is_asked_once(
    scene: Scene, accepted_in_june: UnitRegistration
) -> None:
    with clock.at(on(2025, 12, 31)):
        assert service.let_fall_due(scene.session) == 0
    with clock.at(on(2026, 1, 1)):
        assert service.let_fall_due(scene.session) == 1
        assert service.let_fall_due(scene.session) == 0

    assert accepted_in_june.status is S.RENEWAL_DUE
    kinds = told(scene, scene.contact)
    assert kinds.count("unit_registrations.renewal_due") == 1


def test_what_waits_for_renewal_still_stands_and_a_renewed_one_rests_for_the_year(
    scene: Scene, accepted_in_june: UnitRegistration
) -> None:
    with clock.at(on(2026, 1, 5)):
        service.let_fall_due(scene.session)
        assert duty(scene) is Verdict.MET
        for _ in range(2):
            service.renew(
                scene.session, scene.rules, actor=scene.contact, registration_id=accepted_in_june.id
            )
        assert service.let_fall_due(scene.session) == 0
        assert accepted_in_june.renewed_on == clock.today()
    with clock.at(on(2027, 1, 1)):
        assert service.let_fall_due(scene.session) == 1
    assert scene.differences() == []


def test_what_waits_for_renewal_may_be_ended(
    scene: Scene, accepted_in_june: UnitRegistration
) -> None:
    with clock.at(on(2026, 1, 5)):
        service.let_fall_due(scene.session)
        service.end(
            scene.session,
            scene.rules,
            actor=scene.secretary,
            registration_id=accepted_in_june.id,
            reason="单位不再续签",
        )
        assert duty(scene) is not Verdict.MET
    assert scene.differences() == []
