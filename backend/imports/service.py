"""What begins an import, and what its steps need to know beside the row."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.accounts.staff.models import StaffAccount, StaffStatus
from backend.audit import service as audit
from backend.core import clock, queue
from backend.core.actor import Actor
from backend.core.crypto import Crypto
from backend.core.errors import Conflict, Forbidden, Invalid, NotFound, TooLarge
from backend.core.throttle import Throttle
from backend.imports import reading, staging
from backend.imports.columns import Desk, Target, Targets
from backend.imports.flow import FLOW, OPEN, READ
from backend.imports.models import Import
from backend.imports.models import ImportStatus as S
from backend.ledger.rulepack import RulePack
from backend.people.members import acting

LONGEST_NAME = 120
MOST_OPEN = 3
# A day in which nobody decides, and how long what was written can be taken back.
KEPT, UNDO_WITHIN = timedelta(hours=24), timedelta(days=30)
THROTTLE = Throttle("import", misses=30, within=timedelta(hours=1), sentence="导入的次数过多")


def refuse_strangers(targets: Targets, actor: Actor) -> None:
    """Raise Forbidden where somebody may import nothing at all, before a file is looked at."""
    if not any(target.may(actor) for target in targets.values()):
        raise Forbidden("not_yours_to_import", "您不负责任何名单，不能导入。")


def target_of(targets: Targets, name: str, actor: Actor | None) -> Target:
    """Return the target of that name. Raises Invalid, and Forbidden where it is not the actor's."""
    target = targets.get(name)
    if target is None:
        raise Invalid("target", f"可导入的名单有：{'、'.join(targets)}。")
    if actor is not None and not target.may(actor):
        raise _not_theirs(target)
    return target


def _not_theirs(target: Target) -> Forbidden:
    return Forbidden("not_yours_to_import", f"您不负责{target.title}，不能导入。")


def begin(
    session: Session, keys: Crypto, *, actor: Actor, target: Target, name: str, data: bytes
) -> Import:
    """Take a file and have it read. Raises TooLarge, Invalid, Conflict and TooFast."""
    refuse_unreadable(data)
    THROTTLE.take(session, str(actor.account_id))
    waiting = sa.select(sa.func.count()).where(
        Import.account_id == actor.account_id, Import.status.in_(set(OPEN) - {S.FAILED})
    )
    if (session.scalar(waiting) or 0) >= MOST_OPEN:
        raise Conflict("imports_unfinished", f"您有 {MOST_OPEN} 份导入还没有办完，请先写入或放弃。")
    row = _taken(session, keys, target, name, data, actor.account_id)
    FLOW.begin(session, actor, row, "begun", target=target.name)
    queue.defer(session, READ, import_id=row.id)
    return row


def begin_here(
    session: Session,
    keys: Crypto,
    *,
    target: Target,
    name: str,
    data: bytes,
    sign_in_name: str | None = None,
) -> Import:
    """Take a file from whoever runs a command on the server; who reads it is theirs to say.
    `sign_in_name`: the staff account in whose name, where the target is by somebody. Raises
    Invalid, NotFound and Forbidden."""
    refuse_unreadable(data)
    account_id = _in_whose_name(session, target, sign_in_name)
    row = _taken(session, keys, target, name, data, account_id)
    named = {} if account_id is None else {"in_the_name_of": account_id}
    audit.record(session, None, "import.begun", row, target=target.name, **named)
    return row


def _in_whose_name(session: Session, target: Target, sign_in_name: str | None) -> int | None:
    if target.by_somebody is (sign_in_name is None):
        told = "须指明以谁的名义提名" if target.by_somebody else "不以任何人的名义导入"
        raise Invalid("as", f"{target.title}{told}。")
    if sign_in_name is None:
        return None
    row = session.scalars(sa.select(StaffAccount).where(StaffAccount.called(sign_in_name))).first()
    if row is None or row.status is not StaffStatus.ACTIVE:
        raise NotFound("staff_account_not_found", "没有这个工作账号，或它现在不能登录。")
    if not target.may(acting.actor_for(session, row.account_id)):
        raise _not_theirs(target)
    return row.account_id


