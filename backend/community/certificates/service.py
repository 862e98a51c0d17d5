"""志愿服务记录证明: issue. What else may happen stands in `flow`. Callers own the transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from backend.community.certificates import queries
from backend.community.certificates.flow import FLOW
from backend.community.certificates.models import (
    CertificateStatus,
    CertifiedRecord,
    ServiceCertificate,
)
from backend.community.volunteering import occasions
from backend.community.volunteering.models import ServiceRecord
from backend.core import clock
from backend.core.actor import Actor
from backend.core.errors import Conflict, Invalid
from backend.people.members.models import Member
from backend.support.documents import numbers

revoke = FLOW.step("revoke", "certificate_id")


@dataclass(frozen=True)
class Period:
    """Both days included."""

    since: date
    until: date


def issue(session: Session, *, actor: Actor, said: Period) -> ServiceCertificate:
    """Issue what the committee of the own community has to certify for a period.

    Every record it counts has been confirmed by a community, never by the member, so that nobody
    need confirm it again. Raises Invalid, and Conflict without a community or without records.
    """
    found = sa.select(Member).options(joinedload(Member.community))
    member = session.scalars(found.where(Member.id == actor.as_member())).one()
    _check_period(said)
    if member.community is None:
        raise Conflict("not_registered", "证明由报到社区的居民委员会出具，请先向社区报到。")
    records = session.scalars(queries.certifiable(member.id, said.since, said.until)).all()
    if not records:
        raise Conflict("nothing_to_certify", "这段时间没有经社区确认的志愿服务记录，无法出具证明。")
    certificate = ServiceCertificate(
        member=member,
        member_id=member.id,
        community=member.community,
        community_id=member.community.id,
        period_from=said.since,
        period_to=said.until,
        status=CertificateStatus.ISSUED,
        number=numbers.new("ZM"),
        issuer=member.community.name,
        issued_on=clock.today(),
    )
    count(certificate, records)
    _read(session, certificate)
    FLOW.begin(session, actor, certificate, "issued")
    return certificate


def _read(session: Session, certificate: ServiceCertificate) -> None:
    """Write it and read it: whether it is outdated is the database's to say."""
    session.add(certificate)
    session.flush()
    found = queries.shown().where(ServiceCertificate.id == certificate.id)
    session.scalars(found.execution_options(populate_existing=True)).one()


def count(certificate: ServiceCertificate, records: Iterable[ServiceRecord]) -> None:
    """Write what the records say together: time that several of them claim is counted once."""
    shares = occasions.share(records)
    certificate.services = sum(share.is_first for share in shares)
    certificate.minutes = sum(share.minutes for share in shares)
    certificate.records = [
        CertifiedRecord(
            record_id=share.record.id,
            category=share.record.category,
            duration_min=share.record.duration_min,
            minutes=share.minutes,
            is_occasion=share.is_first,
        )
        for share in shares
    ]


def _check_period(period: Period) -> None:
    if period.until < period.since:
        raise Invalid("to", "结束日期不能早于开始日期。")
    if period.until > clock.today():
        raise Invalid("to", "结束日期不能晚于今天。")
