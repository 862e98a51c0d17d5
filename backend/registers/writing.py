"""Writes an entry and its versions, with what follows of it in the ledger."""

import json
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.actor import Actor
from backend.core.crypto import Crypto
from backend.core.errors import Conflict, Invalid, Stale
from backend.flows.steps import Taken
from backend.people.areas.models import Area
from backend.registers import content, pointing, stating, timeline
from backend.registers.catalogue import registers
from backend.registers.content import Content, Writing
from backend.registers.declared import Register
from backend.registers.models import EntryStatus, RegisterEntry, RegisterVersion
from backend.registers.pointing import Pointed

PURPOSE = "register_version.sealed"
# Nothing of the field is older, and nobody writes what will be in years.
FIRST, AHEAD = date(1921, 7, 1), timedelta(days=366)
# What of a version stands on its entry, too.
OF_ENTRY = ("place_id", "parent_id", "unit_id", "member_id")
_E = RegisterEntry


def locked(session: Session, register: Register, place: Area) -> None:
    """Let whoever else enters into a register at one place wait: none of two alike is entered."""
    for key, taken in (
        (register.name, sa.func.pg_advisory_xact_lock_shared),
        (f"{register.name}:{place.id}", sa.func.pg_advisory_xact_lock),
    ):
        session.execute(sa.select(taken(sa.func.hashtextextended(key, 0))))


def locked_whole(session: Session, register: Register) -> None:
    """Let whoever enters into a register anywhere wait, until many entries are written."""
    key = sa.func.hashtextextended(register.name, 0)
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))


def enter(
    session: Session,
    actor: Actor,
    keys: Crypto,
    register: Register,
    said: Writing,
    allow: Callable[[RegisterEntry], None],
) -> RegisterEntry:
    """Return a new entry with its first version. `allow` raises where it is not the actor's to
    enter, before anything is told of what is there. Raises InvalidParts, Conflict."""
    pointed = pointing.of(session, actor, register, said)
    found = content.of(register, said)
    starts_on = said.starts_on or clock.today()
    _check_days(register, starts_on, said.ends_on)
    row = _E(
        register=register.name,
        # Its own id is in the code it may be given, and it has none before it is stored.
        code=f"?{uuid.uuid4()}",
        recorded_by=actor.account_id,
        revision=0,
        **{name: pointed.columns[name] for name in OF_ENTRY},
    )
    session.add(row)
    session.flush()
    allow(row)
    locked(session, register, pointed.place)
    code = found.code or code_for(register, row.id)
    name = content.name_of(register, found, pointed.names, code)
    _refuse_double(session, register, found, pointed, name, starts_on)
    if found.code is not None:
        _free_code(session, register, found.code, row.id)
    row.code = code
    version = _version(keys, register, row, found, pointed, name)
    version.starts_on, version.ends_on = starts_on, said.ends_on
    version.recorded_by = actor.account_id
    timeline.lay(session, row, version)
    return row


def _check_days(register: Register, starts_on: date, ends_on: date | None) -> None:
    if register.until_required and ends_on is None:
        raise Invalid("ends_on", f"请填写{register.until_label}。")
    if not FIRST <= starts_on <= clock.today() + AHEAD:
        raise Invalid("starts_on", "开始日期应在一年之内，且不早于1921年7月1日。")
    if ends_on is not None and not starts_on < ends_on < date(2100, 1, 1):
        raise Invalid("ends_on", "结束日期应晚于开始日期。")


def code_for(register: Register, id_: int) -> str:
    """Return the code of an entry that came without one."""
    return f"{register.code.prefix}{id_:06d}"


def _free_code(session: Session, register: Register, code: str, own: int | None) -> None:
    """Refuse a code that another entry has which stands; one whose time is over gives it up."""
    same = sa.select(_E).where(
        _E.register == register.name,
        _E.code == code,
        _E.status == EntryStatus.STANDING,
        _E.id.is_distinct_from(own),
    )
    other = session.scalars(same.with_for_update()).first()
    if other is None:
        return
    if other.ends_on is None or other.ends_on > clock.today():
        raise pointing.refuse_code(register)
    other.status = EntryStatus.ENDED
    session.flush()


