"""What follows for entries when what they point to, or where they lie, is no more. Callers hold the
lock of that."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.db import TODAY
from backend.ledger.rulepack import RulePack
from backend.people.areas.models import Area
from backend.registers import stating, timeline
from backend.registers.catalogue import registers
from backend.registers.declared import SlotName
from backend.registers.models import EntryStatus, RegisterEntry, RegisterVersion

_E, _V = RegisterEntry, RegisterVersion


def lapse(session: Session, rules: RulePack, slot: SlotName, id_: int) -> None:
    """Let what points to something that is no more since today count for nothing."""
    today = clock.today().isoformat()
    found = _pointing(session, slot, id_)
    for version in found:
        if slot not in version.lapsed:
            version.lapsed = {**version.lapsed, str(slot): today}
    _restate(session, rules, found)


def follow(session: Session, rules: RulePack, slot: SlotName, old_id: int, into: Any) -> None:
    """Let what points to something that was merged today point to its successor; where the
    successor stands there already, only one of the two counts."""
    found = _pointing(session, slot, old_id)
    for version in found:
        if not _is_there(session, version, slot, into.id):
            _point_on(session, version, slot, into)
    _restate(session, rules, found)
    lapse(session, rules, slot, old_id)


def move_place(session: Session, rules: RulePack, old: Area, new: Area) -> None:
    """Let what lies in an area that was merged today lie in its successor."""
    lying = session.scalars(_lasting().where(_V.place_id == old.id).with_for_update(of=_E)).unique()
    found = lying.all()
    for version in found:
        _lay(session, version, {"place_id": new.id})
    _restate(session, rules, found)
    follow(session, rules, SlotName.AREA, old.id, new)


def leaders_changed(session: Session, rules: RulePack, organization_id: int) -> None:
    """State anew what depends on who leads an organisation."""
    _restate(session, rules, _pointing(session, SlotName.ORGANIZATION, organization_id))


def _lasting() -> sa.Select[RegisterVersion]:
    """Select the versions that are so today or later."""
    return (
        sa.select(_V)
        .join(_E, _E.id == _V.entry_id)
        .where(
            _E.status != EntryStatus.VOIDED,
            _V.superseded_at.is_(None),
            sa.or_(_V.ends_on.is_(None), _V.ends_on > TODAY),
        )
        .order_by(_V.entry_id, _V.starts_on)
        .execution_options(populate_existing=True)
    )


def _pointing(session: Session, slot: SlotName, id_: int) -> Sequence[RegisterVersion]:
    session.flush()
    column: Any = getattr(_V, f"{slot}_id")
    return session.scalars(_lasting().where(column == id_).with_for_update(of=_E)).all()


def _is_there(session: Session, version: RegisterVersion, slot: SlotName, id_: int) -> bool:
    """Say whether another entry like this one stands for the successor already."""
    entry = session.get_one(_E, version.entry_id)
    register = registers().get(entry.register)
    if register is None or not register.unique:
        return False
    column: Any = getattr(_V, f"{slot}_id")
    beside = [column == id_, _E.register == entry.register, _V.entry_id != entry.id]
    if "parent" in register.key:
        beside.append(_V.parent_id.is_not_distinct_from(version.parent_id))
    if "place" in register.key:
        beside.append(_V.place_id == version.place_id)
    return session.scalars(_lasting().where(*beside).limit(1)).first() is not None


def _point_on(session: Session, version: RegisterVersion, slot: SlotName, into: Any) -> None:
    entry = session.get_one(_E, version.entry_id)
    register = registers().get(entry.register)
    changed: dict[str, Any] = {f"{slot}_id": into.id}
    if register is not None and register.called.of == slot:
        changed["name"] = into.name
    _lay(session, version, changed)


def _lay(session: Session, version: RegisterVersion, changed: dict[str, Any]) -> None:
    """Let a version go on otherwise from today, or from its own first day if that is later."""
    entry = session.get_one(_E, version.entry_id)
    same: dict[str, Any] = {name: getattr(version, name) for name in timeline.KEPT}
    new = _V(
        entry_id=version.entry_id,
        starts_on=max(clock.today(), version.starts_on),
        ends_on=version.ends_on,
        reason=version.reason,
        **same | changed,
    )
    timeline.lay(session, entry, new)


def _restate(session: Session, rules: RulePack, found: Sequence[RegisterVersion]) -> None:
    if found:
        stating.restate(session, rules, {version.entry_id for version in found})
