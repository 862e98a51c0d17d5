"""Who may do what with service records. Everything not named here is refused."""

from functools import cache

import sqlalchemy as sa

from backend.community.volunteering import kinds
from backend.community.volunteering.models import ServiceRecord
from backend.core.actor import OFFICERS, Actor, Role
from backend.core.own import is_anothers, is_own
from backend.people.areas import service as areas
from backend.people.areas.models import Area
from backend.people.members import policy as members_policy
from backend.people.members import queries as members
from backend.support.attachments.declared import Opening


def visible(actor: Actor) -> sa.ColumnElement[bool]:
    """Whether a record exists for the actor: own, of the own community, or of the territory."""
    within = sa.select(Area.id).where(areas.below(actor.areas(*OFFICERS)))
    return sa.or_(
        is_own(ServiceRecord.member_id, actor.member_id),
        ServiceRecord.community_id.in_(actor.areas(Role.COMMUNITY_SECRETARY)),
        ServiceRecord.community_id.in_(within),
    )


@cache
def of_secretary() -> sa.ColumnElement[bool]:
    """Whether a record is that of the community's own secretary."""
    return members.holds(
        Role.COMMUNITY_SECRETARY,
        member_id=ServiceRecord.member_id,
        area_id=ServiceRecord.community_id,
    )


def may_decide(actor: Actor, record: ServiceRecord) -> bool:
    """The secretary of the community where it was given decides; of the secretary's own record a
    deputy or the street does, of a late one the street (spec 1.3). Nobody about the own one."""
    return not is_own(record.member_id, actor.member_id) and _answers_for(actor, record)


def _answers_for(actor: Actor, record: ServiceRecord) -> bool:
    street = record.community.township_id in actor.areas(Role.STREET_OFFICER)
    if record.late:
        return street
    return is_secretary(actor, record) or (bool(record.of_secretary) and street)


def is_secretary(actor: Actor, record: ServiceRecord) -> bool:
    return record.community_id in actor.areas(Role.COMMUNITY_SECRETARY)


def may_enter(actor: Actor, community: Area) -> bool:
    """The community enters what a slip says, the street what comes too late for that."""
    return community.id in actor.areas(
        Role.COMMUNITY_SECRETARY
    ) or community.township_id in actor.areas(Role.STREET_OFFICER)


def decidable(actor: Actor) -> sa.ColumnElement[bool]:
    """The same question for rows: whether the actor may decide about a record."""
    streets = sa.select(Area.id).where(Area.township_id.in_(actor.areas(Role.STREET_OFFICER)))
    member, community = ServiceRecord.member_id, ServiceRecord.community_id
    others = is_anothers(member, actor.member_id)
    in_time = members_policy.decides(actor, member_id=member, area_id=community)
    return sa.or_(
        sa.and_(~ServiceRecord.late, in_time),
        sa.and_(ServiceRecord.late, others, community.in_(streets)),
    )


def shows_person(actor: Actor) -> sa.ColumnElement[bool]:
    """`may_see_person` for rows: who may read what a record says about somebody."""
    return sa.or_(
        is_own(ServiceRecord.member_id, actor.member_id),
        ServiceRecord.community_id.in_(actor.areas(Role.COMMUNITY_SECRETARY)),
        decidable(actor),
    )


def may_see_person(actor: Actor, record: ServiceRecord) -> bool:
    """Street, district and city see that something waits, not who, unless it is theirs to decide
    (spec 8.4)."""
    own = is_own(record.member_id, actor.member_id)
    return own or is_secretary(actor, record) or _answers_for(actor, record)


FILES = Opening(kinds.RECORD_FILES, ServiceRecord, shows_person)
