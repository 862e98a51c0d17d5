"""Questions about projects and claims."""

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any, TypedDict, Unpack

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager, joinedload, with_expression

from backend.community.demands.models import Demand, DemandKind
from backend.community.projects import policy
from backend.community.projects.models import (
    LIVE,
    TAKING_CLAIMS,
    UNDER_WAY,
    ClaimantKind,
    ClaimStatus,
    ProjectClaim,
    ProjectStatus,
    ServiceProject,
)
from backend.core import clock
from backend.core.actor import Actor, Role
from backend.core.finding import found_by
from backend.people.areas import service as areas
from backend.people.areas.models import Area
from backend.people.members import queries as members
from backend.support.text_checks import withheld


@cache
def shown() -> sa.Select[ServiceProject]:
    """Select projects with what every answer shows of them, and their demands."""
    return _without_demands().options(joinedload(ServiceProject.demand))


@cache
def _without_demands() -> sa.Select[ServiceProject]:
    """Select projects for lists, which name the demand and show nothing of it."""
    return sa.select(ServiceProject).options(
        joinedload(ServiceProject.community),
        with_expression(ServiceProject.withheld, _of_project()),
        with_expression(ServiceProject.waiting, _how_many_wait()),
    )


@cache
def _of_project() -> sa.ScalarSelect[Any]:
    return withheld.of(ServiceProject.__tablename__, ServiceProject.id)


@cache
def _how_many_wait() -> sa.ScalarSelect[int]:
    waiting = aliased(ProjectClaim)
    return (
        sa.select(sa.func.count())
        .where(waiting.project_id == ServiceProject.id, waiting.status == ClaimStatus.WAITING)
        .scalar_subquery()
    )


class Filters(TypedDict, total=False):
    """`since`, `until`: happens between these days; `q`: part of the title, taken literally."""

    community_code: str
    district_code: str
    demand_id: int
    status: ProjectStatus
    kind: DemandKind
    claimable_by: ClaimantKind
    since: date
    until: date
    q: str


def listed(
    actor: Actor, *, decidable: bool = False, **wanted: Unpack[Filters]
) -> sa.Select[ServiceProject]:
    """Select the projects the actor may see; `decidable`: those to be reviewed by the actor."""
    statement = _without_demands().where(policy.visible_project(actor))
    if decidable:
        statement = statement.where(policy.reviewable(actor))
    return statement.where(*(_FILTERS[name](value) for name, value in wanted.items()))


def _in_district(code: str) -> sa.ColumnElement[bool]:
    inside = sa.select(Area.id).where(Area.district_id == areas.id_of(code))
    return ServiceProject.community_id.in_(inside)


def _for_demands(kind: DemandKind) -> sa.ColumnElement[bool]:
    return sa.exists().where(Demand.id == ServiceProject.demand_id, Demand.kind == kind)


def _claimable_by(whom: ClaimantKind) -> sa.ColumnElement[bool]:
    return ServiceProject.claimants.in_((whom, ClaimantKind.ANY))


_FILTERS: dict[str, Callable[[Any], sa.ColumnElement[bool]]] = {
    "community_code": lambda code: ServiceProject.community_id == areas.id_of(code),
    "district_code": _in_district,
    "demand_id": lambda id_: ServiceProject.demand_id == id_,
    "status": lambda status: ServiceProject.status == status,
    "kind": _for_demands,
    "claimable_by": _claimable_by,
    "since": lambda day: ServiceProject.ends_on >= day,
    "until": lambda day: ServiceProject.starts_on <= day,
    "q": lambda text: found_by(ServiceProject.found_as, ServiceProject.title, text),
}


@cache
def claims() -> sa.Select[ProjectClaim]:
    """Select claims with what every answer shows of them."""
    return (
        sa.select(ProjectClaim)
        .join(ProjectClaim.project)
        .options(
            contains_eager(ProjectClaim.project).options(
                joinedload(ServiceProject.community),
                with_expression(ServiceProject.withheld, _of_project()),
                with_expression(ServiceProject.waiting, _how_many_wait()),
            ),
            with_expression(
                ProjectClaim.withheld, withheld.of(ProjectClaim.__tablename__, ProjectClaim.id)
            ),
            with_expression(ProjectClaim.waiting_position, _position()),
            with_expression(ProjectClaim.of_secretary, of_secretary()),
            joinedload(ProjectClaim.member),
            joinedload(ProjectClaim.unit),
        )
    )


def _position() -> sa.ColumnElement[int | None]:
    """How many wait up to a claim, itself included; NULL where it does not wait."""
    before = aliased(ProjectClaim)
    count = (
        sa.select(sa.func.count())
        .where(
            before.project_id == ProjectClaim.project_id,
            before.status == ClaimStatus.WAITING,
            before.id <= ProjectClaim.id,
        )
        .scalar_subquery()
    )
    return sa.case((ProjectClaim.status == ClaimStatus.WAITING, count), else_=None)


