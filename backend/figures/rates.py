"""How far a duty is met in an area and in each area right below it.

Numerators come from the rollups (or the standing facts), denominators from who is bound today.
`cells.py` decides what stays hidden, from the top of the actor's own territory downwards.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from backend.core import clock
from backend.core.actor import Actor
from backend.core.errors import NotFound
from backend.figures import cells, policy
from backend.figures.cells import Cell, Counts
from backend.ledger.exemptions import kind_of
from backend.ledger.models import DutyYear, Rollup, StandingFact, SubjectKind
from backend.ledger.periods import PeriodLength
from backend.ledger.rulepack import Check, Form, Rule, RulePack
from backend.ledger.subjects import bound_subjects
from backend.ledger.verdicts import needed_pattern
from backend.people.areas.models import Area, AreaLevel


@dataclass(frozen=True)
class Rates:
    rule: Rule
    year: int
    total: Cell
    children: list[Cell]


def rates(
    session: Session, rules: RulePack, *, actor: Actor, area_code: str, rule_id: str, year: int
) -> Rates:
    """Return the figures of an area of the actor's own territory; four statements at most."""
    rule = _rule(rules, rule_id)
    path = _path(session, actor, area_code)
    counts = _counts(session, rule, path[0], year)
    total, children = _figures(rule, counts, path, _children(session, path))
    return Rates(rule, year, total, children)


def overview(
    session: Session, rules: RulePack, *, actor: Actor, area_code: str, year: int
) -> tuple[Area, list[tuple[Rule, Cell]]]:
    """Return an area and its figures rule by rule; one or two statements a rule."""
    path = _path(session, actor, area_code)
    children = _children(session, path[:-1])  # only those above can hide this one
    found = [
        (rule, _figures(rule, _counts(session, rule, path[0], year), path, children)[0])
        for rule in rules.rules
    ]
    return path[-1], found


def visible(
    session: Session, rules: RulePack, *, actor: Actor, area_code: str, rule_id: str
) -> tuple[Rule, Area]:
    """Return the rule and an area of the actor's own territory; raises NotFound."""
    return _rule(rules, rule_id), _path(session, actor, area_code)[-1]


def _rule(rules: RulePack, rule_id: str) -> Rule:
    rule = rules.by_id.get(rule_id)
    if rule is None:
        raise _not_found()
    return rule


def _not_found() -> NotFound:
    return NotFound("area_not_found", "没有找到该区划或规则。")


_LEVELS = list(AreaLevel)


def _path(session: Session, actor: Actor, code: str) -> list[Area]:
    """Return the areas from the top of the actor's territory down to the one asked for."""
    asked = aliased(Area)
    ids = (asked.city_id, asked.district_id, asked.township_id, asked.id)
    found = session.scalars(
        sa.select(Area)
        .join(asked, sa.or_(*(Area.id == id_ for id_ in ids)))
        .where(asked.code == code, ~asked.hidden, policy.visible_areas(actor))
    ).all()
    path = sorted(found, key=lambda area: _LEVELS.index(area.level))
    if not path or path[-1].code != code:
        raise _not_found()
    return path


Children = dict[int, list[Area]]


def _children(session: Session, parents: list[Area]) -> Children:
    """Return what lies right below each of `parents`, in order of code."""
    found: Children = defaultdict(list)
    if parents:
        below = Area.parent_id.in_([area.id for area in parents])
        for row in session.scalars(sa.select(Area).where(below, ~Area.hidden).order_by(Area.code)):
            found[row.parent_id or 0].append(row)
    return found


ByArea = dict[int, Counts]


def _figures(
    rule: Rule, counts: ByArea, path: list[Area], children: Children
) -> tuple[Cell, list[Cell]]:
    """Return the last area's cell and those below it, each as it looks from the top of the path.

    Of persons only, small cells are hidden; not from the community in which they are registered,
    which knows each of them.
    """

    def parts(area: Area) -> list[Cell]:
        return [cells.cell(child, counts.get(child.id, Counts())) for child in children[area.id]]

    total = cells.cell(path[-1], counts.get(path[-1].id, Counts()))
    if rule.subject is not SubjectKind.MEMBER or path[0].level is AreaLevel.COMMUNITY:
        return total, parts(path[-1])
    total = cells.suppress_total(cells.cell(path[0], counts.get(path[0].id, Counts())))
    for above, below in pairwise(path):
        seen = cells.suppress(total, parts(above))
        total = next(one for one in seen if one.area is below)
    return total, cells.suppress(total, parts(path[-1]))


