"""Questions about demands and the lists of them."""

from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload, selectinload, with_expression

from backend.community.claims.models import HOLDING, ProjectClaim
from backend.community.demands.models import Demand, DemandList, DemandListItem, DemandStatus
from backend.community.projects.models import TAKING_CLAIMS, ProjectStatus, ServiceProject
from backend.people.areas import service as areas
from backend.people.areas.models import Area, AreaLevel
from backend.support.text_checks import withheld

S = DemandStatus
# What others may be merged into, and what its community may close.
OPEN = (S.ACCEPTED, S.PUBLISHED, S.MATCHED)
ENDED = (
    S.MERGED,
    S.REFERRED,
    S.DECLINED,
    S.SOLVED,
    S.NOT_SOLVABLE,
    S.EXPIRED,
    S.WITHDRAWN,
)

_Merged = aliased(Demand)


@cache
def shown() -> sa.Select[Demand]:
    """Select demands with what every answer shows of them."""
    merged = sa.select(sa.func.count()).where(_Merged.merged_into_id == Demand.id)
    return sa.select(Demand).options(
        joinedload(Demand.community),
        joinedload(Demand.unit),
        with_expression(Demand.withheld, withheld.of(Demand.__tablename__, Demand.id)),
        with_expression(Demand.merged_count, merged.correlate(Demand).scalar_subquery()),
        *_progress(),
        selectinload(Demand.merged_into).options(*_progress()),
    )


def _progress() -> list[Any]:
    """Fill in when a demand first stood on a list, and since when it has been claimed."""
    listed = (
        sa.select(sa.func.min(DemandList.published_at))
        .join(DemandListItem, DemandListItem.list_id == DemandList.id)
        .where(DemandListItem.demand_id == Demand.id)
    )
    claimed = (
        sa.select(sa.func.min(ProjectClaim.created_at))
        .join(ServiceProject, ServiceProject.id == ProjectClaim.project_id)
        .where(ServiceProject.demand_id == Demand.id, ProjectClaim.status.in_(HOLDING))
    )
    return [
        with_expression(Demand.published_at, listed.correlate(Demand).scalar_subquery()),
        with_expression(Demand.claimed_at, claimed.correlate(Demand).scalar_subquery()),
    ]


def followed(demand_id: int) -> sa.Select[Demand]:
    """Select what another was merged into, with what answers show of it."""
    return sa.select(Demand).where(Demand.id == demand_id).options(*_progress())


@cache
def seen_at() -> sa.ColumnElement[datetime]:
    """Select the time by which lists are ordered, which stands in each line.

    That is when a demand was published, sent, or written.
    """
    published = sa.func.timezone("Asia/Shanghai", sa.cast(Demand.published_on, sa.DateTime()))
    found = sa.func.coalesce(published, Demand.submitted_at, Demand.created_at)
    return sa.type_coerce(found, sa.DateTime(timezone=True))


def brought_since(account_id: int, moment: datetime) -> sa.Select[int]:
    """Select how many demands an account has brought since a moment, drafts included."""
    return (
        sa.select(sa.func.count())
        .select_from(Demand)
        .where(Demand.submitted_by == account_id, Demand.created_at > moment)
    )


def under_way(
    demand_id: int | sa.SQLColumnExpression[int], *also: ProjectStatus
) -> sa.ColumnElement[bool]:
    """Return whether a project for a demand takes claims or is worked on.

    `also`: or is in one of these states.
    """
    return sa.exists().where(
        ServiceProject.demand_id == demand_id, ServiceProject.status.in_((*TAKING_CLAIMS, *also))
    )


def solved_by_a_project(demand_id: int) -> sa.Select[bool]:
    """Select whether the community took over work for a demand as having solved it."""
    return sa.select(
        sa.exists().where(
            ServiceProject.demand_id == demand_id,
            ProjectClaim.project_id == ServiceProject.id,
            ProjectClaim.solved.is_(True),
        )
    )


def listable(area: Area, today: date) -> sa.Select[Demand]:
    """Select what a list published today takes up, in the one order in which rows are locked.

    A street's takes up what its communities published this year.
    """
    stands = (
        Demand.status.in_(OPEN),
        sa.or_(Demand.status != S.PUBLISHED, Demand.expires_on >= today),
    )
    if area.level is AreaLevel.COMMUNITY:
        found = sa.select(Demand).where(Demand.community_id == area.id, *stands)
    else:
        inside = sa.select(Area.id).where(Area.township_id == area.id)
        published = on_lists(today.year).where(DemandListItem.demand_id == Demand.id).exists()
        found = sa.select(Demand).where(Demand.community_id.in_(inside), published, *stands)
    return found.order_by(Demand.id)


def on_lists(year: int) -> sa.Select[int]:
    """Select the ids of the demands on the lists of a year, for each list anew."""
    return (
        sa.select(DemandListItem.demand_id)
        .join(DemandList, DemandListItem.list_id == DemandList.id)
        .where(DemandList.year == year)
    )


def overdue(today: date) -> sa.Select[Demand]:
    """Select what has stood on the list for its time, and nobody took it up: nor waits a project
    for it for the street."""
    reviewed = sa.exists().where(
        ServiceProject.demand_id == Demand.id, ServiceProject.status == ProjectStatus.REVIEW
    )
    return (
        sa.select(Demand)
        .where(Demand.status == S.PUBLISHED, Demand.expires_on < today, ~reviewed)
        .order_by(Demand.id)
    )


@cache
def lists() -> sa.Select[DemandList]:
    """Select lists with how long each is."""
    size = sa.select(sa.func.count()).where(DemandListItem.list_id == DemandList.id)
    return sa.select(DemandList).options(
        joinedload(DemandList.area),
        with_expression(DemandList.size, size.correlate(DemandList).scalar_subquery()),
    )


def listed_lists(*, area_code: str | None = None, year: int | None = None) -> sa.Select[DemandList]:
    """Select published lists, which everybody may read."""
    statement = lists()
    if area_code is not None:
        statement = statement.where(DemandList.area_id == areas.id_of(area_code))
    if year is not None:
        statement = statement.where(DemandList.year == year)
    return statement


def latest_version(area_id: int, year: int) -> sa.Select[int | None]:
    return sa.select(sa.func.max(DemandList.version)).where(
        DemandList.area_id == area_id, DemandList.year == year
    )