@cache
def of_secretary() -> sa.ColumnElement[bool]:
    """Whether who claimed is the community's own secretary."""
    return members.holds(
        Role.COMMUNITY_SECRETARY,
        member_id=ProjectClaim.member_id,
        area_id=ServiceProject.community_id,
    )


def listed_claims(
    actor: Actor,
    *,
    community_code: str | None = None,
    project_id: int | None = None,
    status: ClaimStatus | None = None,
    decidable: bool = False,
) -> sa.Select[ProjectClaim]:
    """Select the claims the actor may see."""
    statement = claims().where(policy.visible_claim(actor))
    if decidable:
        statement = statement.where(policy.decidable(actor))
    if community_code is not None:
        statement = statement.where(ServiceProject.community_id == areas.id_of(community_code))
    if project_id is not None:
        statement = statement.where(ProjectClaim.project_id == project_id)
    if status is not None:
        statement = statement.where(ProjectClaim.status == status)
    return statement


@cache
def due_on() -> sa.ColumnElement[date]:
    """The day by which what waits for the community is ordered: by when it is to answer, or when
    it was told of the delivery."""
    waits = ProjectClaim.status == ClaimStatus.SUBMITTED
    told = sa.func.coalesce(ProjectClaim.delivery_recorded_on, ProjectClaim.answer_due_on)
    return sa.type_coerce(
        sa.func.coalesce(
            sa.case((waits, ProjectClaim.answer_due_on), else_=told),
            sa.cast(ProjectClaim.created_at, sa.Date()),
        ),
        sa.Date(),
    )


def my_claims(actor: Actor) -> sa.Select[ProjectClaim]:
    """Select the actor's own claims and those of the units the actor is contact of."""
    return claims().where(policy.own_claim(actor))


def live_of(project_id: int, member_id: int, unit_id: int | None) -> sa.Select[ProjectClaim]:
    """Select the one live claim of a claimant on a project."""
    own = (
        sa.and_(ProjectClaim.unit_id.is_(None), ProjectClaim.member_id == member_id)
        if unit_id is None
        else ProjectClaim.unit_id == unit_id
    )
    return claims().where(ProjectClaim.project_id == project_id, own, ProjectClaim.status.in_(LIVE))


def live_claims(project_id: int) -> sa.Select[ProjectClaim]:
    """Select a project's live claims, in the order of asking. Callers hold the project's lock."""
    return _fresh(ProjectClaim.project_id == project_id, ProjectClaim.status.in_(LIVE))


def completed(project_id: int) -> sa.Select[ProjectClaim]:
    return _fresh(
        ProjectClaim.project_id == project_id, ProjectClaim.status == ClaimStatus.COMPLETED
    )


def overdue_claims(project: ServiceProject) -> sa.Select[ProjectClaim]:
    """Select the claims of a project whose term has passed, in the order of asking."""
    return _fresh(
        ProjectClaim.project_id == project.id, _overdue(sa.literal(project.ends_on, sa.Date()))
    )


def _fresh(*which: sa.ColumnElement[bool]) -> sa.Select[ProjectClaim]:
    rows = sa.select(ProjectClaim).where(*which).order_by(ProjectClaim.id)
    return rows.execution_options(populate_existing=True)


# What has not begun by the project's last day cannot begin any more.
_NOT_BEGUN = (
    ClaimStatus.WAITING,
    ClaimStatus.SUBMITTED,
    ClaimStatus.LAPSED,
    ClaimStatus.ACCEPTED,
)


def _overdue(ends_on: sa.ColumnElement[date]) -> sa.ColumnElement[bool]:
    """Whether the clock ends something about a claim of a project that lasts until `ends_on`."""
    today, status = clock.today(), ProjectClaim.status
    return sa.or_(
        sa.and_(status == ClaimStatus.SUBMITTED, ProjectClaim.answer_due_on < today),
        sa.and_(status == ClaimStatus.LAPSED, ProjectClaim.retry_until < today),
        sa.and_(status == ClaimStatus.ACCEPTED, ProjectClaim.start_due_on < today),
        sa.and_(status.in_(_NOT_BEGUN), ends_on < today),
    )


def due() -> sa.Select[ServiceProject]:
    """Select the projects that the clock has something to do with."""

    def claims_of(which: sa.ColumnElement[bool]) -> sa.Exists:
        return sa.exists().where(ProjectClaim.project_id == ServiceProject.id, which)

    overdue = claims_of(_overdue(sa.cast(ServiceProject.ends_on, sa.Date())))
    alive = claims_of(ProjectClaim.status.in_((*UNDER_WAY, ClaimStatus.WAITING)))
    closed = sa.and_(ServiceProject.claim_deadline < clock.now(), ~alive)
    taking = sa.and_(ServiceProject.status.in_(TAKING_CLAIMS), sa.or_(overdue, closed))
    unsaid = sa.and_(
        ServiceProject.status == ProjectStatus.DONE,
        ServiceProject.evaluation_due_on < clock.today(),
    )
    return sa.select(ServiceProject).where(sa.or_(taking, unsaid))
