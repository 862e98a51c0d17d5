"""Entries of the roster as a preview shows them, and as they are written: many at once."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from backend.core import bulk, clock, finding
from backend.core.crypto import Crypto, DecryptionFailed
from backend.imports.columns import Row
from backend.imports.models import Change
from backend.imports.targets.bodies import Bodies, Body
from backend.imports.targets.roster import Entry
from backend.imports.targets.unit_names import UnitNames
from backend.people.members.models import Member, MemberCategory

PURPOSE = "member.phone"
PARTS = (
    "name", "phone_hash", "phone_unproven", "category", "branch_id", "group_id",
    "electoral_right", "unit_id", "unit_since",
)  # fmt: skip
# Of which column a part of an entry is.
_COLUMN = {
    "phone_hash": "phone", "branch_id": "branch", "group_id": "group", "unit_id": "unit",
    "unit_since": "since",
}  # fmt: skip
_CATEGORY = {MemberCategory.FULL: "正式党员", MemberCategory.PROBATIONARY: "预备党员"}


def stored(entry: Entry) -> dict[str, Any]:
    """Return an entry as rows write it."""
    values = {part: getattr(entry, part) for part in PARTS}
    values["category"] = str(entry.category)
    values["unit_since"] = entry.unit_since.isoformat() if entry.unit_since else None
    return values | {"phone_encrypted": entry.phone_encrypted}


def compare(keys: Crypto, bodies: Bodies, units: UnitNames, row: Row, entry: Entry) -> None:
    """Say in a row what of an entry it would change, and how that reads now."""
    row.before = stored(entry)
    for part, value in row.record.items():
        if row.before.get(part) != value and part != "phone_unproven":
            column = _COLUMN.get(part, part)
            row.was[column] = _shown(keys, bodies, units, entry, part)


def _shown(keys: Crypto, bodies: Bodies, units: UnitNames, entry: Entry, part: str) -> str:
    if part == "phone_hash":
        return masked(keys, entry.phone_encrypted)
    if part in {"branch_id", "group_id"}:
        body = bodies.by_id.get(getattr(entry, part) or 0)
        return body.name if body else ""
    if part == "unit_id":
        return units.names.get(entry.unit_id or 0, "")
    value = getattr(entry, part)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, MemberCategory):
        return _CATEGORY[value]
    return value.isoformat() if isinstance(value, date) else str(value or "")


def masked(keys: Crypto, encrypted: str | None) -> str:
    """Return a number as somebody sees it who need not know it."""
    if not encrypted:
        return ""
    try:
        phone = keys.decrypt(encrypted, purpose=PURPOSE)
    except DecryptionFailed:  # its key was withdrawn
        return "*" * 11
    return f"{phone[:3]}****{phone[-4:]}"


def left(keys: Crypto, body: Body, entry: Entry) -> Row:
    """Return an entry that is not in the file."""
    texts = {
        "name": entry.name,
        "phone": masked(keys, entry.phone_encrypted),
        "branch": body.name,
        "category": _CATEGORY[MemberCategory(entry.category)],
    }
    return Row(None, texts, subject_id=entry.id, left=True)


def lock(session: Session, ids: Sequence[int]) -> None:
    """Lock entries in the order of their ids."""
    which = Member.id == sa.any_(sa.literal(sorted(ids), postgresql.ARRAY(sa.BigInteger())))
    session.execute(sa.select(Member.id).where(which).order_by(Member.id).with_for_update())


def write(session: Session, keys: Crypto, rows: Sequence[Row]) -> None:
    """Insert what is new and update what is changed, each in one statement."""
    new = [row for row in rows if row.change is Change.NEW]
    changed = [row for row in rows if row.change is Change.CHANGED]
    if new:
        made = bulk.insert_things(session, Member, [_inserted(keys, row) for row in new])
        for row, id_ in zip(new, made, strict=True):
            row.subject_id = id_
    bulk.update(session, Member, [_updated(keys, row) for row in changed])


def _inserted(keys: Crypto, row: Row) -> dict[str, Any]:
    blank = {
        "phone_hash": None, "phone_unproven": False, "category": MemberCategory.FULL,
        "active": True, "group_id": None, "electoral_right": True, "unit_id": None,
        "unit_since": None,
    }  # fmt: skip
    return typed(blank | row.record) | {
        "created_at": clock.now(),
        "phone_encrypted": _sealed(keys, row, None),
        "found_as": finding.spelled(row.record["name"]),
    }


def _updated(keys: Crypto, row: Row) -> dict[str, Any]:
    whole = {part: row.before[part] for part in PARTS} | row.record
    return typed(whole) | {
        "id": row.subject_id,
        "phone_encrypted": _sealed(keys, row, row.before["phone_encrypted"]),
        "found_as": finding.spelled(whole["name"]),
    }


def _sealed(keys: Crypto, row: Row, before: str | None) -> str | None:
    if "phone_hash" not in row.record or row.record["phone_hash"] == row.before.get("phone_hash"):
        return before
    return keys.encrypt(row.values["phone"], purpose=PURPOSE)


def typed(values: dict[str, Any]) -> dict[str, Any]:
    """Return values as the columns hold them: what waited was JSON. Here, for the database gives
    no moment of a change."""
    since = values["unit_since"]
    return values | {
        "updated_at": clock.now(),
        "category": str(values["category"]),
        "unit_since": date.fromisoformat(since) if isinstance(since, str) else since,
    }
