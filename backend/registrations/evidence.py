"""What registrations owe the ledger, and how each is explained to its member."""

from collections.abc import Iterator
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core import clock
from backend.duties.evidence import Explained, Fact
from backend.duties.models import SubjectKind
from backend.duties.rulepack import Counting
from backend.duties.service import Entry
from backend.duties.subjects import Subject
from backend.registrations import queries, service
from backend.registrations.models import (
    CommunityRegistration,
    RegistrationKind,
    RegistrationStatus,
)

KINDS = frozenset({service.FACT, service.UNANSWERED})
S = RegistrationStatus


def entries(_session: Session, _counting: Counting) -> Iterator[Entry]:
    """A registration is a state, not an occasion: it posts nothing."""
    yield from ()


def facts(session: Session) -> Iterator[Fact]:
    """Yield what must stand: each accepted primary registration, and each one still waiting."""
    primary = sa.select(CommunityRegistration).where(
        CommunityRegistration.kind == RegistrationKind.PRIMARY
    )
    for row in session.scalars(primary.execution_options(yield_per=1000)):
        subject, source = Subject(SubjectKind.MEMBER, row.member_id), service.source_of(row)
        if row.accepted_on is not None:
            yield Fact(service.FACT, subject, source, row.accepted_on, row.ended_on)
        if row.status is S.SUBMITTED:
            begins = service.unanswered_from(row)
            yield Fact(service.UNANSWERED, subject, source, begins, None)


def explain(session: Session, _counting: Counting, subject: Subject, year: int) -> list[Explained]:
    """Return the member's primary registrations that were alive in `year`."""
    rows = session.scalars(
        queries.of_member(subject.id)
        .where(CommunityRegistration.kind == RegistrationKind.PRIMARY)
        .order_by(CommunityRegistration.id)
    ).all()
    return [_explain(row) for row in rows if _touches(row, year)]


def _touches(row: CommunityRegistration, year: int) -> bool:
    first = clock.local_date(row.submitted_at)
    return first.year <= year and (row.ended_on is None or row.ended_on >= date(year, 1, 1))


def _explain(row: CommunityRegistration) -> Explained:
    day = row.accepted_on or clock.local_date(row.submitted_at)
    title = f"向{row.community.name}报到"
    return Explained(service.source_of(row), day, title, _why_not(row))


def _why_not(row: CommunityRegistration) -> str | None:
    if row.status is S.SUBMITTED:
        overdue = clock.today() > row.answer_due_on
        return None if overdue else "等待社区接收。"
    return {
        S.RETURNED: "社区已退回，请补正后重新提交。",
        S.REJECTED: "社区未接收。",
        S.WITHDRAWN: "您已撤回。",
        S.ENDED: "该报到已结束。",
    }.get(row.status)
