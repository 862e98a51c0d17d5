"""Questions about entries of registers, on a day."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload, with_expression

from backend.core import wording
from backend.core.db import TODAY, among
from backend.core.finding import found_quickly
from backend.ledger.models import StandingFact, SubjectKind
from backend.ledger.subjects import MEMBER_UNIT
from backend.people.areas import service as areas
from backend.people.areas.models import Area
from backend.people.organizations.models import Unit
from backend.registers.models import EntryStatus, RegisterEntry, RegisterReview, RegisterVersion
from backend.support.text_checks import withheld

_E, _V = RegisterEntry, RegisterVersion


@cache
def shown() -> sa.Select[RegisterEntry]:
    """Select entries with what every answer shows of them."""
    return sa.select(_E).options(
        joinedload(_E.place),
        with_expression(_E.withheld, withheld.of(_E.__tablename__, _E.id)),
    )


def so_on(day: sa.ColumnElement[date] | sa.BindParameter[date]) -> sa.ColumnElement[bool]:
    """Say whether a version is so on a day."""
    return sa.and_(
        _V.superseded_at.is_(None),
        _V.starts_on <= day,
        sa.or_(_V.ends_on.is_(None), _V.ends_on > day),
    )


def listed(
    entries: sa.Select[RegisterEntry],
    register: str,
    *,
    on: date,
    area_code: str | None = None,
    parent_id: int | None = None,
    q: str | None = None,
) -> sa.Select[RegisterEntry]:
    """Narrow entries to those of a register that were so on a day, by where they were, to what they
    belonged and what they were called."""
    asked = [so_on(sa.literal(on, sa.Date())), _V.entry_id == _E.id]
    if area_code is not None:
        inside = sa.select(Area.id).where(areas.below([areas.id_of(area_code)]))
        asked.append(_V.place_id.in_(inside))
    if parent_id is not None:
        asked.append(_V.parent_id == parent_id)
    if q:
        # Whatever is no code is asked of the versions that are joined already: where many are
        # called so, the first of them are found without the rest.
        coded = _may_be_code(q)
        asked.append(_E.id.in_(_meant(register, q, on)) if coded else found_quickly(_V, q))
    return entries.join(_V, sa.and_(*asked)).where(
        _E.register == register, _E.status != EntryStatus.VOIDED
    )


def _may_be_code(q: str) -> bool:
    sought = wording.code(q)
    return sought.isascii() and any(sign.isdigit() for sign in sought)


def _meant(register: str, q: str, on: date) -> sa.CompoundSelect[int]:
    """Select the entries that are called so on a day, by part of a name or by their code."""
    own = aliased(_V)
    named = sa.select(own.entry_id).where(
        found_quickly(own, q),
        own.superseded_at.is_(None),
        own.starts_on <= on,
        sa.or_(own.ends_on.is_(None), own.ends_on > on),
    )
    coded = sa.select(_E.id).where(_E.register == register, _E.code == wording.code(q).upper())
    return sa.union(named, coded)


def versions(
    session: Session, ids: Iterable[int], *, on: date | None = None
) -> Sequence[RegisterVersion]:
    """Return how entries were on a day, or all that was ever written of them, with what they point
    to; one statement."""
    own = aliased(_V)
    called = (
        sa.select(own.name)
        .where(own.entry_id == _V.parent_id, own.superseded_at.is_(None))
        .order_by(own.starts_on.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = (
        sa.select(_V)
        .where(among(_V.entry_id, [*ids]))
        .options(
            joinedload(_V.place),
            joinedload(_V.organization),
            joinedload(_V.unit),
            joinedload(_V.member),
            joinedload(_V.area),
            with_expression(_V.parent_name, called),
        )
        .order_by(_V.entry_id, _V.starts_on.desc(), _V.id.desc())
        .execution_options(populate_existing=True)
    )
    if on is not None:
        rows = rows.where(so_on(sa.literal(on, sa.Date())))
    return session.scalars(rows).unique().all()


def numbers(entries: sa.Select[RegisterEntry]) -> sa.Select[str, int]:
    """Select how many of some entries are so today, by register."""
    ids = entries.with_only_columns(_E.id, _E.register).join(
        _V, sa.and_(so_on(TODAY), _V.entry_id == _E.id)
    )
    found = ids.where(_E.status != EntryStatus.VOIDED).subquery()
    return sa.select(found.c.register, sa.func.count()).group_by(found.c.register)


def reviews(place_ids: Iterable[int]) -> sa.Select[str, int, date]:
    """Select when each register of some places was last looked through."""
    return (
        sa.select(
            RegisterReview.register,
            RegisterReview.place_id,
            sa.func.max(RegisterReview.reviewed_on),
        )
        .where(among(RegisterReview.place_id, [*place_ids]))
        .group_by(RegisterReview.register, RegisterReview.place_id)
    )


def units_near(community_id: int) -> sa.Select[int]:
    """Select the units located in a community, or of a coordination body of it today."""
    seated = sa.select(StandingFact.subject_id).where(
        StandingFact.kind == MEMBER_UNIT,
        StandingFact.subject_kind == SubjectKind.UNIT,
        StandingFact.area_id == community_id,
        StandingFact.starts_on <= TODAY,
        sa.or_(StandingFact.ends_on.is_(None), StandingFact.ends_on > TODAY),
    )
    return sa.select(Unit.id).where(sa.or_(Unit.community_id == community_id, Unit.id.in_(seated)))
