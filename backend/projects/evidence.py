"""What claims owe the ledger, and how each is explained to the unit or member."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy.orm import Session

from backend.core import clock
from backend.duties.evidence import Explained, Fact
from backend.duties.models import SubjectKind
from backend.duties.rulepack import Counting
from backend.duties.service import Entry
from backend.duties.subjects import Subject
from backend.projects import claims, queries
from backend.projects.models import ClaimStatus, ProjectClaim
from backend.text_checks import withheld

KINDS = frozenset({claims.UNIT_KIND, claims.MEMBER_KIND})
S = ClaimStatus


def entries(session: Session, _counting: Counting) -> Iterator[Entry]:
    """Yield what must be posted: each completed claim."""
    completed = queries.claims().where(ProjectClaim.status == S.COMPLETED)
    for row in session.scalars(completed.execution_options(yield_per=1000)):
        yield claims.entry_of(row)


def facts(_session: Session) -> Iterator[Fact]:
    """A claim is an occasion, not a state."""
    yield from ()


def explain(session: Session, _counting: Counting, subject: Subject, year: int) -> list[Explained]:
    """Return the unit's claims of `year`; a member's own claim is no duty of anybody."""
    if subject.kind is not SubjectKind.UNIT:
        return []
    rows = session.scalars(
        queries.claims().where(ProjectClaim.unit_id == subject.id).order_by(ProjectClaim.id)
    ).all()
    return [item for item in map(_explain, rows) if item.occurred_on.year == year]


def _explain(row: ProjectClaim) -> Explained:
    title = withheld.text_for_all(row.project.withheld, "plan", row.project.title)
    return Explained(claims.source_of(row), _day(row), title, _why_not(row))


def _day(row: ProjectClaim) -> date:
    return row.delivered_on or clock.local_date(row.created_at)


def _why_not(row: ProjectClaim) -> str | None:
    return {
        S.SUBMITTED: "等待社区接受认领。",
        S.ACCEPTED: "已接受，尚未开始。",
        S.IN_PROGRESS: "正在实施，完成并验收后计入。",
        S.DELIVERED: "等待社区验收。",
        S.DECLINED: "社区未接受。",
        S.WITHDRAWN: "已撤回。",
    }.get(row.status)
