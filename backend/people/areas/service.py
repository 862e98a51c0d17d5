"""Find areas by their official codes, and load the territory."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from backend.audit import service as audit
from backend.core import clock, wording
from backend.core.actor import Actor, Role
from backend.core.asker import Asker
from backend.core.errors import Forbidden, Invalid, NotFound
from backend.core.finding import found_by
from backend.people.areas.divisions import ORDER, Division
from backend.people.areas.hours import opening_hours
from backend.people.areas.models import Area, AreaKind, AreaLevel


@cache
def shown() -> sa.Select[Area]:
    """Select areas with where they lie: two communities of one name differ in nothing else."""
    return sa.select(Area).options(joinedload(Area.district), joinedload(Area.township))


def listed(
    *,
    parent_code: str | None = None,
    level: AreaLevel | None = None,
    kind: AreaKind | None = None,
    q: str | None = None,
) -> sa.Select[Area]:
    """Select the areas people may choose from; `q` is part of a name or how it reads."""
    statement = shown().where(~Area.hidden, Area.valid_to.is_(None))
    if level is not None:
        statement = statement.where(Area.level == level)
    if parent_code is not None:
        parent = sa.select(Area.id).where(Area.code == parent_code).scalar_subquery()
        statement = statement.where(Area.parent_id == parent)
    if kind is not None:
        statement = statement.where(Area.kind == kind)
    if q:
        statement = statement.where(found_by(Area.found_as, Area.name, q))
    return statement


def get(session: Session, code: str) -> Area:
    """Return the area with that code; raises NotFound."""
    area = session.scalars(shown().where(Area.code == wording.code(code), ~Area.hidden)).first()
    if area is None:
        raise NotFound("area_not_found", "没有找到该区划。")
    return area


def community(session: Session, code: str, *, field: str = "community_code") -> Area:
    """Return the community or village with that code; raises Invalid naming `field`."""
    area = session.scalars(
        sa.select(Area).where(Area.code == code, Area.level == AreaLevel.COMMUNITY, ~Area.hidden)
    ).first()
    if area is None:
        raise Invalid(field, "没有找到该社区或村，请重新选择。")
    return _still_there(area, field)


def _still_there(area: Area, field: str) -> Area:
    if area.valid_to is not None:
        now = f"，现为{area.successor.name}" if area.successor else ""
        raise Invalid(field, f"该社区或村已撤并{now}，请重新选择。")
    return area


def set_contact(
    session: Session, *, actor: Actor, code: str, phone: str | None, hours: str | None
) -> Area:
    """Write at which office number a community is reached, and when; None takes it away.

    Raises Forbidden, and Invalid for hours that cannot be.
    """
    area = community(session, code, field="code")
    if area.id not in actor.areas(Role.COMMUNITY_SECRETARY):
        raise Forbidden("not_your_community", "只有本社区书记可以填写联系电话。")
    answered = opening_hours(hours, field="contact_hours") if phone and hours else None
    area.contact_phone, area.contact_hours = phone, answered
    audit.record(session, actor, "area.contact_set", area)
    return area


@cache
def whole_city() -> sa.Select[int]:
    """Select the id of the city that this deployment serves."""
    return sa.select(Area.id).where(Area.level == AreaLevel.CITY)


def close(session: Session, area: Area, successor: Area) -> None:
    """Let a community exist in history only; whoever registers there is told its successor."""
    area.valid_to, area.successor_id = clock.today(), successor.id
    session.flush()


def receiver(session: Session, code: str, *, field: str = "receiver_code") -> Area:
    """Return where a unit may register: a community or village, or a street or town. Raises
    Invalid naming `field`."""
    levels = (AreaLevel.COMMUNITY, AreaLevel.TOWNSHIP)
    area = session.scalars(
        sa.select(Area).where(Area.code == code, Area.level.in_(levels), ~Area.hidden)
    ).first()
    if area is None:
        raise Invalid(field, "没有找到该社区或街道，请重新选择。")
    return _still_there(area, field)


def id_of(code: str) -> sa.ScalarSelect[int]:
    """Select the id of the area with that code, for filters; NULL when there is none."""
    return sa.select(Area.id).where(Area.code == code).scalar_subquery()


def name_of(area_id: sa.SQLColumnExpression[Any]) -> sa.ScalarSelect[str]:
    """Select an area's name, for a statement that shows nothing else of it."""
    return sa.select(Area.name).where(Area.id == area_id).scalar_subquery()


