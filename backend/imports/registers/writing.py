"""Writes the rows of a file as entries and versions: many at once."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from backend.core import bulk, clock, finding
from backend.core.db import among
from backend.imports.columns import Desk, Row
from backend.imports.models import Change
from backend.imports.registers.stored import POINTING, Stored
from backend.registers import timeline
from backend.registers.declared import Register, SlotName
from backend.registers.models import EntryStatus, RegisterEntry, RegisterVersion
from backend.registers.writing import OF_ENTRY, PURPOSE, code_for

_E, _V = RegisterEntry, RegisterVersion
Versions = Mapping[int, Sequence[Stored]]


def write(desk: Desk, register: Register, rows: Sequence[Row], versions: Versions) -> None:
    """Write rows that are new or changed, and keep in their records what taking them back needs."""
    new = [row for row in rows if row.change is Change.NEW]
    changed = [row for row in rows if row.change is Change.CHANGED]
    _free_codes(desk.session, register, rows)
    _enter(desk, register, new)
    _change(desk, register, changed, versions)
    for row in rows:
        # Only what is sealed in the register itself stays of it.
        row.record.pop("sealed", None)
        row.before.pop("sealed", None)


def _free_codes(session: Session, register: Register, rows: Sequence[Row]) -> None:
    """Let entries whose time is over give up the codes that others get."""
    codes = sorted({row.record["code"] for row in rows if row.record.get("code")})
    given = sa.literal(codes, postgresql.ARRAY(sa.Text()))
    over = sa.update(_E).where(
        _E.register == register.name,
        _E.code == sa.any_(given),
        _E.status == EntryStatus.STANDING,
        _E.ends_on <= clock.today(),
    )
    if codes:
        told = over.values(status=EntryStatus.ENDED)
        session.execute(told.execution_options(synchronize_session=False))


def _enter(desk: Desk, register: Register, rows: Sequence[Row]) -> None:
    by = desk.actor.account_id if desk.actor else None
    values = [
        {name: row.record[name] for name in OF_ENTRY}
        | {
            "register": register.name,
            "status": str(EntryStatus.STANDING),
            # Its own id is in the code it may be given, and it has none before it is stored.
            "code": row.record["code"] or f"?{number}",
            "ends_on": _day(row.record["until"]),
            "recorded_by": by,
        }
        | _now()
        for number, row in enumerate(rows)
    ]
    for row, id_ in zip(rows, bulk.insert_things(desk.session, _E, values), strict=True):
        row.subject_id = id_
        row.record["revision"] = 1
    given = [row.subject_id for row in rows if row.subject_id and not row.record["code"]]
    codes = [{"id": id_, "code": code_for(register, id_)} for id_ in given]
    bulk.update(desk.session, _E, codes)
    bulk.insert(desk.session, _V, [_version(desk, register, row, None) for row in rows])


def _version(desk: Desk, register: Register, row: Row, before: Stored | None) -> dict[str, Any]:
    record = row.record
    slots = {str(slot): getattr(before, f"{slot}_id") for slot in SlotName} if before else {}
    kept = {slot for slot, id_ in slots.items() if record[f"{slot}_id"] == id_}
    lapsed = {slot: day for slot, day in before.lapsed.items() if slot in kept} if before else {}
    return {name: record[name] for name in POINTING} | {
        "entry_id": row.subject_id,
        "starts_on": _day(record["from"]),
        "ends_on": _day(record["until"]),
        "schema_version": register.version,
        "name": record["name"],
        "values": json.dumps(record["values"], ensure_ascii=False),
        "sealed": _sealed(desk, row, before),
        "lapsed": json.dumps(lapsed),
        "recorded_by": desk.actor.account_id if desk.actor else None,
        "found_as": finding.spelled(record["name"]),
        "pairs": finding.paired(record["name"]),
        **_now(),
    }


def _sealed(desk: Desk, row: Row, before: Stored | None) -> str | None:
    if "sealed" not in row.record:
        return before.sealed if before else None
    whole = json.dumps(row.record["sealed"], ensure_ascii=False)
    return desk.keys.encrypt(whole, purpose=PURPOSE)


def _change(desk: Desk, register: Register, rows: Sequence[Row], versions: Versions) -> None:
    """Lay new versions beside those that are there: the last is followed or replaced by set; what
    lies before others is laid one by one."""
    superseded, cut, made = [], [], []
    for row in rows:
        id_ = row.subject_id or 0
        there = versions[id_]
        row.before["versions"] = [[one.id, _iso(one.ends_on)] for one in there]
        starts_on = date.fromisoformat(row.record["from"])
        last = there[-1]
        new = _version(desk, register, row, stored_on(there, starts_on))
        if starts_on < last.starts_on:
            _lay(desk.session, id_, new)
            continue
        if starts_on == last.starts_on:
            superseded.append({"id": last.id, "superseded_at": clock.now()})
        elif last.ends_on is None or last.ends_on > starts_on:
            cut.append({"id": last.id, "ends_on": starts_on})
        made.append(new)
    bulk.update(desk.session, _V, superseded)
    bulk.update(desk.session, _V, cut)
    bulk.insert(desk.session, _V, made)
    settle(desk.session, [row.subject_id or 0 for row in rows])
    codes = [{"id": row.subject_id, "code": row.record.get("code") or row.before["code"]}
             for row in rows]  # fmt: skip
    bulk.update(desk.session, _E, codes)
    _note_revisions(desk.session, rows)


def stored_on(there: Sequence[Stored], day: date) -> Stored:
    """Return the version that is so on a day, or the first."""
    return next((one for one in reversed(there) if one.starts_on <= day), there[0])


def _lay(session: Session, entry_id: int, new: Mapping[str, Any]) -> None:
    entry = session.get_one(_E, entry_id)
    values = dict(new) | {name: json.loads(new[name]) for name in ("values", "lapsed")}
    timeline.lay(session, entry, _V(**values))


_SETTLE = sa.text(
    "UPDATE register_entry AS e SET place_id = v.place_id, parent_id = v.parent_id,"
    " unit_id = v.unit_id, member_id = v.member_id, ends_on = v.ends_on,"
    " revision = e.revision + 1, updated_at = :now"
    " FROM (SELECT DISTINCT ON (entry_id) * FROM register_version"
    "  WHERE entry_id = ANY (CAST(:ids AS bigint[])) AND superseded_at IS NULL"
    "  ORDER BY entry_id, starts_on DESC) AS v"
    " WHERE e.id = v.entry_id"
)


def settle(session: Session, ids: Sequence[int]) -> None:
    """Write on entries what their last versions say, as `timeline.settle` does on one."""
    session.flush()
    session.execute(_SETTLE, {"ids": list(ids), "now": clock.now()})
    session.expire_all()


def _note_revisions(session: Session, rows: Sequence[Row]) -> None:
    which = among(_E.id, [row.subject_id or 0 for row in rows])
    found = {one[0]: one[1] for one in session.execute(sa.select(_E.id, _E.revision).where(which))}
    for row in rows:
        row.record["revision"] = found[row.subject_id or 0]


def _now() -> dict[str, Any]:
    return {"created_at": clock.now(), "updated_at": clock.now()}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
