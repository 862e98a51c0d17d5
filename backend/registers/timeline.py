"""Lays versions of an entry beside each other, so that on each day one of them is so at most.

What is written for a day on which another version begins takes its place, which is kept as
superseded. Callers hold the entry's lock.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core import clock
from backend.registers.models import RegisterEntry, RegisterVersion

# What of a version says how the entry is: the rest says when, and who wrote it.
KEPT = (
    "schema_version", "name", "place_id", "parent_id", "organization_id", "unit_id", "member_id",
    "area_id", "values", "sealed", "lapsed",
)  # fmt: skip
_V = RegisterVersion


def of(session: Session, entry_id: int) -> Sequence[RegisterVersion]:
    """Return the versions that count, in order."""
    rows = sa.select(_V).where(_V.entry_id == entry_id, _V.superseded_at.is_(None))
    return session.scalars(rows.order_by(_V.starts_on)).all()


def on(versions: Sequence[RegisterVersion], day: date) -> RegisterVersion | None:
    """Return the version that is so on a day."""
    found = (one for one in versions if _covers(one, day))
    return next(found, None)


def _covers(one: RegisterVersion, day: date) -> bool:
    return one.starts_on <= day and (one.ends_on is None or day < one.ends_on)


def lay(session: Session, entry: RegisterEntry, new: RegisterVersion) -> None:
    """Let a version be so from its first day on: to its own end where it has one, else as long as
    what it follows or replaces, and until the next one begins."""
    versions = of(session, entry.id)
    before = on(versions, new.starts_on)
    later = [one for one in versions if one.starts_on > new.starts_on]
    if new.ends_on is None:
        new.ends_on = before.ends_on if before else _next(later)
    for one in later:
        if new.ends_on is None or one.starts_on < new.ends_on:
            _make_room(session, one, new.ends_on)
    if before is not None and before.starts_on == new.starts_on:
        _supersede(before)
        if new.ends_on is not None and (before.ends_on is None or before.ends_on > new.ends_on):
            _keep_rest(session, before, new.ends_on)
    elif before is not None:
        rest_until, before.ends_on = before.ends_on, new.starts_on
        session.flush()
        if new.ends_on is not None and (rest_until is None or rest_until > new.ends_on):
            _copy(session, before, new.ends_on, rest_until)
    session.flush()
    session.add(new)
    settle(session, entry)


def _next(later: Sequence[RegisterVersion]) -> date | None:
    return later[0].starts_on if later else None


def _make_room(session: Session, one: RegisterVersion, until: date | None) -> None:
    """Let a later version begin where the new one ends, or not be any more."""
    _supersede(one)
    if until is not None and (one.ends_on is None or one.ends_on > until):
        _keep_rest(session, one, until)
    session.flush()


def _supersede(one: RegisterVersion) -> None:
    one.superseded_at = clock.now()


def _keep_rest(session: Session, one: RegisterVersion, since: date) -> None:
    session.flush()
    _copy(session, one, since, one.ends_on)


def _copy(session: Session, one: RegisterVersion, since: date, until: date | None) -> None:
    same: dict[str, Any] = {name: getattr(one, name) for name in KEPT}
    session.add(
        _V(
            entry_id=one.entry_id,
            starts_on=since,
            ends_on=until,
            reason=one.reason,
            recorded_by=one.recorded_by,
            **same,
        )
    )


def end(session: Session, entry: RegisterEntry, day: date) -> None:
    """Let nothing of an entry be so from a day on."""
    for one in of(session, entry.id):
        if one.starts_on >= day:
            _supersede(one)
        elif one.ends_on is None or one.ends_on > day:
            one.ends_on = day
    settle(session, entry)


def settle(session: Session, entry: RegisterEntry) -> None:
    """Write on the entry what its last version says: whose it is, and when it ends."""
    session.flush()
    versions = of(session, entry.id)
    if not versions:
        return
    last = versions[-1]
    entry.place_id, entry.parent_id = last.place_id, last.parent_id
    entry.unit_id, entry.member_id = last.unit_id, last.member_id
    entry.ends_on = last.ends_on
    entry.revision += 1
    session.flush()