def _taken(
    session: Session, keys: Crypto, target: Target, name: str, data: bytes, account_id: int | None
) -> Import:
    row = Import(
        target=target.name,
        status=S.READING,
        account_id=account_id,
        file_name=_short(name),
        columns=[],
        notes=[],
        counts={},
    )
    session.add(row)
    session.flush()
    staging.keep_file(session, keys, row.id, data)
    return row


def refuse_unreadable(data: bytes) -> None:
    """Raise what can be said of a file at once."""
    if len(data) > reading.LARGEST:
        raise TooLarge("file_too_large", reading.TOO_LARGE)
    if not data.strip():
        raise Invalid("file", reading.EMPTY)


def _short(name: str) -> str:
    bare = name.replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in bare if c.isprintable())[-LONGEST_NAME:] or "未命名"


@dataclass(frozen=True)
class Mapped:
    """Which column of a file is which of the target's, by their places; what is not named is
    left out."""

    columns: Mapping[int, str]


def map_columns(
    session: Session, targets: Targets, *, actor: Actor, import_id: int, said: Mapped
) -> Import:
    """Say which column is what and have the rows checked anew. Raises Invalid."""
    taken = FLOW.held(session, actor, import_id, FLOW.by_event["map"].by, said)
    FLOW.machine.after(taken.row.status, "map")  # before what is said is looked at
    target = target_of(targets, taken.row.target, actor)
    columns = [dict(one) for one in taken.row.columns]
    known = {int(str(one["index"])): one for one in columns if not one.get("dropped")}
    unknown = said.columns.keys() - known.keys()
    if unknown or any(target.column(key) is None for key in said.columns.values()):
        raise Invalid("columns", "有不存在的列或项目，请刷新后重新对应。")
    if len(set(said.columns.values())) < len(said.columns):
        raise Invalid("columns", "每个项目只能对应一列。")
    absent = target.needed(actor) - set(said.columns.values())
    if absent:
        named = "、".join(one.header for one in target.columns if one.key in absent)
        raise Invalid("columns", f"还没有对应：{named}。")
    for index, one in known.items():
        one["key"] = said.columns.get(index)
    taken.row.columns = columns
    return FLOW.go("map", taken)


def undo(
    session: Session, keys: Crypto, rules: RulePack, targets: Targets, *,
    actor: Actor, import_id: int,
) -> Import:  # fmt: skip
    """Take back what was written. Raises Conflict, which says what was built on it."""
    taken = FLOW.held(session, actor, import_id, FLOW.by_event["undo"].by)
    if taken.row.status is S.COMMITTED:
        desk = Desk(session, keys, rules, actor)
        in_the_way(desk, target_of(targets, taken.row.target, actor), taken.row)
    return FLOW.go("undo", taken)


def in_the_way(desk: Desk, target: Target, row: Import) -> None:
    """Raise Conflict where an import cannot be taken back (any more)."""
    if row.committed_at is None or row.committed_at < clock.now() - UNDO_WITHIN:
        raise Conflict("undo_expired", f"导入已超过 {UNDO_WITHIN.days} 天，不能撤销。")
    written = staging.written_of(desk.session, desk.keys, row.id)
    why = target.compare(desk, frozenset()).built_on(written)
    if why is not None:
        raise Conflict("built_upon", why)


def template_of(targets: Targets, name: str, actor: Actor) -> Target:
    """Return the target of a template; raises NotFound for one that is not there for the actor."""
    target = targets.get(name)
    if target is None or not target.may(actor):
        raise NotFound("template_not_found", "没有找到这种模板。")
    return target


def purge(session: Session) -> int:
    """Forget what nobody decided about in a day, and what can be taken back no more."""
    now = clock.now()
    stale = sa.select(Import).where(Import.status.in_(OPEN), Import.updated_at < now - KEPT)
    found = session.scalars(stale.with_for_update(skip_locked=True)).all()
    for row in found:
        FLOW.turn(session, row, "expire")
    old = sa.select(Import).where(
        Import.committed_at < now - UNDO_WITHIN, Import.purged_at.is_(None)
    )
    done = session.scalars(old.with_for_update(skip_locked=True)).all()
    staging.forget_written(session, [row.id for row in done])
    for row in done:
        row.purged_at = now
    return len(found)
