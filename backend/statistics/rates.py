"""How far a duty is met in an area and in each area right below it.

Numerators come from the rollups (or the standing facts), denominators from who is bound today.
Small cells are hidden together with a sibling from which they could be computed (spec 8.5).
"""

from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.areas.models import Area, AreaLevel
from backend.core import clock
from backend.core.actor import Actor
from backend.core.errors import NotFound
from backend.duties.models import DutyYear, Rollup, StandingFact
from backend.duties.periods import PeriodLength
from backend.duties.rulepack import Check, Form, Rule, RulePack
from backend.duties.subjects import bound_subjects
from backend.duties.verdicts import needed_pattern
from backend.statistics import policy

SMALL = 5


@dataclass(frozen=True)
class Cell:
    """One area's figures; all None when the cell is hidden."""

    area: Area
    subjects: int | None
    met: int | None
    exempt: int | None

    @property
    def rate(self) -> float | None:
        """Met by who had to, 0 to 1; None without anybody or when hidden."""
        if self.subjects is None or self.met is None or self.exempt is None:
            return None
        bound = self.subjects - self.exempt
        return round(self.met / bound, 4) if bound > 0 else None


@dataclass(frozen=True)
class Rates:
    rule: Rule
    year: int
    total: Cell
    children: list[Cell]


def rates(
    session: Session, rules: RulePack, *, actor: Actor, area_code: str, rule_id: str, year: int
) -> Rates:
    """Return the figures of an area of the actor's own territory; four statements."""
    rule, area = visible(session, rules, actor=actor, area_code=area_code, rule_id=rule_id)
    children = session.scalars(
        sa.select(Area).where(Area.parent_id == area.id, ~Area.hidden).order_by(Area.code)
    ).all()
    counts = _count(session, rule, area, year)
    cells = [_cell(child, [counts.get(child.id, (0, 0, 0))]) for child in children]
    total = _cell(area, list(counts.values()))
    if _small(total):
        return Rates(rule, year, _hidden(total), [_hidden(cell) for cell in cells])
    return Rates(rule, year, total, suppress(cells))


def overview(
    session: Session, rules: RulePack, *, actor: Actor, area_code: str, year: int
) -> tuple[Area, list[tuple[Rule, Cell]]]:
    """Return an area and its figures rule by rule; one or two statements a rule."""
    area = _visible_area(session, actor, area_code)
    found = []
    for rule in rules.rules:
        total = _cell(area, list(_count(session, rule, area, year).values()))
        found.append((rule, _hidden(total) if _small(total) else total))
    return area, found


def visible(
    session: Session, rules: RulePack, *, actor: Actor, area_code: str, rule_id: str
) -> tuple[Rule, Area]:
    """Return the rule and an area of the actor's own territory; raises NotFound."""
    rule = rules.by_id.get(rule_id)
    if rule is None:
        raise NotFound("area_not_found", "没有找到该区划或规则。")
    return rule, _visible_area(session, actor, area_code)


def _visible_area(session: Session, actor: Actor, code: str) -> Area:
    area = session.scalars(
        sa.select(Area).where(Area.code == code, policy.visible_areas(actor))
    ).first()
    if area is None:
        raise NotFound("area_not_found", "没有找到该区划或规则。")
    return area


Counts = dict[int, tuple[int, int, int]]


def _cell(area: Area, counts: list[tuple[int, int, int]]) -> Cell:
    return Cell(area, *(sum(count[i] for count in counts) for i in range(3)))


def _small(cell: Cell) -> bool:
    return 0 < (cell.subjects or 0) < SMALL


def suppress(cells: list[Cell]) -> list[Cell]:
    """Hide cells of one to four subjects, and the next smallest when just one would be hidden."""
    small = {i for i, cell in enumerate(cells) if _small(cell)}
    if len(small) == 1:
        rest = [i for i, cell in enumerate(cells) if i not in small and cell.subjects]
        small |= set(sorted(rest, key=lambda i: (cells[i].subjects or 0, i))[:1])
    return [_hidden(cell) if i in small else cell for i, cell in enumerate(cells)]


def _hidden(cell: Cell) -> Cell:
    return replace(cell, subjects=None, met=None, exempt=None)


