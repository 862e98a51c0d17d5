"""Everything a few subjects' duties are judged from, read at once."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core import clock, db
from backend.ledger import queries
from backend.ledger.holdings import Holding, Ledger, MonthCount, ledger_of
from backend.ledger.models import SubjectKind
from backend.ledger.rulepack import Rule
from backend.ledger.subjects import Asked, Bound, Subject, asked_by, bounds_in


@dataclass(frozen=True)
class State:
    """Tallies of a year, standing facts, and how rules see the subjects today."""

    year: int
    months: dict[Subject, list[MonthCount]] = field(default_factory=lambda: defaultdict(list))
    holdings: dict[Subject, list[Holding]] = field(default_factory=lambda: defaultdict(list))
    bounds: dict[tuple[Asked | str, int], Bound] = field(default_factory=dict)
    # Whether it is a year that is over, which keeps who was bound in it.
    over: bool = False

    def ledger(self, rule: Rule, subject: Subject) -> Ledger | None:
        """Return what a rule reads of a subject; None where it does not bind it."""
        bound = self.bounds.get((rule.id if self.over else asked_by(rule), subject.id))
        if bound is None or not rule.in_force(self.year):
            return None
        return ledger_of(
            rule,
            self.year,
            self.months.get(subject, ()),
            self.holdings.get(subject, ()),
            bound.since,
            today=clock.today(),
        )


MONTH, HOLDING, BOUND = "month", "holding", "bound"


def state_of(
    session: Session, rules: Iterable[Rule], subjects: Iterable[Subject], year: int
) -> State:
    """Read what some rules look at of some subjects; one statement."""
    asked: dict[SubjectKind, list[int]] = defaultdict(list)
    for subject in sorted(subjects):
        asked[subject.kind].append(subject.id)
    wanted = tuple(sorted({asked_by(rule) for rule in rules if rule.subject in asked}))
    values: dict[str, object] = {f"{kind}_ids": asked.get(kind, []) for kind in SubjectKind}
    values |= queries.named(Subject(kind, id_) for kind, ids in asked.items() for id_ in ids)
    values |= {"first": date(year, 1, 1), "last": date(year, 12, 1), "year": year}
    state = State(year, over=year < clock.today().year)
    statement = _OF_A_YEAR_THAT_IS_OVER if state.over else _statement(wanted)
    for what, kind, id_, text, first, last, *numbers in db.read(session, statement, values):
        subject = Subject(SubjectKind(kind), id_)
        if what == MONTH:
            state.months[subject].append(MonthCount(text, first, *numbers))
        elif what == HOLDING:
            state.holdings[subject].append(Holding(text, first, last, numbers[0]))
        else:
            key = text if state.over else (tuple(text.split(" ")), subject.kind)
            state.bounds[key, id_] = Bound(numbers[0], first)
    return state


_ZEROS = (sa.literal(0), sa.literal(0), sa.literal(0))
_NO_DAY = sa.cast(sa.null(), sa.Date)
_months, _holdings = queries.MONTHS.subquery(), queries.HOLDINGS.subquery()
# United in columns of the same types: what it is, of whom, a text, two days, four numbers.
_MONTHS = sa.select(
    sa.literal(MONTH),
    sa.cast(_months.c.subject_kind, sa.Text),
    _months.c.subject_id,
    _months.c.kind,
    _months.c.month,
    _NO_DAY,
    _months.c.occasions,
    _months.c.occasions_late,
    _months.c.amount,
    _months.c.amount_late,
)
_HOLDINGS = sa.select(
    sa.literal(HOLDING),
    sa.cast(_holdings.c.subject_kind, sa.Text),
    _holdings.c.subject_id,
    _holdings.c.kind,
    _holdings.c.starts_on,
    _holdings.c.ends_on,
    _holdings.c.source_id,
    *_ZEROS,
)


_then = queries.BOUND_THEN.subquery()
_OF_A_YEAR_THAT_IS_OVER = sa.union_all(
    _MONTHS,
    _HOLDINGS,
    sa.select(
        sa.literal(BOUND),
        sa.cast(_then.c.subject_kind, sa.Text),
        _then.c.subject_id,
        _then.c.rule_id,
        _then.c.bound_since,
        _NO_DAY,
        _then.c.place_id,
        *_ZEROS,
    ),
)


@cache
def _statement(asked: tuple[Asked, ...]) -> sa.CompoundSelect[*tuple[Any, ...]]:
    return sa.union_all(_MONTHS, _HOLDINGS, *map(_bounds, asked))


def _bounds(asked: Asked) -> sa.Select[*tuple[Any, ...]]:
    scopes, kind = asked
    bound = bounds_in(asked).subquery()
    return sa.select(
        sa.literal(BOUND),
        sa.literal(str(kind)),
        bound.c.subject_id,
        sa.literal(" ".join(scopes)),
        bound.c.since,
        _NO_DAY,
        bound.c.place_id,
        *_ZEROS,
    )
