"""Questions about service records."""

from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload, with_expression

from backend.community.volunteering import policy
from backend.community.volunteering.models import ServiceRecord, ServiceRecordStatus
from backend.core.actor import Actor
from backend.core.own import is_anothers
from backend.people.areas import service as areas
from backend.people.members import queries as members
from backend.support.text_checks import withheld

# What waits for the community.
WAITING = (ServiceRecordStatus.SUBMITTED, ServiceRecordStatus.DISPUTED)


def stands(record: type[ServiceRecord]) -> sa.ColumnElement[bool]:
    """`ServiceRecord.stands` for rows, or for an alias of them."""
    contested = sa.and_(record.status == ServiceRecordStatus.DISPUTED, record.void_reason.is_(None))
    return sa.or_(record.status == ServiceRecordStatus.CONFIRMED, contested)


STANDS = stands(ServiceRecord)


@cache
def shown() -> sa.Select[ServiceRecord]:
    """Select records with what every answer shows of them."""
    return sa.select(ServiceRecord).options(
        joinedload(ServiceRecord.member),
        joinedload(ServiceRecord.community),
        with_expression(ServiceRecord.of_secretary, policy.of_secretary()),
        with_expression(ServiceRecord.withheld, _withheld()),
    )


def _withheld() -> sa.ColumnElement[object]:
    """A record of an activity is called by its title, and withheld with it."""
    own = withheld.of(ServiceRecord.__tablename__, ServiceRecord.id)
    title = withheld.repeated("activity", ServiceRecord.activity_id, "plan", shown_as="content")
    return withheld.together(own, title)


@cache
def detailed() -> sa.Select[ServiceRecord]:
    """Select records with all they ever said."""
    return shown().options(selectinload(ServiceRecord.corrections))


def listed(
    actor: Actor,
    *,
    community_code: str | None = None,
    status: ServiceRecordStatus | None = None,
    decidable: bool = False,
    q: str | None = None,
) -> sa.Select[ServiceRecord]:
    """Select what a secretary or officer answers for, leaving out the own records; `q`: by the
    member's name, among those whose name the actor may read."""
    statement = shown().where(
        policy.visible(actor), is_anothers(ServiceRecord.member_id, actor.member_id)
    )
    if decidable:
        statement = statement.where(policy.decidable(actor))
        if status is None:
            statement = statement.where(ServiceRecord.status.in_(WAITING))
    if community_code is not None:
        statement = statement.where(ServiceRecord.community_id == areas.id_of(community_code))
    if status is not None:
        statement = statement.where(ServiceRecord.status == status)
    if q is not None:
        meant = ServiceRecord.member_id.in_(members.meant_by(q))
        statement = statement.where(policy.shows_person(actor), meant)
    return statement


def of_member(member_id: int) -> sa.Select[ServiceRecord]:
    return shown().where(ServiceRecord.member_id == member_id)
