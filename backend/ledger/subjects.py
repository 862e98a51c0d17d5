"""Whom a rule binds, since when, and where each subject stands in the statistics.

A subject stands where its organisation is located: a member with the unit, a branch and a unit
with their own community, a community in itself. So every subject stands somewhere from the first
day, registered or not, and the figures of an area add up to those of the area above
(docs/adr/0005).
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core import db
from backend.ledger.models import SubjectKind
from backend.ledger.rulepack import Scope
from backend.people.areas.models import Area, AreaKind, AreaLevel
from backend.people.members.models import Member
from backend.people.organizations import queries
from backend.people.organizations.models import (
    AllianceMember,
    Organization,
    OrganizationKind,
    Unit,
    UnitKind,
)

Rows = sa.Select[*tuple[Any, ...]]

ORGANS = (UnitKind.CITY_ORGAN, UnitKind.DISTRICT_ORGAN)
BRANCHES = (OrganizationKind.BRANCH, OrganizationKind.JOINT_BRANCH)


@dataclass(frozen=True, order=True)
class Subject:
    kind: SubjectKind
    id: int


@dataclass(frozen=True)
class Bound:
    """A subject as a rule sees it: where it stands and since when it is bound (None: always)."""

    place_id: int
    since: date | None


def bound_subjects(scope: Scope) -> Rows:
    """Select (subject_id, place_id, since) of everybody the scope binds today."""
    return _SELECTS[scope]


def find_bounds(session: Session, wanted: dict[Scope, int]) -> dict[Scope, Bound]:
    """Return a subject of each scope as rules of that scope see it; who is outside is missing.

    One statement.
    """
    rows = db.read(session, _BOUNDS, {scope.value: wanted.get(scope) for scope in _SELECTS})
    return {Scope(scope): Bound(place_id, since) for scope, place_id, since in rows}


_ORGAN_MEMBERS = (
    sa.select(
        Member.id.label("subject_id"),
        Unit.community_id.label("place_id"),
        Member.unit_since.label("since"),
    )
    .join(Unit, Unit.id == Member.unit_id)
    .where(
        Unit.kind.in_(ORGANS), Member.active, Member.branch_id.not_in(queries.residents_branches())
    )
)
_BRANCHES = sa.select(
    Organization.id.label("subject_id"),
    Organization.area_id.label("place_id"),
    Organization.founded_on.label("since"),
).where(Organization.kind.in_(BRANCHES))
_MEMBER_UNITS = (
    sa.select(
        Unit.id.label("subject_id"),
        Unit.community_id.label("place_id"),
        sa.func.min(AllianceMember.joined_on).label("since"),
    )
    .join(AllianceMember, AllianceMember.unit_id == Unit.id)
    .where(AllianceMember.left_on.is_(None))
    .group_by(Unit.id)
)
_ORGAN_UNITS = sa.select(
    Unit.id.label("subject_id"),
    Unit.community_id.label("place_id"),
    sa.cast(sa.null(), sa.Date).label("since"),
).where(Unit.kind.in_(ORGANS))
# Villages and farms are not of the urban grass roots that the notice speaks of.
_COMMUNITIES = sa.select(
    Area.id.label("subject_id"),
    Area.id.label("place_id"),
    sa.cast(sa.null(), sa.Date).label("since"),
).where(
    Area.level == AreaLevel.COMMUNITY,
    Area.kind == AreaKind.RESIDENTS_COMMITTEE,
    ~Area.hidden,
    Area.valid_to.is_(None),
)
_SELECTS: dict[Scope, Rows] = {
    Scope.ORGAN_MEMBER: _ORGAN_MEMBERS,
    Scope.BRANCH: _BRANCHES,
    Scope.MEMBER_UNIT: _MEMBER_UNITS,
    Scope.ORGAN_UNIT: _ORGAN_UNITS,
    Scope.COMMUNITY: _COMMUNITIES,
}


def _bound(scope: Scope) -> Rows:
    """Select (scope, place_id, since) of the one subject named by the scope's parameter."""
    bound = _SELECTS[scope].subquery()
    one = sa.bindparam(scope.value, type_=sa.BigInteger())
    return sa.select(sa.literal(scope.value), bound.c.place_id, bound.c.since).where(
        bound.c.subject_id == one
    )


_BOUNDS = sa.union_all(*map(_bound, _SELECTS))