_OWN_LEVEL = {
    AreaLevel.CITY: Area.city_id,
    AreaLevel.DISTRICT: Area.district_id,
    AreaLevel.TOWNSHIP: Area.township_id,
    AreaLevel.COMMUNITY: Area.id,
}


def inside(area: Area) -> sa.ColumnElement[bool]:
    """Say whether a community is the area or lies in it."""
    return _OWN_LEVEL[area.level] == area.id


def _counts(session: Session, rule: Rule, top: Area, year: int) -> ByArea:
    """Return the counts of `top` and of every area in it where somebody stands."""
    places = list(_bound(session, rule, top, year))
    if not rule.standing:
        places += _rolled_up(session, rule, top, year)
    summed: ByArea = defaultdict(Counts)
    for place, counts in places:
        for area_id in place:
            summed[area_id] += counts
    return summed


# The areas in which a place lies, and the place itself.
Place = frozenset[int]
_PLACE = (Area.city_id, Area.district_id, Area.township_id, Area.id)


def _place(ids: Iterable[int | None]) -> Place:
    return frozenset(id_ for id_ in ids if id_ is not None)


def _bound(session: Session, rule: Rule, top: Area, year: int) -> list[tuple[Place, Counts]]:
    """Count who is bound and exempt, place by place; for a standing duty also who has met it."""
    bound = bound_subjects(rule.scope).subquery()
    met = _standing_met(rule, bound, year) if rule.standing else None
    exempt = sa.and_(
        _exempt(rule, bound, year),
        sa.not_(met if met is not None else _fulfilled(rule, bound.c.subject_id, year)),
    )
    rows = session.execute(
        sa.select(
            *_PLACE,
            sa.func.count(),
            sa.func.count().filter(met) if met is not None else sa.literal(0),
            sa.func.count().filter(exempt),
        )
        .select_from(bound)
        .join(Area, Area.id == bound.c.place_id)
        .where(inside(top), owes_something(rule, bound.c.since, year))
        .group_by(*_PLACE)
    )
    return [(_place(row[:4]), Counts(*row[4:])) for row in rows]


def _rolled_up(session: Session, rule: Rule, top: Area, year: int) -> list[tuple[Place, Counts]]:
    """Count who has met a duty, place by place."""
    needed = needed_pattern(rule, year, clock.today())
    rows = session.execute(
        sa.select(*_PLACE, sa.cast(sa.func.sum(Rollup.subjects), sa.BigInteger))
        .join(Area, Area.id == Rollup.place_id)
        .where(
            Rollup.rule_id == rule.id,
            Rollup.year == year,
            Rollup.pattern.bitwise_and(needed) == needed,
            inside(top),
        )
        .group_by(*_PLACE)
    )
    return [(_place(row[:4]), Counts(met=row[4])) for row in rows]


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


def _exempt(rule: Rule, bound: sa.Subquery, year: int) -> sa.ColumnElement[bool]:
    """A standing duty is lifted on a day; of one that counts, every month owed must be free."""
    kind, first, end = kind_of(rule.id), date(year, 1, 1), date(year + 1, 1, 1)
    if rule.standing:
        return _holds(rule, (kind,), bound.c.subject_id, min(clock.today(), date(year, 12, 31)))
    joined = sa.cast(sa.func.date_trunc("month", bound.c.since), sa.Date)
    owed = sa.func.daterange(sa.func.least(sa.func.greatest(first, joined), end), end)
    freed = sa.select(
        sa.func.range_agg(sa.func.daterange(StandingFact.starts_on, StandingFact.ends_on))
    ).where(
        StandingFact.subject_kind == rule.subject,
        StandingFact.subject_id == bound.c.subject_id,
        StandingFact.kind == kind,
    )
    return sa.func.coalesce(freed.scalar_subquery().op("@>")(owed), sa.false())


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
    always = [check for check in rule.checks if check.held is None] or rule.checks
    last_days = [_last_day_to_join(check, year, today) for check in always]
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
