"""Duty years and the rollups counted from them: locked first by whoever writes for a subject.

Lock order, the same for everybody: duty years by rule, subject and year; then the rollups by their
key. All that is written here goes through `restate`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core import clock, db
from backend.ledger import queries
from backend.ledger.holdings import Holding, MonthCount, Telling, ledger_of, telling
from backend.ledger.masks import NONE, Masks, masks_of
from backend.ledger.models import SubjectKind
from backend.ledger.rulepack import Rule, RulePack, base_of
from backend.ledger.subjects import Bound, Subject, bounds_of

# So many ways of standing a judge remembers.
REMEMBERED = 20_000


class Row(NamedTuple):
    """A duty year as it stands. `place_id` None: the rule does not bind the subject."""

    rule_id: str
    kind: SubjectKind
    subject_id: int
    year: int
    place_id: int | None
    since: date | None
    done: int
    owed: int
    exempt: bool

    @property
    def subject(self) -> Subject:
        return Subject(self.kind, self.subject_id)

    @property
    def bound(self) -> Bound | None:
        return None if self.place_id is None else Bound(self.place_id, self.since)


def lock(
    session: Session, rules: Sequence[Rule], subjects: Sequence[Subject], year: int
) -> list[Row]:
    """Lock the duty year of each rule and subject, creating it where there is none."""
    names = [rule.id for rule in rules]
    rows = lock_there(session, names, subjects, year, year)
    if len(rows) == len(rules) * len(subjects):
        return rows
    there = {(row.rule_id, row.subject_id) for row in rows}
    missing = [
        (rule, subject)
        for rule in rules
        for subject in subjects
        if (rule.id, subject.id) not in there
    ]
    _create(session, missing, year)
    return lock_there(session, names, subjects, year, year)


_LOCKED = sa.text(
    "SELECT rule_id, subject_kind, subject_id, year, place_id, bound_since, done, owed, exempt"
    " FROM duty_year WHERE rule_id = ANY(:rules) AND subject_kind = ANY(:kinds)"
    " AND subject_id = ANY(:ids) AND year BETWEEN :first AND :last"
    " ORDER BY rule_id, subject_kind, subject_id, year FOR UPDATE"
)


def lock_there(
    session: Session,
    rule_ids: Sequence[str],
    subjects: Sequence[Subject],
    first: int,
    last: int = 9999,
) -> list[Row]:
    """Lock the duty years there are, from one year to another: what is so from a day on changes
    those of its year and of all later ones."""
    if not rule_ids or not subjects:
        return []
    values = {
        "rules": list(rule_ids),
        "kinds": sorted({str(subject.kind) for subject in subjects}),
        "ids": [subject.id for subject in subjects],
        "first": first,
        "last": last,
    }
    found = db.read(session, _LOCKED, values)
    return [Row(row[0], SubjectKind(row[1]), *row[2:]) for row in found]


_CREATE = sa.text(
    "INSERT INTO duty_year (rule_id, subject_kind, subject_id, year, place_id, bound_since)"
    " SELECT * FROM unnest(CAST(:rules AS text[]), CAST(:kinds AS text[]),"
    " CAST(:ids AS bigint[]), CAST(:years AS smallint[]), CAST(:places AS bigint[]),"
    " CAST(:sinces AS date[])) AS made (rule_id, kind, id, year, place, since)"
    " ORDER BY rule_id, kind, id ON CONFLICT DO NOTHING"
)


def _create(session: Session, missing: Sequence[tuple[Rule, Subject]], year: int) -> None:
    """Create blank years, which `restate` fills; in no rollup yet, for nothing is owed in them."""
    rules = {rule.id: rule for rule, _ in missing if rule.in_force(year)}
    bounds = bounds_of(session, rules.values(), {subject for _, subject in missing})
    found = [bounds.get((rule.id, subject)) for rule, subject in missing]
    create(session, [(rule.id, subject) for rule, subject in missing], found, year)


def create(
    session: Session,
    keys: Sequence[tuple[str, Subject]],
    bounds: Sequence[Bound | None],
    year: int,
) -> None:
    """Create the years of rules and subjects, blank; what is there stays as it is."""
    values = {
        "rules": [rule_id for rule_id, _ in keys],
        "kinds": [str(subject.kind) for _, subject in keys],
        "ids": [subject.id for _, subject in keys],
        "years": [year] * len(keys),
        "places": [bound.place_id if bound else None for bound in bounds],
        "sinces": [bound.since if bound else None for bound in bounds],
    }
    db.read(session, _CREATE, values)


@dataclass(frozen=True)
class Moved:
    """A row as it was, and as it has to be."""

    before: Row
    after: Row


# Locked rows, and how rules see their subjects now.
Part = tuple[Sequence[Row], Mapping[tuple[str, Subject], Bound | None] | None]
# What a rollup is known by.
Line = tuple[Any, ...]


def restate(
    session: Session,
    rules: RulePack,
    rows: Sequence[Row],
    bounds: Mapping[tuple[str, Subject], Bound | None] | None = None,
) -> int:
    """Write locked years anew from tallies and standing facts, and move the subjects within the
    rollups; return how many changed. `bounds`: how rules see the subjects now, where that has
    changed. At most four statements, however many rows."""
    return restate_each(session, rules, [(rows, bounds)])


def restate_each(session: Session, rules: RulePack, parts: Iterable[Part]) -> int:
    """Do so with one part of the rows after the other, and touch the rollups once, at the end:
    everybody who confirms writes in them, and waits for whoever has."""
    changed, rolled = 0, Counter[Line]()
    for rows, bounds in parts:
        moved = _moved(session, rules, rows, bounds)
        if moved:
            _write(session, [one.after for one in moved])
            _count(rolled, moved)
            changed += len(moved)
    _roll(session, rolled)
    return changed


def _moved(
    session: Session,
    rules: RulePack,
    rows: Sequence[Row],
    bounds: Mapping[tuple[str, Subject], Bound | None] | None,
) -> list["Moved"]:
    """Return the rows that are otherwise than they have to be, and how that is."""
    if not rows:
        return []
    subjects = sorted({row.subject for row in rows})
    years = [row.year for row in rows]
    looking = [rules.by_id[id_] for id_ in {row.rule_id for row in rows} if id_ in rules.by_id]
    posted = {kind for rule in looking for kind in rule.counted}
    facts = {kind for rule in looking for kind in rule.facts}
    first, last = min(years), max(years)
    months = queries.months_of(session, subjects, first, until=last, kinds=posted) if posted else {}
    holdings = queries.holdings_of(session, subjects, facts)
    moved = []
    judge = Judge(rules)
    for row in rows:
        bound = row.bound if bounds is None else bounds.get((row.rule_id, row.subject), row.bound)
        found = judge.row(row, bound, months.get(row.subject, ()), holdings.get(row.subject, ()))
        place, since = (bound.place_id, bound.since) if bound else (None, None)
        after = row._replace(
            place_id=place, since=since, done=found.done, owed=found.owed, exempt=found.exempt
        )
        if after != row:
            moved.append(Moved(row, after))
    return moved


class Judge:
    """Computes the bits of those who stand alike once: mostly of everybody who has neither a tally
    nor a fact."""

    def __init__(self, rules: RulePack) -> None:
        self._rules, self._today = rules, clock.today()
        self._judged = lru_cache(maxsize=REMEMBERED)(self._judge)

    def row(
        self,
        row: Row,
        bound: Bound | None,
        months: Sequence[MonthCount],
        holdings: Sequence[Holding],
    ) -> Masks:
        """Return the bits of a row for a subject that is bound so."""
        rule = self._rules.by_id.get(row.rule_id)
        if bound is None or rule is None or not rule.in_force(row.year):
            return NONE
        # What the rule does not look at makes no difference.
        months = [month for month in months if base_of(month.kind) in rule.counted]
        holdings = [held for held in holdings if held.kind in rule.facts]
        return self.masks(rule, row.year, bound.since, months, holdings)

    def masks(
        self,
        rule: Rule,
        year: int,
        since: date | None,
        months: Sequence[MonthCount],
        holdings: Sequence[Holding],
    ) -> Masks:
        """Return the bits of a subject bound `since` then, of what a rule looks at."""
        return self._judged(rule.id, year, telling(rule, year, since, months, holdings))

    def _judge(self, rule_id: str, year: int, told: Telling) -> Masks:
        rule, (since, months, holdings) = self._rules.by_id[rule_id], told
        return masks_of(rule, ledger_of(rule, year, months, holdings, since, today=self._today))


_WRITE = sa.text(
    "UPDATE duty_year AS d SET place_id = n.place, bound_since = n.since, done = n.done,"
    " owed = n.owed, exempt = n.exempt FROM unnest(CAST(:rules AS text[]), CAST(:kinds AS text[]),"
    " CAST(:ids AS bigint[]), CAST(:years AS smallint[]), CAST(:places AS bigint[]),"
    " CAST(:sinces AS date[]), CAST(:dones AS bigint[]), CAST(:oweds AS bigint[]),"
    " CAST(:exempts AS boolean[])) AS n (rule, kind, id, year, place, since, done, owed, exempt)"
    " WHERE d.rule_id = n.rule AND d.subject_kind = n.kind AND d.subject_id = n.id"
    " AND d.year = n.year"
)
_COLUMNS = ("rules", "kinds", "ids", "years", "places", "sinces", "dones", "oweds", "exempts")


def _write(session: Session, rows: Sequence[Row]) -> None:
    db.read(session, _WRITE, _columns(_COLUMNS, [(r[0], str(r[1]), *r[2:]) for r in rows]))


_ROLL = sa.text(
    "INSERT INTO rollup AS r (rule_id, year, place_id, done, owed, exempt, subjects)"
    " SELECT * FROM unnest(CAST(:rules AS text[]), CAST(:years AS smallint[]),"
    " CAST(:places AS bigint[]), CAST(:dones AS bigint[]), CAST(:oweds AS bigint[]),"
    " CAST(:exempts AS boolean[]), CAST(:changes AS bigint[]))"
    " ON CONFLICT ON CONSTRAINT pk_rollup DO UPDATE SET subjects = r.subjects + excluded.subjects"
)
_ROLLED = ("rules", "years", "places", "dones", "oweds", "exempts", "changes")


def _count(changes: Counter[Line], moved: Iterable[Moved]) -> None:
    for one in moved:
        for row, change in ((one.before, -1), (one.after, 1)):
            if row.place_id is not None and row.owed:
                changes[row.rule_id, row.year, row.place_id, row.done, row.owed, row.exempt] += (
                    change
                )


def _roll(session: Session, changes: Counter[Line]) -> None:
    lines = [(*key, change) for key, change in sorted(changes.items()) if change]
    if lines:
        db.read(session, _ROLL, _columns(_ROLLED, lines))


def _columns(names: Sequence[str], lines: Sequence[Sequence[Any]]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for line in lines:
        for name, value in zip(names, line, strict=True):
            found[name].append(value)
    return found
