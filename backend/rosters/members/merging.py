"""Two entries of one person become one: the one nothing has happened under goes into the other.

Where something has happened under both, that is evidence of its own and stays where it is: there is
no way by which one entry's evidence becomes another's.
"""

from collections import defaultdict
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core.actor import Actor
from backend.core.db import Base
from backend.core.errors import Conflict, Invalid
from backend.ledger.rulepack import RulePack
from backend.people.members.models import Account, Member
from backend.rosters import changes
from backend.rosters.changes import Merging
from backend.rosters.members import following, queries, service

# What an entry has without anything having happened under it.
BARE = frozenset({"account", "appointment", "link_application", "membership", "position"})
# What else speaks of an entry, as whoever would merge it is told.
WORDS = {
    "absence_alert": "缺席提醒",
    "activity_attendance": "活动签到",
    "activity_sign_up": "活动报名",
    "attendance_exemption": "请假或免除参加的认定",
    "attendance_record": "会议出席",
    "community_registration": "社区报到",
    "conduct_feedback": "表现反馈",
    "invitation": "邀请",
    "leave_request": "会议请假",
    "meeting": "会议主持或记录",
    "project_claim": "项目认领",
    "register_entry": "登记",
    "register_version": "登记的历次内容",
    "registration_nudge": "报到提醒",
    "service_certificate": "服务证明",
    "service_record": "服务记录",
    "unit_registration": "单位报到的联络",
    "voter_exclusion": "表决资格的认定",
}


def merge(
    session: Session, rules: RulePack, *, actor: Actor, member_id: int, said: Merging
) -> Member:
    """Take an entry off the rosters in favour of another of the same person; return that one.

    The account goes along where both entries have the same proven number; else the person links
    again. Raises NotFound, Forbidden about oneself, Invalid, Conflict.
    """
    if member_id == said.into_id:
        raise Invalid("into_id", "请选择另一条记录。")
    ids = sorted((member_id, said.into_id))
    both = {id_: service.keep_lasting(session, actor, id_) for id_ in ids}
    gone, kept = both[member_id], both[said.into_id]
    _check_bare(session, gone, kept)
    _take_account_along(session, gone, kept)
    following.leave_branch(session, rules, gone)
    following.end_appointments(session, gone)
    gone.active, gone.successor_id = False, kept.id
    changes.note(session, actor, gone, "merged", said.reason, into=kept.id)
    following.rebind(session, rules, gone.id)
    found = queries.one(actor, kept.id).execution_options(populate_existing=True)
    return session.scalars(found).one()


def _check_bare(session: Session, gone: Member, kept: Member) -> None:
    """Raise Conflict where something has happened under the entry that is to go, naming what."""
    under = history(session, gone)
    if not under:
        return
    other = history(session, kept)
    if other:
        why = (
            f"两条记录下都已有记录（这一条：{'、'.join(under)}；另一条：{'、'.join(other)}），"
            "各自作为依据保留，不能合并。"
        )
    else:
        why = f"这条记录下已有{'、'.join(under)}，不能并入别处；请把没有记录的一条并入这一条。"
    raise Conflict("member_has_history", why)


def history(session: Session, member: Member) -> list[str]:
    """Return in words what speaks of an entry, besides the rows of the entry itself."""
    speaks: dict[str, list[sa.ColumnElement[bool]]] = defaultdict(list)
    for column in columns():
        speaks[column.table.name].append(sa.exists().where(column == member.id))
    asked = [sa.or_(*each).label(name) for name, each in sorted(speaks.items())]
    row = session.execute(sa.select(*asked)).one()
    return [WORDS[name] for name, speaks_of_it in row._mapping.items() if speaks_of_it]


def columns() -> list[sa.Column[Any]]:
    """Return every column by which something that has happened says of which entry it is."""
    return [
        column
        for table in Base.metadata.sorted_tables
        if table.name not in BARE
        for column in table.columns
        if any(key.column is Member.__table__.c.id for key in column.foreign_keys)
        if column is not Member.__table__.c.successor_id
    ]


def _take_account_along(session: Session, gone: Member, kept: Member) -> None:
    accounts = sa.select(Account).where(Account.member_id.in_((gone.id, kept.id)))
    linked = {one.member_id: one for one in session.scalars(accounts.with_for_update())}
    account = linked.get(gone.id)
    if account is None:
        return
    proven = gone.phone_hash is not None and gone.phone_hash == kept.phone_hash
    unproven = gone.phone_unproven or kept.phone_unproven or kept.id in linked
    account.member_id = kept.id if proven and not unproven else None
    session.flush()
