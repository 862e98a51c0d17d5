"""Questions about certificates, and about the records one would count."""

from datetime import date, datetime, time, timedelta
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, with_expression

from backend.community.certificates.models import (
    CertifiedRecord,
    ServiceCertificate,
)
from backend.community.volunteering.models import ServiceRecord, ServiceRecordStatus
from backend.community.volunteering.queries import STANDS
from backend.core import clock
from backend.support.text_checks import withheld


@cache
def shown() -> sa.Select[ServiceCertificate]:
    """Select certificates with what every answer shows of them."""
    return sa.select(ServiceCertificate).options(
        joinedload(ServiceCertificate.member),
        joinedload(ServiceCertificate.community),
        with_expression(ServiceCertificate.outdated, outdated()),
        with_expression(
            ServiceCertificate.withheld,
            withheld.of(ServiceCertificate.__tablename__, ServiceCertificate.id),
        ),
    )


@cache
def outdated() -> sa.ColumnElement[bool]:
    """Return whether a record it counts no longer stands, or not with the same minutes."""
    changed = sa.or_(
        ~STANDS,
        ~ServiceRecord.is_volunteer_service,
        ServiceRecord.duration_min != CertifiedRecord.duration_min,
    )
    return sa.exists().where(
        CertifiedRecord.certificate_id == ServiceCertificate.id,
        ServiceRecord.id == CertifiedRecord.record_id,
        changed,
    )


def certifiable(member_id: int, first: date, last: date) -> sa.Select[ServiceRecord]:
    """Select the confirmed volunteer services that began within a period (Shanghai's days)."""
    begin = datetime.combine(first, time(0), clock.SHANGHAI)
    end = datetime.combine(last + timedelta(days=1), time(0), clock.SHANGHAI)
    return (
        sa.select(ServiceRecord)
        .where(
            ServiceRecord.member_id == member_id,
            ServiceRecord.status == ServiceRecordStatus.CONFIRMED,
            ServiceRecord.is_volunteer_service,
            ServiceRecord.started_at >= begin,
            ServiceRecord.started_at < end,
        )
        .order_by(ServiceRecord.id)
    )