_CHILD_LEVEL = {
    AreaLevel.CITY: Area.district_id,
    AreaLevel.DISTRICT: Area.township_id,
    AreaLevel.TOWNSHIP: Area.id,
    AreaLevel.COMMUNITY: Area.id,
}
_OWN_LEVEL = {
    AreaLevel.CITY: Area.city_id,
    AreaLevel.DISTRICT: Area.district_id,
    AreaLevel.TOWNSHIP: Area.township_id,
    AreaLevel.COMMUNITY: Area.id,
}


def inside(area: Area) -> sa.ColumnElement[bool]:
    """Whether a community is the area or lies in it."""
    return _OWN_LEVEL[area.level] == area.id


def _count(session: Session, rule: Rule, area: Area, year: int) -> Counts:
    """Return by child area (or the area itself): subjects, met, exempt."""
    child = sa.func.coalesce(_CHILD_LEVEL[area.level], Area.id).label("child")
    bound = bound_subjects(rule.scope).subquery()
    met = _standing_met(rule, bound, year) if rule.standing else None
    today, last = clock.today(), date(year, 12, 31)
    exempt = sa.and_(
        _holds(rule, (f"exemption_{rule.id}",), bound.c.subject_id, min(today, last)),
        sa.not_(met if met is not None else _fulfilled(rule, bound.c.subject_id, year)),
    )
    rows = session.execute(
        sa.select(
            child,
            sa.func.count().label("subjects"),
            (sa.func.count().filter(met) if met is not None else sa.literal(0)).label("met"),
            sa.func.count().filter(exempt).label("exempt"),
        )
        .select_from(bound)
        .join(Area, Area.id == bound.c.place_id)
        .where(inside(area), owes_something(rule, bound.c.since, year))
        .group_by(child)
    )
    counts: Counts = {row.child: (row.subjects, row.met, row.exempt) for row in rows}
    if met is None:
        for place, number in _rolled_up(session, rule, year, child, area):
            subjects, _, exempted = counts.get(place, (0, 0, 0))
            counts[place] = (subjects, number, exempted)
    return counts


def _rolled_up(
    session: Session,
    rule: Rule,
    year: int,
    child: sa.ColumnElement[int],
    area: Area,
) -> list[tuple[int, int]]:
    needed = needed_pattern(rule, year, clock.today())
    rows = session.execute(
        sa.select(child, sa.cast(sa.func.sum(Rollup.subjects), sa.BigInteger))
        .join(Area, Area.id == Rollup.place_id)
        .where(
            Rollup.rule_id == rule.id,
            Rollup.year == year,
            Rollup.pattern.bitwise_and(needed) == needed,
            inside(area),
        )
        .group_by(child)
    )
    return [(row[0], row[1]) for row in rows]


def _fulfilled(rule: Rule, subject_id: sa.ColumnElement[int], year: int) -> sa.ColumnElement[bool]:
    needed = needed_pattern(rule, year, clock.today())
    return sa.exists().where(
        DutyYear.rule_id == rule.id,
        DutyYear.subject_id == subject_id,
        DutyYear.year == year,
        DutyYear.pattern.bitwise_and(needed) == needed,
    )


def _standing_met(rule: Rule, bound: sa.Subquery, year: int) -> sa.ColumnElement[bool]:
    day = min(clock.today(), date(year, 12, 31))
    return _holds(rule, tuple(rule.kinds), bound.c.subject_id, day)


def _holds(
    rule: Rule, kinds: tuple[str, ...], subject_id: sa.ColumnElement[int], day: date
) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        StandingFact.subject_kind == rule.subject,
        StandingFact.subject_id == subject_id,
        StandingFact.kind.in_(kinds),
        StandingFact.starts_on <= day,
        sa.or_(StandingFact.ends_on.is_(None), StandingFact.ends_on > day),
    )


def owes_something(
    rule: Rule, since: sa.ColumnElement[date | None], year: int
) -> sa.ColumnElement[bool]:
    """Leave out who joined too late to owe anything by today (spec 1.3, joining mid-year)."""
    today = min(clock.today(), date(year, 12, 31))
    last_days = [_last_day_to_join(check, year, today) for check in rule.checks]
    return sa.or_(since.is_(None), since <= max(last_days))


def _last_day_to_join(check: Check, year: int, today: date) -> date:
    if check.period is not PeriodLength.YEAR:
        begun = (today.month - 1) // check.period * check.period + 1 if today.year == year else 1
        return date(year, begun, 1)
    return (
        date(year, 12, 31)
        if check.threshold > 1 or check.form is Form.STANDING
        else date(year, 7, 31)
    )
