"""Who may do what with demands. Everything not named here is refused.

Which person brought one is known to that person alone: not even the community reads it.
"""

from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from backend.community.claims import policy as claims
from backend.community.claims.models import HOLDING, ProjectClaim
from backend.community.demands.models import PUBLIC, Demand, DemandSource, DemandStatus
from backend.community.projects.models import ServiceProject
from backend.core.actor import OFFICERS, Actor, Role
from backend.core.asker import Asker
from backend.people.areas import service as areas
from backend.people.areas.models import Area
from backend.people.members import queries as members
from backend.people.members.models import Account, Appointment

# Who enters what a household wishes under a code of the community's own.
CODE_GIVERS = (DemandSource.COMMUNITY, DemandSource.GRID_WORKER)
# What these brought is told to nobody outside: it might lead to a person.
PRIVATE_SOURCES = (DemandSource.RESIDENT, DemandSource.MEMBER)
_CLOSED = (DemandStatus.SOLVED, DemandStatus.NOT_SOLVABLE, DemandStatus.EXPIRED)


def source_of(actor: Actor, community_id: int) -> DemandSource:
    """Return as what somebody brings a demand who does not act for a unit."""
    if is_secretary(actor, community_id):
        return DemandSource.COMMUNITY
    if community_id in actor.areas(Role.GRID_WORKER):
        return DemandSource.GRID_WORKER
    return DemandSource.RESIDENT if actor.member_id is None else DemandSource.MEMBER


def may_act_for(actor: Actor, unit_id: int) -> bool:
    return unit_id in actor.units(Role.UNIT_CONTACT)


def is_secretary(actor: Actor, community_id: int) -> bool:
    return community_id in actor.areas(Role.COMMUNITY_SECRETARY)


def is_own(actor: Actor, demand: Demand) -> bool:
    """A unit's demand is that of whoever is its contact, any other that of the account."""
    if demand.unit_id is not None:
        return may_act_for(actor, demand.unit_id)
    return demand.submitted_by == actor.account_id


def own(actor: Actor, row: type[Demand] = Demand) -> sa.ColumnElement[bool]:
    """The same question for rows."""
    return sa.or_(
        row.unit_id.in_(actor.units(Role.UNIT_CONTACT)),
        sa.and_(row.unit_id.is_(None), row.submitted_by == actor.account_id),
    )


def visible(actor: Actor) -> sa.ColumnElement[bool]:
    """What was published is there for everybody, and before that for those whose own was merged
    into it; what was sent, for the community and above."""
    roles = (Role.COMMUNITY_SECRETARY, Role.GRID_WORKER, *OFFICERS)
    within = sa.select(Area.id).where(areas.below(actor.areas(*roles)))
    merged = aliased(Demand)
    return sa.or_(
        Demand.status.in_(PUBLIC),
        own(actor),
        sa.and_(
            Demand.status.in_((DemandStatus.ACCEPTED, DemandStatus.MATCHED)),
            sa.exists().where(merged.merged_into_id == Demand.id, own(actor, merged)),
        ),
        sa.and_(Demand.status != DemandStatus.DRAFT, Demand.community_id.in_(within)),
    )


def may_decide(actor: Actor, demand: Demand) -> bool:
    """The community's secretary decides, never about what the same person entered or the unit
    whose contact it is; of a secretary's own a deputy or the street does (spec 3.5)."""
    of_own_unit = demand.unit_id is not None and may_act_for(actor, demand.unit_id)
    if of_own_unit or demand.submitted_by == actor.account_id:
        return False
    street = demand.community.township_id in actor.areas(Role.STREET_OFFICER)
    of_secretary = bool(demand.of_secretary)
    return is_secretary(actor, demand.community_id) or (street and of_secretary)


def decidable(actor: Actor) -> sa.ColumnElement[bool]:
    """The same question for rows, of those that wait for it."""
    units = actor.units(Role.UNIT_CONTACT)
    streets = sa.select(Area.id).where(Area.township_id.in_(actor.areas(Role.STREET_OFFICER)))
    return sa.and_(
        Demand.status == DemandStatus.SUBMITTED,
        Demand.submitted_by != actor.account_id,
        sa.or_(Demand.unit_id.is_(None), Demand.unit_id.not_in(units)),
        sa.or_(
            Demand.community_id.in_(actor.areas(Role.COMMUNITY_SECRETARY)),
            sa.and_(Demand.community_id.in_(streets), of_secretary()),
        ),
    )


@cache
def of_secretary() -> sa.ColumnElement[bool]:
    """Whether a row was brought by a secretary of its community, or by a unit whose contact one
    is: then that person has no say."""
    secretary, contact = aliased(Appointment), aliased(Appointment)
    brought = sa.exists().where(
        Account.id == Demand.submitted_by, Account.member_id == secretary.member_id
    )
    speaks = sa.exists().where(
        contact.role == Role.UNIT_CONTACT,
        contact.unit_id == Demand.unit_id,
        contact.member_id == secretary.member_id,
        members.in_force(contact),
    )
    return sa.exists().where(
        secretary.role == Role.COMMUNITY_SECRETARY,
        secretary.area_id == Demand.community_id,
        members.in_force(secretary),
        sa.or_(brought.correlate(secretary, Demand), speaks.correlate(secretary, Demand)),
    )


def may_see_both_sides(actor: Actor, demand: Demand) -> bool:
    """What was sent at first, and how it went: for who brought it and the community."""
    return is_own(actor, demand) or is_secretary(actor, demand.community_id)


def may_see_reason(actor: Actor, demand: Demand) -> bool:
    """Why something was closed is for all who could read that it was open."""
    return demand.status in _CLOSED or may_see_both_sides(actor, demand)


def may_see_source(actor: Actor, demand: Demand) -> bool:
    return demand.source not in PRIVATE_SOURCES or may_see_both_sides(actor, demand)


def worked_on(asker: Asker, demand_id: int) -> sa.Select[bool]:
    """Select whether the asker, or the asker's unit, holds a claim on a project for a demand."""
    return sa.select(
        sa.exists().where(
            ProjectClaim.project_id == ServiceProject.id,
            ServiceProject.demand_id == demand_id,
            ProjectClaim.status.in_(HOLDING),
            claims.own(asker),
        )
    )
