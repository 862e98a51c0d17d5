"""Single things around which rights are tried."""

from sqlalchemy.orm import Session

from backend.community.certificates.models import CertificateStatus, ServiceCertificate
from backend.community.demands import service as demands
from backend.community.demands.service import Wanted
from backend.community.unit_registrations import service as units
from backend.core import clock
from backend.core.actor import Actor, Role
from backend.people.areas.models import Area
from backend.support.text_checks.models import TextCheck, TextCheckStatus


def unit_demand(session: Session, contact: Actor, community: Area) -> int:
    (unit_id,) = contact.units(Role.UNIT_CONTACT)
    return demands.bring(
        session,
        actor=contact,
        community_code=community.code,
        wanted=Wanted("三号楼照明需要维修"),
        unit_id=unit_id,
    ).id


def unit_registration(session: Session, contact: Actor, community: Area) -> int:
    (unit_id,) = contact.units(Role.UNIT_CONTACT)
    return units.submit(
        session,
        actor=contact,
        unit_id=unit_id,
        receiver_code=community.code,
        plan="每季度开展一次义诊",
        resources=[],
    ).id


def issued_certificate(session: Session, member: Actor, community: Area) -> int:
    row = ServiceCertificate(
        member_id=member.member_id,
        community_id=community.id,
        period_from=clock.today(),
        period_to=clock.today(),
        status=CertificateStatus.ISSUED,
        services=1,
        minutes=60,
        number="ZM2026TEST",
        issuer="居民委员会",
        issued_on=clock.today(),
    )
    session.add(row)
    session.flush()
    return row.id


def held_text(session: Session, author: Actor, community: Area) -> int:
    row = TextCheck(
        account_id=author.account_id,
        subject="thing_of_the_tests:1",
        part="content",
        area_id=community.id,
        content="待审的文字",
        status=TextCheckStatus.HELD,
    )
    session.add(row)
    session.flush()
    return row.id
