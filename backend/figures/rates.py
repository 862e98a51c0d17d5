"""How far duties are met in an area and in each area right below it, read from the rollups.

`cells.py` decides what stays hidden, from the top of the actor's own territory downwards.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from backend.core import clock, wording
from backend.core.actor import Actor
from backend.core.errors import NotFound
from backend.figures import cells, policy, registered
from backend.figures.cells import Cell, Counts
from backend.figures.registered import Review
from backend.ledger import masks
from backend.ledger.models import Rollup, SubjectKind
from backend.ledger.rulepack import Rule, RulePack
from backend.people.areas.models import Area, AreaLevel


@dataclass(frozen=True)
class Rates:
    """`computed`: whether there is anything to compute from; else nobody is counted. `review`: how
    far the register was looked through that says whom the rule binds. `listed`: whether the
    subjects are listed one by one to who asks."""

    rule: Rule
    year: int
    total: Cell
    children: list[Cell]
    computed: bool
    review: Review | None = None
    listed: bool = False


def rates(
    session: Session, rules: RulePack, *, actor: Actor, area_code: str, rule_id: str, year: int
) -> Rates:
    """Return the figures of an area of the actor's own territory; two statements, and one where a
    register says whom the rule binds."""
    rule = _rule(rules, rule_id)
    path, below = _around(session, actor, area_code)
    counts = _counts(session, [rule], path, year, below=True)
    total, children = _figures(rule, counts[rule.id], path, below)
    review = registered.reviews(session, [rule], path[-1], year).get(rule.id)
    listed = rule.subject is not SubjectKind.MEMBER and registered.lists(actor, rule)
    return Rates(rule, year, total, children, rules.is_computed(rule), review, listed)


def overview(
    session: Session, rules: RulePack, *, actor: Actor, area_code: str, year: int
) -> tuple[Area, list[tuple[Rule, Cell, Review | None]]]:
    """Return an area and its figures rule by rule; three statements."""
    path, children = _around(session, actor, area_code)
    counts = _counts(session, rules.rules, path, year)
    reviews = registered.reviews(session, rules.rules, path[-1], year)
    found = [
        (rule, _figures(rule, counts[rule.id], path, children)[0], reviews.get(rule.id))
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
    return _around(session, actor, code)[0]


Children = dict[int, list[Area]]


def _around(session: Session, actor: Actor, code: str) -> tuple[list[Area], Children]:
    """Return the same, and what lies right below each of them, in order of code; one statement."""
    asked, code = aliased(Area), wording.code(code)
    ids = (asked.city_id, asked.district_id, asked.township_id, asked.id)
    near = (sa.or_(Area.id == id_, Area.parent_id == id_) for id_ in ids)
    rows = session.execute(
        sa.select(Area, *ids)
        .join(asked, sa.or_(*near))
        .where(asked.code == code, ~asked.hidden, ~Area.hidden, policy.visible_areas(actor))
        .order_by(Area.code)
    ).all()
    on_path = {*rows[0][1:]} if rows else set()
    areas = [row[0] for row in rows]
    path = [area for area in areas if area.id in on_path]
    path.sort(key=lambda area: _LEVELS.index(area.level))
    if not path or path[-1].code != code:
        raise _not_found()
    below: Children = defaultdict(list)
    for area in areas:
        below[area.parent_id or 0].append(area)
    return path, below


ByArea = Mapping[int, Counts]


def _figures(
    rule: Rule, counts: ByArea, path: list[Area], children: Children
) -> tuple[Cell, list[Cell]]:
    """Return the last area's cell and those below it, each as it looks from the top of the path.

    Of persons only, small cells are hidden; not from the community in which they are registered,
    which knows each of them.
    """

    def parts(area: Area) -> list[Cell]:
        return [seen(child) for child in children[area.id]]

    def seen(area: Area) -> Cell:
        return Cell(area, rule, counts.get(area.id, Counts()))

    total = seen(path[-1])
    if _knows_each(rule, path[0]):
        return total, parts(path[-1])
    total = cells.suppress_total(seen(path[0]))
    for above, below in pairwise(path):
        total = next(one for one in cells.suppress(total, parts(above)) if one.area is below)
    return total, cells.suppress(total, parts(path[-1]))


def _knows_each(rule: Rule, top: Area) -> bool:
    """Say whether whoever looks from there knows each of the subjects, or they are no persons: the
    community knows who is registered there, and the street whom it keeps."""
    if not registered.about_persons(rule):
        return True
    kept = rule.subject is SubjectKind.ENTRY and top.level is AreaLevel.TOWNSHIP
    return kept or top.level is AreaLevel.COMMUNITY


_OWN_LEVEL: dict[AreaLevel, InstrumentedAttribute[int | None] | InstrumentedAttribute[int]] = {
    AreaLevel.CITY: Area.city_id,
    AreaLevel.DISTRICT: Area.district_id,
    AreaLevel.TOWNSHIP: Area.township_id,
    AreaLevel.COMMUNITY: Area.id,
}


def inside(area: Area) -> sa.ColumnElement[bool]:
    """Say whether a place is the area or lies in it."""
    return _OWN_LEVEL[area.level] == area.id


def _counts(
    session: Session,
    rules: Sequence[Rule],
    path: Sequence[Area],
    year: int,
    *,
    below: bool = False,
) -> dict[str, dict[int, Counts]]:
    """Return by rule the counts of every area from the top of the path to the level of its end, or
    one further; one statement."""
    levels = list(_OWN_LEVEL)
    first, last = levels.index(path[0].level), levels.index(path[-1].level) + below
    columns = [_OWN_LEVEL[level] for level in levels[first : last + 1]]
    key = (Rollup.rule_id, Rollup.done, Rollup.owed, Rollup.exempt)
    rows = session.execute(
        sa.select(*key, sa.cast(sa.func.sum(Rollup.subjects), sa.BigInteger), *columns)
        .join(Area, Area.id == Rollup.place_id)
        .where(
            Rollup.rule_id.in_([rule.id for rule in rules]), Rollup.year == year, inside(path[0])
        )
        .group_by(*key, *columns)
    )
    found: dict[str, dict[int, Counts]] = defaultdict(lambda: defaultdict(Counts))
    tellers = {rule.id: Teller(rule, year, clock.today()) for rule in rules}
    for rule_id, done, owed, exempt, subjects, *places in rows:
        counts = tellers[rule_id].tell(done, owed, exempt=exempt, subjects=subjects)
        for place in {*places} - {None}:
            found[rule_id][place] += counts
    return found


class Teller:
    """Tells how subjects stand on a day whose year looks alike."""

    def __init__(self, rule: Rule, year: int, today: date) -> None:
        self._begun = masks.begun(rule, year, today)
        # Of what nobody can fall short of nothing is overdue, whatever has ended.
        self._ended = masks.ended(rule, year, today) if rule.judged else 0

    def tell(self, done: int, owed: int, *, exempt: bool, subjects: int) -> Counts:
        begun, missing = owed & self._begun, owed & self._begun & ~done
        if not begun:
            return Counts()
        if not missing:
            return Counts(subjects, met=subjects)
        if exempt:
            return Counts(subjects, exempt=subjects)
        if missing & self._ended:
            return Counts(subjects, overdue=subjects)
        return Counts(subjects, on_the_way=subjects)
