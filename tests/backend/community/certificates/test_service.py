"""Rules of certificates, tested without HTTP."""

from collections.abc import Iterator
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.certificates import papers
from backend.community.certificates.models import CertificateStanding, CertificateStatus
from backend.community.volunteering import service as volunteering
from backend.community.volunteering.hours import hours
from backend.core import clock
from backend.core.actor import Actor, Role
from backend.core.errors import Conflict, Forbidden, Invalid, NotFound
from backend.ledger.rulepack import RulePack
from backend.people.areas.models import Area
from backend.people.members.models import Member
from backend.support.notifications.models import Notification
from tests.backend.community.certificates.scene import NOW, Scene
from tests.factories import Make, service_facts

S = CertificateStatus


@pytest.fixture
def scene(session: Session, rules: RulePack, make: Make) -> Iterator[Scene]:
    with clock.at(NOW):
        yield Scene(session, rules, make)


def told(scene: Scene, actor: Actor) -> list[str]:
    mine = sa.select(Notification.kind).where(Notification.account_id == actor.account_id)
    return list(scene.session.scalars(mine.order_by(Notification.id)))


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [(0, "0.0"), (5, "0.0"), (6, "0.1"), (59, "0.9"), (60, "1.0"), (119, "1.9"), (210, "3.5")],
)
def test_hours_are_shown_to_a_tenth_and_never_rounded_up(minutes: int, shown: str) -> None:
    assert str(hours(minutes)) == shown


def test_only_confirmed_volunteer_services_of_the_period_are_counted(scene: Scene) -> None:
    counted = [scene.serve(date(2026, 2, 1), 90), scene.serve(date(2026, 5, 31), 35)]
    scene.serve(date(2026, 1, 31))
    scene.serve(date(2026, 3, 1), volunteer=False)
    scene.serve(date(2026, 3, 2), confirmed=False)
    scene.void(scene.serve(date(2026, 3, 3)))
    scene.serve(actor=scene.make.actor(scene.make.member(community_id=scene.community.id)))

    row = scene.issue(date(2026, 2, 1))

    assert [one.record_id for one in row.records] == [one.id for one in counted]
    assert (row.services, row.minutes) == (2, 125)


def test_the_day_of_a_service_is_shanghais(scene: Scene) -> None:
    scene.serve(date(2026, 5, 1))

    assert scene.issue(date(2026, 5, 1), date(2026, 5, 1)).services == 1


def test_the_committee_issues_not_a_party_organisation(scene: Scene) -> None:
    scene.serve()
    row = scene.issue()

    assert row.issuer == "国贸社区居民委员会"
    assert "党" not in papers.document(row, verify_at="").issuer
    assert row.number.startswith("ZM2026")


def test_without_records_or_community_there_is_nothing_to_ask_for(scene: Scene) -> None:
    with pytest.raises(Conflict, match="nothing_to_certify"):
        scene.issue()
    with pytest.raises(Conflict, match="not_registered"):
        scene.issue(actor=scene.make.actor(scene.make.member()))


def test_a_period_lies_in_order_and_in_the_past(scene: Scene) -> None:
    with pytest.raises(Invalid, match="不能早于"):
        scene.issue(date(2026, 5, 2), date(2026, 5, 1))
    with pytest.raises(Invalid, match="不能晚于今天"):
        scene.issue(until=date(2026, 6, 2))


def test_nobody_revokes_the_own_certificate(scene: Scene) -> None:
    secretary = scene.session.get_one(Member, scene.secretary.member_id)
    secretary.community_id = scene.community.id
    deputy = scene.make.community_secretary(scene.community)
    street = scene.session.get_one(Area, scene.community.township_id)
    officer = scene.make.officer(Role.STREET_OFFICER, street)
    record = scene.serve(actor=scene.secretary, confirmed=False)
    volunteering.confirm(scene.session, scene.rules, actor=deputy, record_id=record.id)
    row = scene.issue(actor=scene.secretary)

    with pytest.raises(Forbidden, match="not_your_decision"):
        scene.revoke(row)
    assert scene.revoke(row, by=officer).status is S.REVOKED


def test_officers_see_no_certificate(scene: Scene) -> None:
    scene.serve()
    row = scene.issue()
    street = scene.session.get_one(Area, scene.community.township_id)

    with pytest.raises(NotFound):
        scene.revoke(row, by=scene.make.officer(Role.STREET_OFFICER, street))


def test_what_was_revoked_says_so_whatever_else_happened_and_the_member_is_told(
    scene: Scene,
) -> None:
    record = scene.serve()
    row = scene.issue()
    for _ in range(2):
        scene.revoke(row)
    scene.void(record)
    found = papers.verify(scene.session, row.number)

    assert found is not None
    assert found.standing is CertificateStanding.REVOKED
    assert papers.by_id(scene.session, row.id) is None
    assert told(scene, scene.member).count("certificates.revoked") == 1


def test_a_record_voided_after_issuing_makes_the_number_say_so(scene: Scene) -> None:
    records = [scene.serve(date(2026, 5, 1)), scene.serve(date(2026, 5, 2))]
    row = scene.issue()
    scene.void(records[0])
    scene.session.expire_all()

    found = papers.verify(scene.session, row.number)

    assert found is not None
    assert found.standing is CertificateStanding.OUTDATED
    assert (found.services, found.minutes) == (2, 120)  # frozen as they were certified


def test_a_corrected_duration_makes_it_outdated_and_a_restored_one_valid(scene: Scene) -> None:
    record = scene.serve()
    row = scene.issue()
    standings = []
    for minutes in (50, 60):
        record.duration_min = minutes
        scene.session.flush()
        scene.session.expire(row)
        found = papers.verify(scene.session, row.number)
        standings.append(found.standing if found else None)

    assert standings == [CertificateStanding.OUTDATED, CertificateStanding.VALID]


def test_a_contested_record_counts_on_until_the_community_has_answered(scene: Scene) -> None:
    record = scene.serve()
    row = scene.issue()
    volunteering.dispute(scene.session, actor=scene.member, record_id=record.id, reason="时长有误")
    meanwhile = papers.verify(scene.session, row.number)
    assert meanwhile is not None
    assert meanwhile.standing is CertificateStanding.VALID

    volunteering.correct(
        scene.session,
        scene.rules,
        actor=scene.secretary,
        record_id=record.id,
        facts=service_facts(record.started_at, minutes=90),
        reason="按签到时间更正",
    )
    scene.session.expire_all()
    answered = papers.verify(scene.session, row.number)

    assert answered is not None
    assert answered.standing is CertificateStanding.OUTDATED


def test_the_paper_says_what_was_certified(scene: Scene) -> None:
    scene.serve(date(2026, 5, 1), 90)
    scene.serve(date(2026, 5, 2), 125)
    paper = papers.document(scene.issue(), verify_at="")

    assert "王䶮同志于2026年1月1日至2026年5月31日期间" in paper.paragraphs[0]
    assert "2次，累计服务时长3.5小时（3小时35分钟）" in paper.paragraphs[0]
    assert ("服务内容", "关爱帮扶2次") in paper.facts
    assert ("身份证件类型和号码（本人自愿填写）", "") in paper.facts
