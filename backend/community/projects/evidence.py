"""What claims owe the ledger, and how each is explained to the unit or member."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy.orm import Session

from backend.community.projects import postings, queries
from backend.community.projects.models import ClaimStatus, ProjectClaim
from backend.core import clock
from backend.ledger.evidence import Explained, Fact
from backend.ledger.models import SubjectKind
from backend.ledger.rulepack import Counting
from backend.ledger.service import Entry
from backend.ledger.subjects import Subject
from backend.support.text_checks import withheld

KINDS = frozenset({postings.UNIT_KIND, postings.MEMBER_KIND})
S = ClaimStatus

SPLIT = "同一需求拆分的项目只计一次，已计入另一次认领。"


def entries(session: Session, _counting: Counting) -> Iterator[Entry]:
    """Yield what must be posted: each completed claim, of a split demand the first."""
    completed = queries.claims().where(
        ProjectClaim.status == S.COMPLETED, postings.first_of_its_demand()
    )
    for row in session.scalars(completed.execution_options(yield_per=1000)):
        yield postings.entry_of(row)


def facts(_session: Session) -> Iterator[Fact]:
    """A claim is an occasion, not a state."""
    yield from ()


def explain(session: Session, _counting: Counting, subject: Subject, year: int) -> list[Explained]:
    """Return the unit's claims of `year`; a member's own claim is no duty of anybody."""
    if subject.kind is not SubjectKind.UNIT:
        return []
    rows = session.execute(
        queries.claims()
        .add_columns(postings.first_of_its_demand())
        .where(ProjectClaim.unit_id == subject.id)
        .order_by(ProjectClaim.id)
    )
    explained = [_explain(row, split=not first) for row, first in rows]
    return [item for item in explained if item.occurred_on.year == year]


def _explain(row: ProjectClaim, *, split: bool) -> Explained:
    title = withheld.text_for_all(row.project.withheld, "plan", row.project.title)
    why_not = SPLIT if row.status is S.COMPLETED and split else _why_not(row)
    return Explained(postings.source_of(row), _day(row), title, why_not)


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