def below(area_ids: Iterable[int | sa.ScalarSelect[int]]) -> sa.ColumnElement[bool]:
    """Say whether an Area row is one of the areas or lies below one."""
    ids = list(area_ids)
    return sa.or_(
        Area.id.in_(ids),
        Area.township_id.in_(ids),
        Area.district_id.in_(ids),
        Area.city_id.in_(ids),
    )


def within(
    asker: Asker, area_id: sa.SQLColumnExpression[Any], *roles: Role
) -> sa.ColumnElement[bool]:
    """Return whether a row's area is one the asker holds one of `roles` over, or lies below one."""
    if not asker.roles.intersection(roles):
        return sa.false()
    places = (Area.id, Area.township_id, Area.district_id, Area.city_id)
    below = sa.select(Area.id).where(sa.or_(*(asker.over(place, *roles) for place in places)))
    return area_id.in_(below)


def in_own_street(asker: Asker, area_id: sa.SQLColumnExpression[Any]) -> sa.ColumnElement[bool]:
    """Return whether a row's area lies in a street whose officer the asker is."""
    if Role.STREET_OFFICER not in asker.roles:
        return sa.false()
    inside = sa.select(Area.id).where(asker.over(Area.township_id, Role.STREET_OFFICER))
    return area_id.in_(inside)


def load(session: Session, divisions: Iterable[Division]) -> int:
    """Bring the territory to the given list, parents before children; return the rows changed.

    Repeatable: what is already so stays untouched, and nothing is ever deleted. Raises Invalid
    naming the line that fits neither the list nor what is there.
    """
    known = {area.code: area for area in session.scalars(sa.select(Area))}
    changed = 0
    for division in divisions:
        parent = _parent(division, known)
        area = known.get(division.code) or Area(code=division.code, level=division.level)
        if area.level is not division.level:
            raise division.refused(f"代码 {division.code} 已是另一级别的区划（{area.level}）。")
        if _describe(area, division, parent):
            changed += 1
            session.add(area)
        if area.level is not AreaLevel.COMMUNITY:
            session.flush()  # it is written into those below, and into itself
        _place(area, parent)
        known[division.code] = area
    session.flush()
    return changed


def _parent(division: Division, known: Mapping[str, Area]) -> Area | None:
    if not division.parent_code:
        return None
    parent = known.get(division.parent_code)
    if parent is None:
        raise division.refused(f"没有代码为 {division.parent_code} 的上级区划。")
    if ORDER.index(parent.level) + 1 != ORDER.index(division.level):
        raise division.refused(f"上级 {parent.code} 的级别是 {parent.level}，不能直接管这一级。")
    return parent


def _describe(area: Area, division: Division, parent: Area | None) -> bool:
    wanted = {
        "name": division.name,
        "level": division.level,
        "kind": kind_from_code(division.code, division.level),
        "parent_id": parent.id if parent else None,
        "hidden": division.level is AreaLevel.COMMUNITY and division.code[-3:] in VIRTUAL,
    }
    before = {name: getattr(area, name) for name in wanted}
    for name, value in wanted.items():
        setattr(area, name, value)
    return before != wanted


def _place(area: Area, parent: Area | None) -> None:
    """Write the ids of the levels above, and the area's own at its own level."""
    for level in ("city", "district", "township"):
        own = area.id if area.level == level else getattr(parent, f"{level}_id", None)
        setattr(area, f"{level}_id", own)


# Statistical divisions where nobody lives (spec 7.4).
VIRTUAL = frozenset({"498", "598"})


def kind_from_code(code: str, level: AreaLevel) -> AreaKind:
    """Read the kind from the last three digits, never from the name or the parent (spec 7.4)."""
    number = int(code[-3:])
    if level is AreaLevel.TOWNSHIP:
        return (
            AreaKind.STREET
            if number < 100
            else AreaKind.TOWN
            if number < 400
            else AreaKind.OTHER_TOWNSHIP
        )
    if level is not AreaLevel.COMMUNITY:
        return AreaKind.REGION
    if 1 <= number <= 199:
        return AreaKind.RESIDENTS_COMMITTEE
    return AreaKind.VILLAGE if 200 <= number <= 399 else AreaKind.OTHER
