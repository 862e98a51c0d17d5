"""Whom a rule binds, since when, and where each subject stands in the statistics.

A subject stands where its organisation is located: a member with the unit, a branch and a unit
with their own community, an area in itself, what a register holds where the register says. So
every subject stands somewhere from the first day, registered or not, and the figures of an area add
up to those of the area above (docs/adr/0005).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from backend.core import db
from backend.core.db import TODAY
from backend.ledger.models import StandingFact, SubjectKind
from backend.ledger.rulepack import Rule
from backend.people.areas.models import Area, AreaKind, AreaLevel
from backend.people.members.models import Member
from backend.people.organizations import queries
from backend.people.organizations.models import (
    Organization,
    OrganizationKind,
    Unit,
    UnitKind,
)

Rows = sa.Select[*tuple[Any, ...]]

ORGANS = (UnitKind.CITY_ORGAN, UnitKind.DISTRICT_ORGAN)
BRANCHES = (OrganizationKind.BRANCH, OrganizationKind.JOINT_BRANCH)


class Subject(NamedTuple):
    kind: SubjectKind
    id: int


class Bound(NamedTuple):
    """A subject as a rule sees it: where it stands and since when it is bound (None: always)."""

    place_id: int
    since: date | None


def bound_subjects(rule: Rule) -> Rows:
    """Select (subject_id, place_id, since) of everybody the rule binds today, each once."""
    return all_bound(asked_by(rule))


def all_bound(asked: "Asked") -> Rows:
    """Select the same of whom some scopes bind."""
    scopes, kind = asked
    selects = [_select(scope, kind) for scope in scopes]
    if len(selects) == 1:
        return selects[0]
    several = sa.union_all(*selects).subquery()
    since = sa.case(
        (sa.func.bool_or(several.c.since.is_(None)), None), else_=sa.func.min(several.c.since)
    )
    place = sa.func.min(several.c.place_id)
    return sa.select(several.c.subject_id, place.label("place_id"), since.label("since")).group_by(
        several.c.subject_id
    )


def _select(scope: str, kind: SubjectKind) -> Rows:
    family, _, which = scope.partition(":")
    if family == "area":
        return _areas(_AREAS[which])
    return _holders(which, kind) if family == "holders" else _NAMED[scope]


ALWAYS = sa.cast(sa.null(), sa.Date).label("since")


def _columns(subject_id: Any, place_id: Any, since: Any = ALWAYS) -> sa.Select[*tuple[Any, ...]]:
    return sa.select(
        subject_id.label("subject_id"), place_id.label("place_id"), since.label("since")
    )


_ORGAN_MEMBERS = (
    _columns(Member.id, Unit.community_id, Member.unit_since)
    .join(Unit, Unit.id == Member.unit_id)
    .where(
        Unit.kind.in_(ORGANS),
        Member.active,
        Member.branch_id.not_in(queries.residents_branches()),
        sa.or_(Member.unit_since.is_(None), Member.unit_since <= TODAY),
    )
)
_lasts = sa.and_(
    Organization.founded_on <= TODAY,
    sa.or_(Organization.dissolved_on.is_(None), Organization.dissolved_on > TODAY),
)
_BRANCHES = _columns(Organization.id, Organization.area_id, Organization.founded_on).where(
    Organization.kind.in_(BRANCHES), _lasts
)
# Of a Party committee of an area the area; of any other where it lies.
_place_of_body = sa.func.coalesce(Organization.governs_id, Organization.area_id)
_LEADING_BODIES = _columns(Organization.id, _place_of_body, Organization.founded_on).where(
    Organization.kind == OrganizationKind.COMMITTEE, _lasts
)
# What a unit holds that sits in a coordination body (rule 12g, spec 1.2 A15).
MEMBER_UNIT = "member_unit"
_MEMBER_UNITS = (
    _columns(Unit.id, Unit.community_id, sa.func.min(StandingFact.starts_on))
    .join(StandingFact, StandingFact.subject_id == Unit.id)
    .where(
        StandingFact.subject_kind == SubjectKind.UNIT,
        StandingFact.kind == MEMBER_UNIT,
        StandingFact.starts_on <= TODAY,
        sa.or_(StandingFact.ends_on.is_(None), StandingFact.ends_on > TODAY),
        Unit.ended_on.is_(None),
    )
    .group_by(Unit.id)
)
_ORGAN_UNITS = _columns(Unit.id, Unit.community_id).where(
    Unit.kind.in_(ORGANS), Unit.ended_on.is_(None)
)
_NAMED: dict[str, Rows] = {
    "organ_member": _ORGAN_MEMBERS,
    "branch": _BRANCHES,
    "leading_body": _LEADING_BODIES,
    "member_unit": _MEMBER_UNITS,
    "organ_unit": _ORGAN_UNITS,
}
# Villages and farms are not of the urban grass roots that the notice speaks of.
_AREAS: dict[str, sa.ColumnElement[bool]] = {
    "city": Area.level == AreaLevel.CITY,
    "district": Area.level == AreaLevel.DISTRICT,
    "street": Area.kind == AreaKind.STREET,
    "town": Area.kind == AreaKind.TOWN,
    "residents_committee": sa.and_(
        Area.level == AreaLevel.COMMUNITY, Area.kind == AreaKind.RESIDENTS_COMMITTEE
    ),
}


def _areas(which: sa.ColumnElement[bool]) -> Rows:
    return _columns(Area.id, Area.id).where(which, ~Area.hidden, Area.valid_to.is_(None))


# Where the holder of a fact stands, by what it is.
_PLACES: dict[SubjectKind, Callable[[Rows], Rows]] = {
    SubjectKind.MEMBER: lambda rows: rows.join(
        Member, sa.and_(Member.id == StandingFact.subject_id, Member.active)
    ).join(Unit, Unit.id == Member.unit_id),
    SubjectKind.ORGANIZATION: lambda rows: rows.join(
        Organization, Organization.id == StandingFact.subject_id
    ),
    SubjectKind.UNIT: lambda rows: rows.join(Unit, Unit.id == StandingFact.subject_id),
    SubjectKind.AREA: lambda rows: rows,
    SubjectKind.ENTRY: lambda rows: rows.where(StandingFact.area_id.is_not(None)),
}
_PLACE: dict[SubjectKind, InstrumentedAttribute[Any]] = {
    SubjectKind.MEMBER: Unit.community_id,
    SubjectKind.ORGANIZATION: Organization.area_id,
    SubjectKind.UNIT: Unit.community_id,
    SubjectKind.AREA: StandingFact.subject_id,
    SubjectKind.ENTRY: StandingFact.area_id,
}


def _holders(fact: str, kind: SubjectKind) -> Rows:
    """Select whoever holds such a fact today; bound since the first that still stands."""
    place = sa.func.min(_PLACE[kind])
    held = _columns(StandingFact.subject_id, place, sa.func.min(StandingFact.starts_on)).where(
        StandingFact.kind == fact,
        StandingFact.subject_kind == kind,
        StandingFact.starts_on <= TODAY,
        sa.or_(StandingFact.ends_on.is_(None), StandingFact.ends_on > TODAY),
    )
    return _PLACES[kind](held.select_from(StandingFact)).group_by(StandingFact.subject_id)


def bounds_of(
    session: Session, rules: Iterable[Rule], subjects: Iterable[Subject]
) -> dict[tuple[str, Subject], Bound]:
    """Return how rules see subjects today, by rule and subject; whom a rule passes by is missing.

    One statement.
    """
    asked: dict[SubjectKind, list[int]] = defaultdict(list)
    for subject in subjects:
        asked[subject.kind].append(subject.id)
    wanted = {rule.id: rule for rule in rules if rule.subject in asked}
    if not wanted:
        return {}
    found: dict[tuple[Asked, int], Bound] = {}
    statement = _bounds_statement(tuple(sorted({asked_by(rule) for rule in wanted.values()})))
    ids = {f"{kind}_ids": asked.get(kind, []) for kind in SubjectKind}
    for scope, kind, id_, place_id, since in db.read(session, statement, ids):
        found[(tuple(scope.split(" ")), SubjectKind(kind)), id_] = Bound(place_id, since)
    return {
        (rule.id, Subject(key[1], id_)): bound
        for rule in wanted.values()
        for (key, id_), bound in found.items()
        if key == asked_by(rule)
    }


# The scopes of a rule, and what its subjects are.
Asked = tuple[tuple[str, ...], SubjectKind]


def asked_by(rule: Rule) -> Asked:
    """Return under which name whom a rule binds is asked for; rules may share it."""
    assert rule.subject is not None  # noqa: S101  # a rule that binds has subjects
    return rule.scope, rule.subject


@cache
def _bounds_statement(asked: tuple[Asked, ...]) -> sa.CompoundSelect[*tuple[Any, ...]]:
    return sa.union_all(*map(_told_bounds_in, asked))


def _told_bounds_in(asked: Asked) -> Rows:
    scopes, kind = asked
    bound = bounds_in(asked).subquery()
    return sa.select(
        sa.literal(" ".join(scopes)),
        sa.literal(str(kind)),
        bound.c.subject_id,
        bound.c.place_id,
        bound.c.since,
    )


def bounds_in(asked: Asked) -> Rows:
    """Select (subject_id, place_id, since) of those named by the parameter `<kind>_ids`."""
    bound = all_bound(asked).subquery()
    ids = sa.bindparam(f"{asked[1]}_ids", type_=sa.ARRAY(sa.BigInteger))
    return sa.select(bound).where(bound.c.subject_id == sa.any_(ids))
