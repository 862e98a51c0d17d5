"""What people take back: single permissions, or their account altogether. Callers own the
transaction."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.accounts.onboarding.models import OPEN, LinkApplication, LinkApplicationStatus
from backend.audit import service as audit
from backend.core.idempotency import IdempotencyKey
from backend.people.members.models import Account, Member


def forget_phone(session: Session, account: Account) -> None:
    """Erase the number that came by WeChat's button: it was shown to us by a permission taken back.

    What the branch's own roster says stays; an application that cannot be checked any more ends.
    """
    applied = sa.select(LinkApplication.phone_hash).where(
        LinkApplication.account_id == account.id,
        LinkApplication.status == LinkApplicationStatus.APPROVED,
    )
    session.execute(
        sa.update(Member)
        .where(Member.id == account.member_id, Member.phone_hash.in_(applied))
        .values(phone_encrypted=None, phone_hash=None)
    )
    mine = LinkApplication.account_id == account.id
    waiting = LinkApplication.status.in_(OPEN)
    session.execute(sa.delete(LinkApplication).where(mine, waiting))
    session.execute(
        sa.update(LinkApplication)
        .where(mine)
        .values(phone_encrypted="", phone_hash="", phone_tail="")
    )
    audit.record(session, None, "account.phone_forgotten", account)


def close_account(session: Session, account: Account) -> None:
    """Delete the identity with its sessions, consents, inbox and messages.

    What the member did is the organisation's record and stays with the roster entry; whoever comes
    back signs in anew and is found on the roster anew.
    """
    audit.record(session, None, "account.closed", account)
    session.flush()
    session.execute(sa.delete(IdempotencyKey).where(IdempotencyKey.account_id == account.id))
    session.execute(sa.delete(Account).where(Account.id == account.id))
