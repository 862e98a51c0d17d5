"""Questions about claims."""

from datetime import date
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager, joinedload, with_expression

from backend.community.claims.models import LIVE, UNDER_WAY, ClaimStatus, ProjectClaim
from backend.community.projects.models import TAKING_CLAIMS, ProjectStatus, ServiceProject
from backend.community.projects.queries import of_project
from backend.core import clock
from backend.support.text_checks import withheld


@cache
def shown() -> sa.Select[ProjectClaim]:
    """Select claims with what every answer shows of them."""
    return (
        sa.select(ProjectClaim)
        .join(ProjectClaim.project)
        .options(
            contains_eager(ProjectClaim.project).options(*of_project()),
            with_expression(
                ProjectClaim.withheld, withheld.of(ProjectClaim.__tablename__, ProjectClaim.id)
            ),
            with_expression(ProjectClaim.waiting_position, _position()),
            joinedload(ProjectClaim.member),
            joinedload(ProjectClaim.unit),
        )
    )


def _position() -> sa.ColumnElement[int | None]:
    """Count how many wait up to a claim, itself included; NULL where it does not wait."""
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
def due_on() -> sa.ColumnElement[date]:
    """Select the day by which what waits for the community is ordered.

    That is by when it is to answer, or when it was told of the delivery.
    """
    waits = ProjectClaim.status == ClaimStatus.SUBMITTED
    told = sa.func.coalesce(ProjectClaim.delivery_recorded_on, ProjectClaim.answer_due_on)
    return sa.type_coerce(
        sa.func.coalesce(
            sa.case((waits, ProjectClaim.answer_due_on), else_=told),
            sa.cast(ProjectClaim.created_at, sa.Date()),
        ),
        sa.Date(),
    )


def live_of(project_id: int, member_id: int, unit_id: int | None) -> sa.Select[ProjectClaim]:
    """Select the one live claim of a claimant on a project."""
    own = (
        sa.and_(ProjectClaim.unit_id.is_(None), ProjectClaim.member_id == member_id)
        if unit_id is None
        else ProjectClaim.unit_id == unit_id
    )
    return live(project_id).where(own)


def live(project_id: int) -> sa.Select[ProjectClaim]:
    """Select a project's live claims, in the order of asking. Callers hold the project's lock."""
    return _fresh(ProjectClaim.project_id == project_id, ProjectClaim.status.in_(LIVE))


def completed(project_id: int) -> sa.Select[ProjectClaim]:
    return _fresh(
        ProjectClaim.project_id == project_id, ProjectClaim.status == ClaimStatus.COMPLETED
    )


def overdue(project: ServiceProject) -> sa.Select[ProjectClaim]:
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
    """Return whether the clock ends something about a claim; its project lasts until `ends_on`."""
    today, status = clock.today(), ProjectClaim.status
    return sa.or_(
        sa.and_(status == ClaimStatus.SUBMITTED, ProjectClaim.answer_due_on < today),
        sa.and_(status == ClaimStatus.LAPSED, ProjectClaim.retry_until < today),
        sa.and_(status == ClaimStatus.ACCEPTED, ProjectClaim.start_due_on < today),
        sa.and_(status.in_(_NOT_BEGUN), ends_on < today),
    )


def first_waiting(project: ServiceProject) -> sa.Select[ProjectClaim]:
    """Select who waits, as many as there are places."""
    waiting = ProjectClaim.status == ClaimStatus.WAITING
    return _fresh(ProjectClaim.project_id == project.id, waiting).limit(project.places_left)


def goes_on(project_id: int) -> sa.Select[bool]:
    """Select whether a claim is under way or waits."""
    return _any(project_id, ProjectClaim.status.in_((*UNDER_WAY, ClaimStatus.WAITING)))


def any_completed(project_id: int) -> sa.Select[bool]:
    return _any(project_id, ProjectClaim.status == ClaimStatus.COMPLETED)


def any_silent(project_id: int) -> sa.Select[bool]:
    """Select whether somebody who saw a claim through has not said how it went."""
    completed = ProjectClaim.status == ClaimStatus.COMPLETED
    return _any(project_id, completed, ProjectClaim.claimant_solved.is_(None))


def _any(project_id: int, *which: sa.ColumnElement[bool]) -> sa.Select[bool]:
    return sa.select(sa.exists().where(ProjectClaim.project_id == project_id, *which))


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