def _refuse_double(
    session: Session,
    register: Register,
    found: Content,
    pointed: Pointed,
    name: str,
    day: date,
) -> None:
    """Refuse a second one where only one may stand."""
    if not register.unique:
        return
    asked = [
        _E.register == register.name,
        _E.status == EntryStatus.STANDING,
        RegisterVersion.superseded_at.is_(None),
        sa.or_(RegisterVersion.ends_on.is_(None), RegisterVersion.ends_on > day),
    ]
    for part in register.key:
        asked.append(_same(part, found, pointed, name))
    alike = sa.select(_E.id).join(RegisterVersion, RegisterVersion.entry_id == _E.id)
    if session.scalar(alike.where(*asked).limit(1)) is not None:
        raise Conflict(
            "entry_already_there", f"已登记过同样的{register.noun}，请打开原来的登记修改。"
        )


def _same(part: str, found: Content, pointed: Pointed, name: str) -> sa.ColumnElement[bool]:
    if part == "name":
        return RegisterVersion.name == name
    if f"{part}_id" in pointed.columns:
        column: Any = getattr(RegisterVersion, f"{part}_id")
        same: sa.ColumnElement[bool] = column.is_not_distinct_from(pointed.columns[f"{part}_id"])
        return same
    told = sa.cast(found.values.get(part), sa.dialects.postgresql.JSONB)
    return RegisterVersion.values[part].is_not_distinct_from(told)


def _version(
    keys: Crypto,
    register: Register,
    row: _E,
    found: Content,
    pointed: Pointed,
    name: str,
    sealed_before: str | None = None,
) -> RegisterVersion:
    return RegisterVersion(
        entry_id=row.id,
        schema_version=register.version,
        name=name,
        values=found.values,
        sealed=_seal(keys, found.sealed, sealed_before),
        **pointed.columns,
    )


def _seal(keys: Crypto, new: dict[str, Any], before: str | None) -> str | None:
    """Return the sealed part: what it was, with what is new of it."""
    kept = unseal(keys, before) if before and new else {}
    if not new:
        return before
    whole = {name: value for name, value in (kept | new).items() if value is not None}
    return keys.encrypt(json.dumps(whole, ensure_ascii=False), purpose=PURPOSE) if whole else None


def unseal(keys: Crypto, sealed: str | None) -> dict[str, Any]:
    """Return what is sealed in a version."""
    return dict(json.loads(keys.decrypt(sealed, purpose=PURPOSE))) if sealed else {}


def change(taken: Taken[_E]) -> None:
    """Lay how an entry is from a day on beside what was written before."""
    session, row, said, keys = taken.session, taken.row, taken.said.writing, taken.said.keys
    register = registers()[row.register]
    if said.revision != row.revision:
        raise Stale("stale_version", "其他人已修改这条登记，请重新打开后再改。")
    found = content.of(register, said)
    pointed = pointing.of(session, taken.actor, register, said)
    starts_on = said.starts_on or clock.today()
    _check_days(register, starts_on, said.ends_on)
    if found.code is not None and found.code != row.code:
        _free_code(session, register, found.code, row.id)
        row.code = found.code
    before = timeline.on(timeline.of(session, row.id), starts_on)
    name = content.name_of(register, found, pointed.names, row.code)
    sealed_before = before.sealed if before else None
    version = _version(keys, register, row, found, pointed, name, sealed_before)
    version.starts_on, version.ends_on = starts_on, said.ends_on
    version.reason, version.recorded_by = said.reason, taken.actor.account_id
    timeline.lay(session, row, version)
    stating.restate(session, taken.rules, [row.id])
    check_texts(taken, found, name, register)


def check_texts(taken: Taken[_E], found: Content, name: str, register: Register) -> None:
    """Have checked what people wrote themselves."""
    own = (name,) if not register.called.of else ()
    taken.check("values", *own, *found.texts)
