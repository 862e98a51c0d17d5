"""Takes rows of a register back: what was entered was a mistake, what was changed is as before."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core import bulk, clock
from backend.core.db import among
from backend.imports.columns import Written
from backend.imports.registers.writing import settle
from backend.ledger.models import Posting, SubjectKind
from backend.registers.declared import Register
from backend.registers.models import (
    EntryStatus,
    RegisterEntry,
    RegisterOpening,
    RegisterVersion,
)

_E, _V = RegisterEntry, RegisterVersion
WHY = "导入已撤销"


def built_on(session: Session, register: Register, written: Sequence[Written]) -> str | None:
    """Return what stands in the way, in words."""
    ids = [one.subject_id for one in written]
    found = session.execute(sa.select(_E.id, _E.revision).where(among(_E.id, ids)))
    now = {row[0]: row[1] for row in found}
    changed = [one for one in written if now.get(one.subject_id) != one.after.get("revision")]
    if changed:
        return f"有 {len(changed)} 条{register.noun}登记在导入后又有改动，不能撤销。"
    new = [one.subject_id for one in written if not one.before]
    below = (
        sa.select(sa.func.count(sa.distinct(_V.entry_id)))
        .join(_E, _E.id == _V.entry_id)
        .where(
            among(_V.parent_id, new),
            _V.superseded_at.is_(None),
            _E.status != EntryStatus.VOIDED,
        )
    )
    if number := session.scalar(below):
        return f"导入的{register.noun}已有 {number} 条其他登记，不能撤销。"
    posted = sa.select(sa.func.count()).where(
        Posting.subject_kind == SubjectKind.ENTRY, among(Posting.subject_id, new)
    )
    opened = sa.select(sa.func.count()).where(among(RegisterOpening.entry_id, ids))
    if number := (session.scalar(posted) or 0) + (session.scalar(opened) or 0):
        return f"导入的{register.noun}已有 {number} 条相关记录，不能撤销。"
    return None


def take_back(session: Session, written: Sequence[Written]) -> None:
    """Void what was new; let the versions be so again that were before."""
    new = [one.subject_id for one in written if not one.before]
    now = clock.now()
    voided = sa.update(_E).where(among(_E.id, new))
    session.execute(
        voided.values(
            status=EntryStatus.VOIDED, void_reason=WHY, voided_at=now, revision=_E.revision + 1
        ).execution_options(synchronize_session=False)
    )
    changed = [one for one in written if one.before]
    ids = [one.subject_id for one in changed]
    since = sa.update(_V).where(among(_V.entry_id, ids), _V.superseded_at.is_(None))
    session.execute(since.values(superseded_at=now).execution_options(synchronize_session=False))
    kept = [
        {"id": id_, "ends_on": date.fromisoformat(ends) if ends else None, "superseded_at": None}
        for one in changed
        for id_, ends in one.before["versions"]
    ]
    bulk.update(session, _V, kept)
    codes = [{"id": one.subject_id, "code": one.before["code"]} for one in changed]
    bulk.update(session, _E, codes)
    settle(session, ids)
