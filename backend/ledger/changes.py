"""What one step writes for its subjects: locked as it is written, restated once when all is."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.ledger import binding, duty_years, queries
from backend.ledger.duty_years import Row
from backend.ledger.models import SubjectKind, Tally
from backend.ledger.periods import month_of
from backend.ledger.rulepack import RulePack
from backend.ledger.subjects import Subject

_OPEN = "ledger_change"


@contextmanager
def one_change(session: Session, rules: RulePack) -> Iterator["Change"]:
    """Let whatever the ledger is told within the block be one change: duty years and rollups
    follow at its end. A change within another is part of it. Whom a rule binds is brought in step
    (`binding.rebind`) before it or after, never within: it would state what is locked here."""
    outer: Change | None = session.info.get(_OPEN)
    if outer is not None:
        yield outer
        return
    change = session.info[_OPEN] = Change(session, rules)
    try:
        yield change
        change.restate()
    finally:
        del session.info[_OPEN]


class Change:
    """The years that are locked, and what has to be counted or bound anew when all is written."""

    def __init__(self, session: Session, rules: RulePack) -> None:
        self._session, self._rules = session, rules
        self._locked: dict[tuple[str, Subject, int], Row] = {}
        # From which year on all years that there are of a rule and subject are locked.
        self._since: dict[tuple[str, Subject], int] = {}
        self._months: set[tuple[str, Subject, date]] = set()
        self._holders: set[Subject] = set()

    def lock(self, kind: str, subject: Subject, day: date) -> list[Row]:
        """Lock the subject's year, or where no rule looks at the kind, the tally itself; have the
        month counted again."""
        touched = self._rules.touched_by(kind, subject.kind)
        if not touched:
            _lock_tally(self._session, kind, subject, month_of(day))
        self._months.add((kind, subject, month_of(day)))
        keys = [(rule.id, subject, day.year) for rule in touched]
        if any(key not in self._locked for key in keys):
            self._note(duty_years.lock(self._session, touched, [subject], day.year))
        return [self._locked[key] for key in keys]

    def lock_since(self, kind: str, subject: Subject, year: int) -> None:
        """Lock the years that a fact changes which is so from `year` on; those that are open are
        created, so that whoever makes the rows of the next year waits for it."""
        if self._rules.bound_by(kind, subject.kind):
            self._holders.add(subject)
        touched = self._rules.touched_by(kind, subject.kind)
        names = [rule.id for rule in touched]
        if all(self._since.get((name, subject), 9999) <= year for name in names):
            return
        rows = duty_years.lock_there(self._session, names, [subject], year)
        there = {(row.rule_id, row.year) for row in rows}
        missing = [y for y in binding.open_years() if any((name, y) not in there for name in names)]
        for open_year in missing:
            duty_years.lock(self._session, touched, [subject], open_year)
        if missing:
            rows = duty_years.lock_there(self._session, names, [subject], year)
        self._note(rows)
        self._since |= {(name, subject): year for name in names}

    def lock_all_since(
        self, told: Mapping[tuple[str, SubjectKind], Collection[int]], year: int
    ) -> None:
        """Lock the same for many at once: `told` says of which kinds of facts whose change. Rule by
        rule, as whoever else writes for them does."""
        concerned: dict[str, set[Subject]] = defaultdict(set)
        for (kind, subject_kind), ids in told.items():
            subjects = {Subject(subject_kind, id_) for id_ in ids}
            if self._rules.bound_by(kind, subject_kind):
                self._holders |= subjects
            for rule in self._rules.touched_by(kind, subject_kind):
                concerned[rule.id] |= subjects
        for name, found in sorted(concerned.items()):
            rule, in_order = self._rules.by_id[name], sorted(found)
            for open_year in binding.open_years():
                duty_years.lock(self._session, [rule], in_order, open_year)
            self._note(duty_years.lock_there(self._session, [name], in_order, year))

    def _note(self, rows: list[Row]) -> None:
        self._locked |= {(row.rule_id, row.subject, row.year): row for row in rows}

    def restate(self) -> None:
        """Count the months again from their postings, then bring duty years and rollups after."""
        self._session.flush()
        for kind, subject, month in sorted(self._months):
            _recount(self._session, kind, subject, month)
        duty_years.restate(self._session, self._rules, list(self._locked.values()))
        if self._holders:
            binding.rebind(self._session, self._rules, sorted(self._holders))


def _lock_tally(session: Session, kind: str, subject: Subject, month: date) -> None:
    key = {"subject_kind": subject.kind, "subject_id": subject.id, "kind": kind, "month": month}
    there = insert(Tally).values(**key)
    session.execute(
        there.on_conflict_do_update(constraint="pk_tally", set_={"kind": there.excluded.kind})
    )


def _recount(session: Session, kind: str, subject: Subject, month: date) -> None:
    values = session.execute(queries.count_month(kind, subject, month)).one()._asdict()
    key = {"subject_kind": subject.kind, "subject_id": subject.id, "kind": kind}
    session.execute(
        insert(Tally)
        .values(**key, month=month, **values)
        .on_conflict_do_update(constraint="pk_tally", set_=values)
    )
