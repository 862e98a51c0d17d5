"""Brings all facts of some sources to what they have to be: by set, so that one entry and twenty
thousand are written the same way."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core import bulk
from backend.core.db import among
from backend.ledger.changes import one_change
from backend.ledger.models import StandingFact, SubjectKind
from backend.ledger.rulepack import RulePack
from backend.ledger.subjects import Subject


class Held(NamedTuple):
    """A fact as it has to stand. `area_id`: where it does, of what a register holds."""

    kind: str
    subject: Subject
    starts_on: date
    ends_on: date | None
    area_id: int | None = None


class _There(NamedTuple):
    """A fact that is stored."""

    id: int
    source_id: int
    held: Held


_Key = tuple[int, str, Subject, date, int | None]
_FACT = StandingFact


def restate(
    session: Session,
    rules: RulePack,
    source_type: str,
    source_ids: Collection[int],
    wanted: Mapping[int, Sequence[Held]],
) -> int:
    """Let the facts of sources be those wanted of each; return how many changed. What is wanted no
    more has never held: it stays, and ends on the day it began."""
    there = {_key(one.source_id, one.held): one for one in _there(session, source_type, source_ids)}
    asked = {_key(id_, held): held for id_, facts in wanted.items() for held in facts}
    new = [(key[0], held) for key, held in asked.items() if key not in there]
    moved = [
        (one.id, asked[key].ends_on if key in asked else one.held.starts_on, one.held)
        for key, one in there.items()
        if (asked[key].ends_on if key in asked else one.held.starts_on) != one.held.ends_on
    ]
    if not (new or moved):
        return 0
    changed = [held for _, held in new] + [held for _, _, held in moved]
    with one_change(session, rules) as change:
        change.lock_all_since(_told(changed), min(held.starts_on for held in changed).year)
        # What ends does so first: of one source one fact of a kind is open.
        ended = sorted(moved, key=lambda one: one[1] is None)
        for rows in ([one for one in ended if one[1]], [one for one in ended if not one[1]]):
            bulk.update(session, _FACT, [{"id": id_, "ends_on": end} for id_, end, _ in rows])
        bulk.insert(session, _FACT, [_row(source_type, *one) for one in new])
        for one in [row for row in session if isinstance(row, _FACT)]:
            session.expire(one)
    return len(changed)


def _key(source_id: int, held: Held) -> _Key:
    return source_id, held.kind, held.subject, held.starts_on, held.area_id


def _there(session: Session, source_type: str, source_ids: Collection[int]) -> list[_There]:
    found = sa.select(
        _FACT.id,
        _FACT.source_id,
        _FACT.kind,
        _FACT.subject_kind,
        _FACT.subject_id,
        _FACT.starts_on,
        _FACT.ends_on,
        _FACT.area_id,
    ).where(_FACT.source_type == source_type, among(_FACT.source_id, source_ids))
    return [
        _There(id_, source_id, Held(kind, Subject(subject_kind, subject_id), starts, ends, area))
        for id_, source_id, kind, subject_kind, subject_id, starts, ends, area in session.execute(
            found.order_by(_FACT.id)
        )
    ]


def _told(changed: Sequence[Held]) -> dict[tuple[str, SubjectKind], set[int]]:
    told: dict[tuple[str, SubjectKind], set[int]] = defaultdict(set)
    for held in changed:
        told[held.kind, held.subject.kind].add(held.subject.id)
    return told


def _row(source_type: str, source_id: int, held: Held) -> dict[str, object]:
    return {
        "kind": held.kind,
        "subject_kind": str(held.subject.kind),
        "subject_id": held.subject.id,
        "starts_on": held.starts_on,
        "ends_on": held.ends_on,
        "source_type": source_type,
        "source_id": source_id,
        "area_id": held.area_id,
    }
