"""Gives entries the version that is asked about, and what was ever written of them."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy.orm import Session

from backend.core import clock
from backend.registers import queries, timeline
from backend.registers.models import RegisterEntry


def fill(session: Session, rows: Iterable[RegisterEntry], on: date) -> None:
    """Give entries the version that is so on a day."""
    listed = list(rows)
    found = queries.versions(session, [row.id for row in listed], on=on)
    by_entry = {version.entry_id: version for version in found}
    for row in listed:
        row.version = by_entry.get(row.id)


def fill_one(session: Session, row: RegisterEntry, on: date | None = None) -> None:
    """Give an entry its history and the version of a day; where none is asked about, that of today,
    or else the last."""
    session.flush()
    row.history = queries.versions(session, [row.id])
    standing = [one for one in row.history if one.superseded_at is None]
    row.version = timeline.on(standing, on or clock.today())
    if row.version is None and on is None and standing:
        row.version = standing[0]


def fill_whole(session: Session, rows: Sequence[RegisterEntry]) -> None:
    """Give each what its own page shows."""
    for row in rows:
        fill_one(session, row)
