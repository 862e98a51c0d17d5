"""Questions about service records."""

from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload, with_expression

from backend.community.volunteering.models import ServiceRecord, ServiceRecordStatus
from backend.support.text_checks import withheld


def stands(record: type[ServiceRecord]) -> sa.ColumnElement[bool]:
    """Return whether rows stand, or those of an alias, as `ServiceRecord.stands` says."""
    contested = sa.and_(record.status == ServiceRecordStatus.DISPUTED, record.void_reason.is_(None))
    return sa.or_(record.status == ServiceRecordStatus.CONFIRMED, contested)


STANDS = stands(ServiceRecord)


@cache
def shown() -> sa.Select[ServiceRecord]:
    """Select records with what every answer shows of them."""
    return sa.select(ServiceRecord).options(
        joinedload(ServiceRecord.member),
        joinedload(ServiceRecord.community),
        with_expression(ServiceRecord.recorded_anew, _recorded_anew()),
        with_expression(ServiceRecord.withheld, _withheld()),
    )


def _recorded_anew() -> sa.ColumnElement[bool]:
    """Return whether an organiser took a record off the list and wrote it anew."""
    anew = aliased(ServiceRecord)
    return sa.exists().where(
        anew.shift_id == ServiceRecord.shift_id,
        anew.member_id == ServiceRecord.member_id,
        anew.id != ServiceRecord.id,
        anew.status.not_in([ServiceRecordStatus.WITHDRAWN, ServiceRecordStatus.VOIDED]),
    )


def _withheld() -> sa.ColumnElement[object]:
    """Select what is withheld of a record.

    One of an activity is called by its title, and withheld with it.
    """
    own = withheld.of(ServiceRecord.__tablename__, ServiceRecord.id)
    title = withheld.repeated("activity", ServiceRecord.activity_id, "plan", shown_as="content")
    return withheld.together(own, title)


def of_member(member_id: int) -> sa.Select[ServiceRecord]:
    return shown().where(ServiceRecord.member_id == member_id)
