"""Two entries of one person become one: the one nothing has happened under goes into the other.

Where something has happened under both, that is evidence of its own and stays where it is: there is
no way by which one entry's evidence becomes another's.
"""

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
    if _has_history(session, gone):
        raise Conflict(
            "member_has_history",
            "这条记录下已有报到、服务、会议等记录，不能并入别处；请把没有记录的一条并入这一条。",
        )
    _take_account_along(session, gone, kept)
    following.leave_branch(session, rules, gone)
    following.end_appointments(session, gone)
    gone.active, gone.successor_id = False, kept.id
    changes.note(session, actor, gone, "merged", said.reason, into=kept.id)
    following.rebind(session, rules, gone.id)
    found = queries.one(actor, kept.id).execution_options(populate_existing=True)
    return session.scalars(found).one()


def _has_history(session: Session, member: Member) -> bool:
    """Return whether any row but those of the entry itself speaks of it."""
    speaks = [
        sa.exists().where(column == member.id)
        for table in Base.metadata.sorted_tables
        if table.name not in BARE
        for column in table.columns
        if any(key.column is Member.__table__.c.id for key in column.foreign_keys)
        if column is not Member.__table__.c.successor_id
    ]
    return bool(session.scalar(sa.select(sa.or_(*speaks))))


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
