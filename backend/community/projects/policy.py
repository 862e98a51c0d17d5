"""Who may do what with projects. Everything not named here is refused."""

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from backend.community.claims.models import LIVE, ProjectClaim
from backend.community.demands.models import Demand
from backend.community.projects.models import ClaimantKind, ProjectStatus, ServiceProject
from backend.core.actor import OFFICERS, Actor, Role
from backend.core.asker import ACCOUNT, Asker
from backend.flows.steps import Party
from backend.people.areas import service as areas
from backend.people.organizations.models import Unit

_P = ServiceProject


def may_publish(actor: Actor, community_id: int) -> bool:
    return community_id in actor.areas(Role.COMMUNITY_SECRETARY)


def visible(asker: Asker) -> sa.ColumnElement[bool]:
    """Return whether a project exists for the asker.

    Opened projects are there for everybody, what is reviewed for the officers above as well, drafts
    for the community's secretary.
    """
    return sa.or_(
        _P.status.not_in((ProjectStatus.DRAFT, ProjectStatus.REVIEW)),
        _publishes(asker),
        sa.and_(_P.status == ProjectStatus.REVIEW, areas.within(asker, _P.community_id, *OFFICERS)),
        _P.reviewed_by == ACCOUNT,
    )


def _publishes(asker: Asker) -> sa.ColumnElement[bool]:
    return asker.over(_P.community_id, Role.COMMUNITY_SECRETARY)


def _reviews(asker: Asker) -> sa.ColumnElement[bool]:
    """Return whether the asker reviews.

    The officers of the street do, never what they drew up, wrote or sent themselves.
    """
    authors = (_P.created_by, _P.amended_by, _P.requested_by)
    anothers = (author.is_distinct_from(ACCOUNT) for author in authors)
    return sa.and_(areas.in_own_street(asker, _P.community_id), *anothers)


def _asks_as_member(asker: Asker) -> sa.ColumnElement[bool]:
    """Return whether the asker may ask for a place and has none as a member."""
    claim = aliased(ProjectClaim)
    has_one = _stands(claim).where(claim.unit_id.is_(None), asker.own(claim.member_id))
    anybody = sa.true() if asker.linked else sa.false()
    return sa.and_(anybody, _P.claimants != ClaimantKind.UNITS, ~has_one)


def _asks_for_unit(asker: Asker) -> sa.ColumnElement[bool]:
    """Return whether the asker is contact of a unit that has no place and did not ask for the work
    itself."""
    if Role.UNIT_CONTACT not in asker.roles:
        return sa.false()
    unit, claim, demand = aliased(Unit), aliased(ProjectClaim), aliased(Demand)
    behind = sa.or_(demand.id == _P.demand_id, demand.merged_into_id == _P.demand_id)
    takes = sa.exists().where(
        asker.contacts(unit.id),
        ~_stands(claim).where(claim.unit_id == unit.id),
        ~sa.exists().where(behind, demand.unit_id == unit.id),
    )
    return sa.and_(_P.claimants != ClaimantKind.MEMBERS, takes)


def _stands(claim: type[ProjectClaim]) -> sa.Exists:
    return sa.exists().where(claim.project_id == _P.id, claim.status.in_(LIVE))


COMMUNITY = Party(
    "community secretary", _publishes, "not_your_community", "只能办理本社区的服务项目。"
)
STREET = Party(
    "street officer",
    _reviews,
    "not_your_decision",
    "只有项目所在街道的工作人员可以审核，且不能审核自己发布的项目。",
)
# Whoever sees a project may ask for a place; who is given one, claims say.
CLAIMANT = Party("claimant", lambda _asker: sa.true())
AS_MEMBER = Party("claimant as a member", _asks_as_member)
FOR_UNIT = Party("claimant for a unit", _asks_for_unit)
# Takes the steps that come with what happens to claims.
SYSTEM = Party("system", lambda _asker: sa.false())
