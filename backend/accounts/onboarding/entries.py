"""Which entry of the roster an account is linked to. An account is locked before an entry."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core.errors import Conflict
from backend.people.members.models import Account, Member


def lock_account(session: Session, account_id: int) -> Account:
    """Lock an account against changes, yet not against news: whoever writes to its inbox while
    holding what we ask for next must not wait for us."""
    for_no_key_update = {"key_share": True}
    return session.get_one(
        Account, account_id, with_for_update=for_no_key_update, populate_existing=True
    )


def refuse_linked(account: Account) -> None:
    if account.member is not None and not account.member.active:
        raise Conflict("member_inactive", "您的党员身份已停用，请联系所在党支部核实。")
    if account.member_id is not None:
        raise Conflict("already_linked", "您已关联党员身份，无需重复办理。")


def with_number(digest: str) -> sa.Select[Member]:
    """Select the active entries that nobody has been linked to and to which that number proves
    whose they are, locked."""
    taken = sa.exists().where(Account.member_id == Member.id)
    return (
        sa.select(Member)
        .where(Member.phone_hash == digest, Member.active, ~taken, ~Member.phone_unproven)
        .order_by(Member.id)
        .with_for_update()
    )


def free(session: Session, member_id: int) -> Member | None:
    """Return a roster entry, locked. Raises Conflict when somebody is linked to it."""
    member = session.get(Member, member_id, with_for_update=True, populate_existing=True)
    if session.scalar(sa.select(sa.exists().where(Account.member_id == member_id))):
        raise Conflict("member_already_linked", "该党员已关联其他微信，请先核实。")
    return member


def assign(session: Session, account: Account, member: Member) -> None:
    account.member_id = member.id
    session.flush()
