"""What claims owe the ledger (rule 12g), and how each is explained to the unit or member."""

from collections.abc import Iterator
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from backend.community.claims import queries
from backend.community.claims.models import ClaimStatus, ProjectClaim
from backend.community.demands.models import Demand
from backend.community.projects.models import ServiceProject
from backend.core import clock
from backend.ledger.evidence import Explained, Fact
from backend.ledger.models import SubjectKind
from backend.ledger.rulepack import Counting
from backend.ledger.service import Entry, Source
from backend.ledger.subjects import Subject
from backend.support.text_checks import withheld

# A unit's claim is the unit's duty; a member's own is shown as a contribution (rule 12g).
UNIT_KIND, MEMBER_KIND = "unit_claim", "member_claim"
KINDS = frozenset({UNIT_KIND, MEMBER_KIND})
S = ClaimStatus

SPLIT = "同一需求拆分的项目只计一次，已计入另一次认领。"


def entry_of(row: ProjectClaim) -> Entry:
    """Return what a completed claim posts: one project is one occasion."""
    delivered = row.delivered_on or clock.today()
    subject = (
        Subject(SubjectKind.UNIT, row.unit_id)
        if row.unit_id is not None
        else Subject(SubjectKind.MEMBER, row.member_id)
    )
    return Entry(
        kind=UNIT_KIND if row.unit_id is not None else MEMBER_KIND,
        subject=subject,
        source=source_of(row),
        occurred_on=delivered,
        recorded_on=row.delivery_recorded_on or delivered,
        occasion=f"project:{row.project_id}",
        amount=1,
        area_id=row.project.community_id,
    )


def counts(session: Session, row: ProjectClaim) -> bool:
    """Return whether a claim that was just completed is the claimant's first for its demand.

    A demand that was split into several projects counts once (spec 5.1).
    """
    demand_id = row.project.demand_id
    if demand_id is None:
        return True
    session.execute(sa.select(Demand.id).where(Demand.id == demand_id).with_for_update())
    asked = sa.select(first_of_its_demand()).join(ProjectClaim.project)
    return bool(session.scalar(asked.where(ProjectClaim.id == row.id)))


def first_of_its_demand() -> sa.ColumnElement[bool]:
    """Return the same as `counts`, for rows joined with their projects."""
    other, project = aliased(ProjectClaim), aliased(ServiceProject)
    same_claimant = sa.case(
        (ProjectClaim.unit_id.is_not(None), other.unit_id == ProjectClaim.unit_id),
        else_=sa.and_(other.unit_id.is_(None), other.member_id == ProjectClaim.member_id),
    )
    before = sa.tuple_(other.completed_at, other.id) < sa.tuple_(
        ProjectClaim.completed_at, ProjectClaim.id
    )
    return ~sa.exists().where(
        project.id == other.project_id,
        project.demand_id == ServiceProject.demand_id,
        other.status == ClaimStatus.COMPLETED,
        same_claimant,
        before,
    )


def source_of(row: ProjectClaim) -> Source:
    return Source(ProjectClaim.__tablename__, row.id)


def entries(session: Session, _counting: Counting) -> Iterator[Entry]:
    """Yield what must be posted: each completed claim, of a split demand the first."""
    completed = queries.shown().where(ProjectClaim.status == S.COMPLETED, first_of_its_demand())
    for row in session.scalars(completed.execution_options(yield_per=1000)):
        yield entry_of(row)


def facts(_session: Session) -> Iterator[Fact]:
    """Yield nothing: a claim is an occasion, not a state."""
    yield from ()


def explain(session: Session, _counting: Counting, subject: Subject, year: int) -> list[Explained]:
    """Return the unit's claims of `year`; a member's own claim is no duty of anybody."""
    if subject.kind is not SubjectKind.UNIT:
        return []
    rows = session.execute(
        queries.shown()
        .add_columns(first_of_its_demand())
        .where(ProjectClaim.unit_id == subject.id)
        .order_by(ProjectClaim.id)
    )
    explained = [_explain(row, split=not first) for row, first in rows]
    return [item for item in explained if item.occurred_on.year == year]


def _explain(row: ProjectClaim, *, split: bool) -> Explained:
    title = withheld.text_for_all(row.project.withheld, "plan", row.project.title)
    why_not = SPLIT if row.status is S.COMPLETED and split else _why_not(row)
    return Explained(source_of(row), _day(row), title, why_not)


def _day(row: ProjectClaim) -> date:
    return row.delivered_on or clock.local_date(row.created_at)


def _why_not(row: ProjectClaim) -> str | None:
    return {
        S.WAITING: "排队候补中。",
        S.SUBMITTED: "等待社区接受认领。",
        S.LAPSED: "社区未按期答复，可重新提交。",
        S.ACCEPTED: "已接受，尚未开始。",
        S.IN_PROGRESS: "正在实施，完成并验收后计入。",
        S.DELIVERED: "等待社区验收。",
        S.DECLINED: "社区未接受。",
        S.WITHDRAWN: "已撤回。",
        S.RELEASED: "认领已结束，未开展。",
        S.FAILED: "社区确认未能完成。",
    }.get(row.status)
