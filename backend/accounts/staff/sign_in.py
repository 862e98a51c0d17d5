"""Sign in by name, password and second factor; the first time only to set these oneself.

Whatever is wrong is answered alike and takes alike long: nobody learns which names there are, which
half was right, or that an account is locked.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.accounts.staff import codes, passwords
from backend.accounts.staff.models import RecoveryCode, StaffAccount
from backend.audit import service as audit
from backend.core import clock, crypto
from backend.core.actor import Actor, SessionKind
from backend.core.crypto import Crypto
from backend.core.errors import Conflict, Unauthenticated
from backend.people.members import service as accounts
from backend.people.members import sessions
from backend.people.members.service import IssuedSession

TRIES = 5
FIRST_LOCK, LONGEST_LOCK = timedelta(minutes=15), timedelta(hours=24)
ENROLMENT_LASTS = timedelta(minutes=15)
ISSUER = "城市基层党建"


class SignInFailed(Unauthenticated):
    """Something did not fit; that it was tried stays counted."""

    keeps = True


@dataclass(frozen=True)
class Proof:
    """Password and code; no code while there is no second factor yet."""

    password: str
    code: str = ""


@dataclass(frozen=True)
class SigningIn(Proof):
    """Who signs in, with which proof."""

    name: str = ""


@dataclass(frozen=True)
class Enrolling:
    """The first time: what the own second factor is made of, shown once."""

    token: str
    secret: str
    provisioning_uri: str
    expires_at: datetime


@dataclass(frozen=True)
class Enrolment:
    """The own password, and a code that shows that the second factor works."""

    token: str
    password: str
    code: str


@dataclass(frozen=True)
class Enrolled:
    """The session, and the codes for a lost phone, shown once."""

    session: IssuedSession
    recovery_codes: list[str]


def sign_in(
    session: Session, keys: Crypto, *, said: SigningIn, device: str
) -> IssuedSession | Enrolling:
    """Open a session, or begin enrolment with a password that was handed over. Raises
    SignInFailed."""
    row = _check(session, keys, _locked(session, StaffAccount.called(said.name)), said)
    if row.must_change:
        return _begin_enrolment(session, keys, row)
    return accounts.open_session(session, row.account, SessionKind.STAFF, device)


def reauthenticate(
    session: Session, keys: Crypto, *, actor: Actor, token: str, said: Proof
) -> None:
    """Prove once more that it is they. A member's console is proven by scanning anew: Conflict.

    Raises SignInFailed, which counts as one at the sign-in does.
    """
    row = _locked(session, StaffAccount.account_id == actor.account_id)
    if row is None:
        raise Conflict("scan_required", "请用手机重新扫码登录，以确认是本人操作。")
    _check(session, keys, row, said)
    sessions.prove(session, token)
    audit.record(session, actor, "session.proven", row.account)


def _locked(session: Session, which: sa.ColumnElement[bool]) -> StaffAccount | None:
    found = sa.select(StaffAccount).where(which).with_for_update()
    return session.scalars(found.execution_options(populate_existing=True)).first()


def _check(session: Session, keys: Crypto, row: StaffAccount | None, said: Proof) -> StaffAccount:
    """Let through who proves it, and begin counting anew. Raises SignInFailed."""
    fits = passwords.fits(said.password, row.password_hash if row else None)
    if row is None or row.locked:
        raise _failed()
    if not fits or not _second(session, keys, row, said.code):
        _count(session, row)
        raise _failed()
    row.failed_count, row.locks, row.locked_until = 0, 0, None
    session.flush()
    return row


def _failed() -> SignInFailed:
    return SignInFailed(
        "sign_in_failed",
        f"登录名、密码或动态验证码不正确。连续输错{TRIES}次的账号会锁定一段时间，需要时请联系安全管理员。",
    )


def _second(session: Session, keys: Crypto, row: StaffAccount, code: str) -> bool:
    """Whether the code is right, and take it: none is right twice."""
    if row.must_change:
        return row.password_until is not None and clock.now() < row.password_until
    plain = codes.plain(code)
    step = codes.step(_secret(keys, row), plain, after=row.totp_step, now=clock.now())
    if step is not None:
        row.totp_step = step
        return True
    used = sa.update(RecoveryCode).where(
        RecoveryCode.staff_account_id == row.id,
        RecoveryCode.code_hash == _paper_hash(keys, plain),
        RecoveryCode.used_at.is_(None),
    )
    taken = session.execute(used.values(used_at=clock.now()).returning(RecoveryCode.id)).first()
    return taken is not None


def _secret(keys: Crypto, row: StaffAccount) -> str:
    if row.totp_encrypted is None:
        return ""
    return keys.decrypt(row.totp_encrypted, purpose="staff.totp")


def _paper_hash(keys: Crypto, plain: str) -> str:
    return keys.lookup(plain, purpose="staff.recovery")


def _count(session: Session, row: StaffAccount) -> None:
    row.failed_count += 1
    if row.failed_count >= TRIES:
        for_how_long = min(FIRST_LOCK * 2 ** min(row.locks, 10), LONGEST_LOCK)
        row.locked_until = clock.now() + for_how_long
        row.failed_count, row.locks = 0, row.locks + 1
        audit.record(session, None, "staff_account.locked_itself", row)
    audit.record(session, None, "staff_session.refused", row)


def _begin_enrolment(session: Session, keys: Crypto, row: StaffAccount) -> Enrolling:
    secret, token = codes.new_secret(), crypto.new_token()
    row.totp_encrypted = keys.encrypt(secret, purpose="staff.totp")
    row.enrolment_hash = crypto.token_hash(token)
    row.enrolment_until = clock.now() + ENROLMENT_LASTS
    session.flush()
    address = codes.address(secret, row.sign_in_name, ISSUER)
    return Enrolling(token, secret, address, row.enrolment_until)


def enrol(session: Session, keys: Crypto, *, said: Enrolment, device: str) -> Enrolled:
    """Set the own password and second factor; from now on both are needed. Raises SignInFailed, and
    Invalid for a password that is too easily guessed."""
    row = _locked(session, StaffAccount.enrolment_hash == crypto.token_hash(said.token))
    until = row.enrolment_until if row else None
    if row is None or row.locked or until is None or until <= clock.now():
        raise SignInFailed("enrolment_expired", "设置时间已过，请用一次性密码重新登录。")
    passwords.check(said.password, row.sign_in_name, row.name)
    step = codes.step(_secret(keys, row), codes.plain(said.code), after=None, now=clock.now())
    if step is None:
        _count(session, row)
        raise SignInFailed("code_wrong", "动态验证码不正确，请核对手机时间后重新输入。")
    row.password_hash, row.must_change, row.totp_step = passwords.hashed(said.password), False, step
    row.password_until = row.enrolment_hash = row.enrolment_until = None
    row.failed_count = 0
    audit.record(session, Actor(row.account_id), "staff_account.enrolled", row)
    opened = accounts.open_session(session, row.account, SessionKind.STAFF, device)
    return Enrolled(opened, _new_papers(session, keys, row))


def _new_papers(session: Session, keys: Crypto, row: StaffAccount) -> list[str]:
    session.execute(sa.delete(RecoveryCode).where(RecoveryCode.staff_account_id == row.id))
    papers = codes.new_papers()
    session.add_all(
        RecoveryCode(staff_account_id=row.id, code_hash=_paper_hash(keys, codes.plain(paper)))
        for paper in papers
    )
    session.flush()
    return papers
