"""Open staff accounts, lock and unlock them, and hand them over anew."""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from backend.accounts.appointments import service as appointments
from backend.accounts.staff import passwords, policy
from backend.accounts.staff.models import RecoveryCode, StaffAccount
from backend.audit import service as audit
from backend.core import clock, wording
from backend.core.actor import Actor
from backend.core.errors import Conflict, NotFound
from backend.people.members import proof, sessions
from backend.people.members.models import Account, AccountKind

SIGN_IN_NAME = r"[A-Za-z][A-Za-z0-9._-]{2,31}"
SIGN_IN_NAME_WORDS = "登录名须以字母开头，为3至32个字母、数字、点、下划线或短横线。"
# For so long a password that was handed over opens enrolment.
HANDED_OVER_LASTS = timedelta(days=7)


@dataclass(frozen=True)
class Opening:
    """Whose account it is to be, and by which name they sign in."""

    name: str
    sign_in_name: str


@dataclass(frozen=True)
class HandedOver:
    """An account and the password to hand over: the only moment at which it is known."""

    account: StaffAccount
    one_time_password: str


def listed(actor: Actor) -> sa.Select[StaffAccount]:
    """Select the staff accounts. Raises Forbidden."""
    policy.check_keeps(actor)
    return sa.select(StaffAccount).options(joinedload(StaffAccount.account))


def open_account(session: Session, *, actor: Actor, said: Opening) -> HandedOver:
    """Open an account for somebody; it may do nothing until two have given it a role."""
    policy.check_keeps(actor)
    proof.require(actor)
    opened = make(session, said)
    audit.record(session, actor, "staff_account.opened", opened.account)
    return opened


def make(session: Session, said: Opening) -> HandedOver:
    """Make the rows of an account, whoever may. Raises Conflict when the name is taken."""
    key = wording.key(said.sign_in_name)
    taken = sa.select(sa.exists().where(StaffAccount.sign_in_key == key))
    if session.scalar(taken):
        raise Conflict("sign_in_name_taken", "这个登录名已有人使用，请换一个。")
    password = passwords.one_time()
    row = StaffAccount(
        account=Account(kind=AccountKind.STAFF, name=said.name),
        sign_in_name=said.sign_in_name,
        sign_in_key=key,
    )
    _hand_over(row, password)
    session.add(row)
    session.flush()
    return HandedOver(row, password)


def _hand_over(row: StaffAccount, password: str) -> None:
    row.password_hash, row.must_change = passwords.hashed(password), True
    row.password_until = clock.now() + HANDED_OVER_LASTS
    row.totp_encrypted = row.totp_step = row.enrolment_hash = row.enrolment_until = None
    row.failed_count, row.locks, row.locked_until, row.locked_at = 0, 0, None, None


def lock(session: Session, *, actor: Actor, staff_account_id: int) -> StaffAccount:
    """Let nobody sign in with an account, and sign it out everywhere."""
    row = _held(session, actor, staff_account_id)
    if row.locked_at is None:
        row.locked_at = clock.now()
        sessions.close_all(session, row.account_id)
        audit.record(session, actor, "staff_account.locked", row)
    return row


def unlock(session: Session, *, actor: Actor, staff_account_id: int) -> StaffAccount:
    """Let its person sign in again, whatever had locked it."""
    row = _held(session, actor, staff_account_id)
    if row.locked:
        row.locked_at = row.locked_until = None
        row.failed_count = row.locks = 0
        audit.record(session, actor, "staff_account.unlocked", row)
    return row


def reset(session: Session, *, actor: Actor, staff_account_id: int) -> HandedOver:
    """Hand an account over anew: a password for once, and no second factor until its person has set
    one. Whoever has that password has the account, so its appointments wait for a second person."""
    row = _held(session, actor, staff_account_id)
    proof.require(actor)
    opened = hand_over_anew(session, row)
    appointments.propose_anew(session, actor=actor, account_id=row.account_id)
    audit.record(session, actor, "staff_account.reset", row)
    return opened


def hand_over_anew(session: Session, row: StaffAccount) -> HandedOver:
    """Make the old password, factor and devices worth nothing, whoever may."""
    password = passwords.one_time()
    _hand_over(row, password)
    session.execute(sa.delete(RecoveryCode).where(RecoveryCode.staff_account_id == row.id))
    sessions.close_all(session, row.account_id)
    session.flush()
    return HandedOver(row, password)


def _held(session: Session, actor: Actor, staff_account_id: int) -> StaffAccount:
    """Return an account locked, if it is the actor's to keep: for others there is none. Raises
    NotFound, and Forbidden for the own one."""
    row = None
    if policy.keeps(actor):
        found = listed(actor).where(StaffAccount.id == staff_account_id)
        row = session.scalars(found.with_for_update(of=StaffAccount)).first()
    if row is None:
        raise NotFound("staff_account_not_found", "没有找到这个工作账号。")
    policy.check_anothers(actor, row)
    return row
