"""Takes an import of a roster back, while nothing is built on it."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core import bulk, finding
from backend.core.db import among
from backend.imports.columns import Written
from backend.imports.targets import references
from backend.imports.targets.member_rows import PARTS, typed
from backend.ledger.models import SubjectKind
from backend.people.members.models import Member

# Written by the database itself with each entry.
_ITS_OWN = ("membership",)
AT_ONCE = 1000
_WORDS = {
    "account": "人已关联微信账号",
    "community_registration": "份报到",
    "appointment": "项任职",
    "position": "项党内职务",
}


def built_on(session: Session, written: Sequence[Written]) -> str | None:
    """Return what stands in the way, in words."""
    new = [one.subject_id for one in written if not one.before]
    found = list(references.counts(session, "member", new, _ITS_OWN)) if new else []
    if found:
        table, number = found[0]
        return f"导入的人员已有 {number} {_WORDS.get(table, '条办理记录')}，不能撤销。"
    if new and references.in_ledger(session, SubjectKind.MEMBER, new):
        return "导入的人员已有义务记录，不能撤销。"
    changed = _changed_since(session, written)
    return f"有 {changed} 人的名册内容在导入后又有改动，不能撤销。" if changed else None


def _changed_since(session: Session, written: Sequence[Written]) -> int:
    ids = [one.subject_id for one in written]
    columns = [getattr(Member, part) for part in PARTS]
    found = session.execute(sa.select(Member.id, *columns).where(among(Member.id, ids)))
    now = {row[0]: dict(zip(PARTS, row[1:], strict=True)) for row in found}
    return sum(1 for one in written if not _stands(one, now.get(one.subject_id)))


def _stands(one: Written, now: dict[str, object] | None) -> bool:
    if now is None:
        return False
    wanted = {part: one.after[part] for part in PARTS if part in one.after}
    plain = {
        part: value.isoformat() if hasattr(value, "isoformat") else value
        for part, value in now.items()
    }
    return all(plain[part] == value for part, value in wanted.items())


def take_back(session: Session, written: Sequence[Written]) -> list[int]:
    """Write entries as they were and take away those that were new; return these."""
    before = [
        typed({part: one.before[part] for part in (*PARTS, "phone_encrypted")})
        | {"id": one.subject_id, "found_as": finding.spelled(one.before["name"])}
        for one in written
        if one.before
    ]
    bulk.update(session, Member, before)
    new = [one.subject_id for one in written if not one.before]
    # Some at a time: of each the database asks everywhere whether something refers to it.
    for at in range(0, len(new), AT_ONCE):
        some = among(Member.id, new[at : at + AT_ONCE])
        session.execute(sa.delete(Member).where(some).execution_options(synchronize_session=False))
    return new
