"""Who may do what with demands. Everything not named here is refused.

Which person brought one is known to that person alone: not even the community reads it.
"""

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from backend.community.claims import policy as claims
from backend.community.claims.models import HOLDING, ProjectClaim
from backend.community.demands import queries
from backend.community.demands.models import PUBLIC, Demand, DemandSource, DemandStatus
from backend.community.projects.models import ProjectStatus, ServiceProject
from backend.core.actor import OFFICERS, Actor, Role
from backend.core.asker import ACCOUNT, Asker
from backend.flows.steps import Party
from backend.people.areas import service as areas
from backend.people.areas.models import Area, AreaLevel
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


def may_publish(actor: Actor, area: Area) -> bool:
    """Return whether the list of a community or of a street is the actor's to publish."""
    if area.level is AreaLevel.COMMUNITY:
        return is_secretary(actor, area.id)
    return area.id in actor.areas(Role.STREET_OFFICER)


def own(asker: Asker, row: type[Demand] = Demand) -> sa.ColumnElement[bool]:
    """Return whether a demand is the asker's.

    A unit's demand is that of whoever is its contact, any other that of the account.
    """
    by_account = sa.and_(row.unit_id.is_(None), row.submitted_by == ACCOUNT)
    return sa.or_(asker.contacts(row.unit_id), by_account)


def visible(asker: Asker) -> sa.ColumnElement[bool]:
    """Return whether a demand exists for the asker.

    What was published is there for everybody, and before that for those whose own was merged into
    it; what was sent, for the community and above.
    """
    roles = (Role.COMMUNITY_SECRETARY, Role.GRID_WORKER, *OFFICERS)
    merged = aliased(Demand)
    return sa.or_(
        Demand.status.in_(PUBLIC),
        own(asker),
        sa.and_(
            Demand.status.in_((DemandStatus.ACCEPTED, DemandStatus.MATCHED)),
            sa.exists().where(merged.merged_into_id == Demand.id, own(asker, merged)),
        ),
        sa.and_(
            Demand.status != DemandStatus.DRAFT, areas.within(asker, Demand.community_id, *roles)
        ),
    )


def _leads(asker: Asker) -> sa.ColumnElement[bool]:
    return asker.over(Demand.community_id, Role.COMMUNITY_SECRETARY)


def _decides(asker: Asker) -> sa.ColumnElement[bool]:
    """Return whether the asker decides.

    The community's secretary does, never about what the same person entered or the unit whose
    contact it is; of a secretary's own a deputy or the street does (spec 3.5).
    """
    if not asker.roles & {Role.COMMUNITY_SECRETARY, Role.STREET_OFFICER}:
        return sa.false()
    street = areas.in_own_street(asker, Demand.community_id)
    return sa.and_(
        Demand.submitted_by != ACCOUNT,
        sa.or_(Demand.unit_id.is_(None), sa.not_(asker.contacts(Demand.unit_id))),
        sa.or_(_leads(asker), sa.and_(street, _of_secretary())),
    )


def _of_secretary() -> sa.ColumnElement[bool]:
    """Return whether a secretary of its community, or a unit whose contact one is, brought a row.

    Then that person has no say.
    """
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


def _worked_on(asker: Asker) -> sa.ColumnElement[bool]:
    """Return whether the asker, or the asker's unit, holds a claim on a project for it."""
    if not asker.linked:
        return sa.false()
    claimed = sa.exists().where(
        ProjectClaim.project_id == ServiceProject.id,
        ServiceProject.demand_id == Demand.id,
        ProjectClaim.status.in_(HOLDING),
        claims.own(asker),
    )
    return sa.and_(own(asker), claimed)


SUBMITTER = Party("who brought it", own, "not_your_demand", "只有提出这项需求的人可以办理。")
DECIDER = Party(
    "community secretary",
    _decides,
    "not_your_decision",
    "只有本社区书记可以办理，且不能办理本人录入或本单位的需求，请由其他书记或街道办理。",
)
# Draws up the projects for it.
COMMUNITY = Party("community secretary, whoever brought it", _leads)
# What comes with the list, or with a project for it.
SYSTEM = Party("system", lambda _asker: sa.false())
# What was sent at first, and how it went, is for these two.
BOTH_SIDES = Party(
    "who brought it or its community", lambda asker: sa.or_(own(asker), _leads(asker))
)
WORKED_ON_IT = Party("who brought it and did the work", _worked_on)
HELD_UP = Party(
    "community secretary while a project is under way",
    lambda asker: sa.and_(_decides(asker), queries.under_way(Demand.id, ProjectStatus.REVIEW)),
)


def may_see_reason(demand: Demand) -> bool:
    """Let all who could read that something was open read why it was closed."""
    return demand.status in _CLOSED or BOTH_SIDES.stands(demand)


def may_see_source(demand: Demand) -> bool:
    return demand.source not in PRIVATE_SOURCES or BOTH_SIDES.stands(demand)


def may_see_title(demand: Demand) -> bool:
    """Return whether the title shows: what was withdrawn stands on its list without it."""
    return demand.status is not DemandStatus.WITHDRAWN or BOTH_SIDES.stands(demand)
