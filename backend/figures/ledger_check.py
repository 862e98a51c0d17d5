"""Prove that sources = postings = tallies = duty years = rollups, and sources = standing facts.

Everything is built again from what lies below it and compared; there must be no difference.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.ledger import queries, rebuild
from backend.ledger.evidence import Sources
from backend.ledger.models import Posting, StandingFact
from backend.ledger.rulepack import RulePack


@dataclass(frozen=True)
class Report:
    counts: dict[str, int]
    differences: list[str]

    @property
    def summary(self) -> str:
        counted = "，".join(f"{name} {count} 条" for name, count in self.counts.items())
        return f"已核对：{counted}；差异 {len(self.differences)} 处。"


def run(session: Session, rules: RulePack, sources: Sequence[Sources]) -> Report:
    """Compare the whole ledger with its sources in one snapshot; needs a fresh transaction."""
    session.execute(sa.text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
    return run_in(session, rules, sources)


def run_in(session: Session, rules: RulePack, sources: Sequence[Sources]) -> Report:
    """Compare as the session sees it now."""
    checks = {
        "记账": (expected_postings(session, rules, sources), actual_postings(session)),
        "状态": (expected_facts(session, sources), actual_facts(session)),
        "月度计数": (rebuild.tallies(session), rebuild.stored_tallies(session)),
        "年度履行": (rebuild.duty_years(session, rules), rebuild.stored_duty_years(session)),
        "社区汇总": (rebuild.rollups(session), rebuild.stored_rollups(session)),
    }
    differences = [
        line
        for name, (wanted, found) in checks.items()
        for line in _differences(name, wanted, found)
    ]
    return Report({name: len(found) for name, (_, found) in checks.items()}, differences)


Rows = dict[Any, Any]


def _differences(name: str, wanted: Rows, found: Rows) -> Iterator[str]:
    for key in sorted(wanted.keys() | found.keys(), key=repr):
        if wanted.get(key) != found.get(key):
            yield f"{name} {key}: 应为 {wanted.get(key)}，实为 {found.get(key)}"


def expected_postings(session: Session, rules: RulePack, sources: Sequence[Sources]) -> Rows:
    """Return what the sources say must be posted: key -> (day, occasion, amount)."""
    return {
        (e.kind, e.subject.kind, e.subject.id, e.source.type, e.source.id): (
            e.occurred_on,
            e.occasion,
            e.amount,
        )
        for capability in sources
        for e in capability.entries(session, rules.counting)
    }


def actual_postings(session: Session) -> Rows:
    rows = session.execute(
        sa.select(
            Posting.kind,
            Posting.subject_kind,
            Posting.subject_id,
            Posting.source_type,
            Posting.source_id,
            Posting.occurred_on,
            Posting.occasion,
            Posting.amount,
        ).where(queries.LIVE)
    )
    return {tuple(row[:5]): tuple(row[5:]) for row in rows}


def expected_facts(session: Session, sources: Sequence[Sources]) -> Rows:
    """Return what must stand or have stood: key with the first day -> the day it ended.

    One source may hold a state several times over; what ended on the day it began never held.
    """
    return {
        (f.kind, f.subject.kind, f.subject.id, f.source.type, f.source.id, f.starts_on): f.ends_on
        for capability in sources
        for f in capability.facts(session)
        if f.starts_on != f.ends_on
    }


def actual_facts(session: Session) -> Rows:
    """Leave out past intervals in which a community owed an answer: the answer ended them."""
    rows = session.execute(
        sa.select(
            StandingFact.kind,
            StandingFact.subject_kind,
            StandingFact.subject_id,
            StandingFact.source_type,
            StandingFact.source_id,
            StandingFact.starts_on,
            StandingFact.ends_on,
        ).where(
            StandingFact.ends_on.is_distinct_from(StandingFact.starts_on),
            sa.or_(StandingFact.ends_on.is_(None), ~StandingFact.kind.endswith("_unanswered")),
        )
    )
    return {tuple(row[:6]): row[6] for row in rows}
