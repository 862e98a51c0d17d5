"""Who may do what with service records. Everything not named here is refused."""

import sqlalchemy as sa

from backend.areas import service as areas
from backend.areas.models import Area
from backend.core.actor import OFFICERS, Actor, Role
from backend.volunteering.models import ServiceRecord


def visible(actor: Actor) -> sa.ColumnElement[bool]:
    """Whether a record exists for the actor: own, of the own community, or of the territory."""
    within = sa.select(Area.id).where(areas.below(actor.areas(*OFFICERS)))
    return sa.or_(
        ServiceRecord.member_id == actor.member_id,
        ServiceRecord.community_id.in_(actor.areas(Role.COMMUNITY_SECRETARY)),
        ServiceRecord.community_id.in_(within),
    )


def may_decide(actor: Actor, record: ServiceRecord) -> bool:
    """The secretary of the community where it was given confirms, never the own service."""
    return (
        record.community_id in actor.areas(Role.COMMUNITY_SECRETARY)
        and record.member_id != actor.member_id
    )


def decidable(actor: Actor) -> sa.ColumnElement[bool]:
    """The same question for rows: whether the actor may decide about a record."""
    return sa.and_(
        ServiceRecord.community_id.in_(actor.areas(Role.COMMUNITY_SECRETARY)),
        ServiceRecord.member_id.is_distinct_from(actor.member_id),
    )


def shows_person(actor: Actor) -> sa.ColumnElement[bool]:
    """`may_see_person` for rows: who may read what a record says about somebody."""
    return sa.or_(
        ServiceRecord.member_id == actor.member_id,
        ServiceRecord.community_id.in_(actor.areas(Role.COMMUNITY_SECRETARY)),
    )


def may_see_person(actor: Actor, record: ServiceRecord) -> bool:
    """Street, district and city see that something waits, not who (spec 8.4)."""
    return record.member_id == actor.member_id or record.community_id in actor.areas(
        Role.COMMUNITY_SECRETARY
    )
