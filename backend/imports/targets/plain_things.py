"""Writes and takes back things whose row says all of them: units and organisations."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from backend.core import bulk, clock, finding
from backend.core.db import among
from backend.imports.columns import Row, Written
from backend.imports.targets import references
from backend.ledger.models import SubjectKind
from backend.people.areas.models import Area
from backend.people.organizations.models import Organization, Unit

Model = type[Unit] | type[Organization] | type[Area]
DAYS = ("founded_on",)


def of(parts: Sequence[str], values: Iterable[Any]) -> dict[str, Any]:
    """Return stored values as rows write them."""
    return {part: plain(value) for part, value in zip(parts, values, strict=True)}


def plain(value: Any) -> Any:
    """Return a value as JSON says it."""
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, str) else value


def typed(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as the columns hold them, and what is written with each change."""
    days = {
        part: date.fromisoformat(values[part]) for part in DAYS if isinstance(values.get(part), str)
    }
    plain_values = {part: plain(value) for part, value in values.items()}
    found_as = finding.spelled(values["name"])
    return plain_values | days | {"updated_at": clock.now(), "found_as": found_as}


def lock(session: Session, model: Model, ids: Sequence[int]) -> None:
    """Lock rows in the order of their ids."""
    which = model.id == sa.any_(sa.literal(sorted(ids), postgresql.ARRAY(sa.BigInteger())))
    session.execute(sa.select(model.id).where(which).order_by(model.id).with_for_update())


def insert(session: Session, model: Model, rows: Sequence[Row], **more: Any) -> None:
    """Insert what is new and give each row the id of its thing."""
    values = [typed(row.record) | {"created_at": clock.now()} | more for row in rows]
    for row, id_ in zip(rows, bulk.insert_things(session, model, values), strict=True):
        row.subject_id = id_


def update(session: Session, model: Model, parts: Sequence[str], rows: Sequence[Row]) -> None:
    """Write what is changed."""
    values = [
        typed({part: (row.before | row.record)[part] for part in parts}) | {"id": row.subject_id}
        for row in rows
    ]
    bulk.update(session, model, values)


def built_on(
    session: Session,
    model: Model,
    kind: SubjectKind,
    parts: Sequence[str],
    written: Sequence[Written],
    called: str,
) -> str | None:
    """Return what stands in the way of taking things back, in words."""
    new = [one.subject_id for one in written if not one.before]
    among_themselves = _among_themselves(session, model, new)
    for table, number in references.counts(session, model.__tablename__, new, ()) if new else ():
        if table != model.__tablename__ or number > among_themselves:
            return f"导入的{called}已有 {number} 条相关记录，不能撤销。"
    if new and references.in_ledger(session, kind, new):
        return f"导入的{called}已有义务记录，不能撤销。"
    ids = [one.subject_id for one in written]
    columns = [getattr(model, part) for part in parts]
    found = session.execute(sa.select(model.id, *columns).where(among(model.id, ids)))
    now = {id_: of(parts, values) for id_, *values in found}
    changed = [one for one in written if not _stands(one, parts, now.get(one.subject_id))]
    return f"有 {len(changed)} 个{called}在导入后又有改动，不能撤销。" if changed else None


def _stands(one: Written, parts: Sequence[str], now: Mapping[str, Any] | None) -> bool:
    wanted = {part: value for part, value in one.after.items() if part in parts}
    return now is not None and all(now[part] == value for part, value in wanted.items())


def _among_themselves(session: Session, model: Model, new: Sequence[int]) -> int:
    """Count the references that go when the things go: of one that is new to another."""
    if model is not Organization:
        return 0
    inside = among(Organization.parent_id, new)
    found = sa.select(sa.func.count()).where(inside, among(Organization.id, new))
    return session.scalar(found) or 0


def take_back(
    session: Session, model: Model, parts: Sequence[str], written: Sequence[Written]
) -> None:
    """Write things as they were and take away those that were new."""
    values = [
        typed({part: one.before[part] for part in parts}) | {"id": one.subject_id}
        for one in written
        if one.before
    ]
    bulk.update(session, model, values)
    new = [one.subject_id for one in written if not one.before]
    if new:
        session.execute(sa.delete(model).where(among(model.id, new)))


def forget_gone(session: Session, model: Model, kind: SubjectKind, ids: Sequence[int]) -> None:
    """Take away the duty years of things that are not any more."""
    there = set(session.scalars(sa.select(model.id).where(among(model.id, ids))))
    if gone := [id_ for id_ in ids if id_ not in there]:
        references.forget_years(session, kind, gone)
