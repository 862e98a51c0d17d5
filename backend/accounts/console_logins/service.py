"""Sign in at a console with the phone: the console shows a code, a member with an office scans it
and says yes, and the browser that asked takes its session.

The code on the screen opens nothing by itself: what it approves goes to whoever holds the token
that the browser alone was given. So it may be seen, photographed and scanned by others.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.accounts.console_logins import policy
from backend.accounts.console_logins.models import ConsoleLogin, ConsoleLoginStatus
from backend.audit import service as audit
from backend.core import clock, crypto
from backend.core.actor import Actor, SessionKind
from backend.core.errors import NotFound
from backend.people.members import acting
from backend.people.members import service as accounts
from backend.people.members.models import Account
from backend.people.members.service import IssuedSession

# From asking to saying yes, and from that to taking the session.
LASTS = timedelta(seconds=60)


@dataclass(frozen=True)
class Asked:
    """What a browser is given, once: the code to show, and the token to keep."""

    login: ConsoleLogin
    scan_code: str
    browser_token: str


@dataclass(frozen=True)
class Told:
    """How it stands, and the session for the browser that asked, once."""

    status: str
    match_code: str
    expires_at: datetime
    session: IssuedSession | None


def ask(session: Session, *, device: str) -> Asked:
    """Begin: nobody is signed in by this."""
    scan_code, browser_token = crypto.new_token(), crypto.new_token()
    row = ConsoleLogin(
        scan_hash=crypto.token_hash(scan_code),
        browser_hash=crypto.token_hash(browser_token),
        match_code=f"{secrets.randbelow(100):02}",
        device=device,
        expires_at=clock.now() + LASTS,
    )
    session.add(row)
    session.flush()
    return Asked(row, scan_code, browser_token)


def look(session: Session, *, login_id: int, browser_token: str) -> Told:
    """Tell the browser that asked how it stands; the first time after a yes, with its session.

    Raises NotFound for any other browser.
    """
    asked = sa.and_(
        ConsoleLogin.id == login_id, ConsoleLogin.browser_hash == crypto.token_hash(browser_token)
    )
    row = session.scalars(sa.select(ConsoleLogin).where(asked).with_for_update()).first()
    if row is None:
        raise NotFound("console_login_not_found", "没有找到这次登录，请刷新二维码后重试。")
    if row.status is ConsoleLoginStatus.APPROVED:
        opened = _claim(session, row)
        return _told(row, "approved" if opened else "expired", opened)
    over = row.status is ConsoleLoginStatus.WAITING and row.expires_at <= clock.now()
    return _told(row, "expired" if over else row.status.value)


def _told(row: ConsoleLogin, status: str, opened: IssuedSession | None = None) -> Told:
    return Told(status, row.match_code, row.expires_at, opened)


def _claim(session: Session, row: ConsoleLogin) -> IssuedSession | None:
    """Open the session; none where nobody came for it in time, or the office has ended since."""
    row.status, row.claimed_at = ConsoleLoginStatus.CLAIMED, clock.now()
    account = session.get_one(Account, row.approved_by)
    in_time = row.decided_at is not None and clock.now() <= row.decided_at + LASTS
    if not in_time or not acting.actor_for(session, account.id).grants:
        return None
    return accounts.open_session(session, account, SessionKind.CONSOLE, row.device)


def show(session: Session, *, actor: Actor, scan_code: str) -> ConsoleLogin:
    """Return what is to be signed in where, before one says yes. Raises NotFound, Forbidden."""
    policy.check_may_sign_in(actor)
    return _waiting(session, _scanned(scan_code))


def approve(session: Session, *, actor: Actor, scan_code: str) -> ConsoleLogin:
    """Let the browser that asked act as the actor; again is no change. Raises NotFound,
    Forbidden."""
    policy.check_may_sign_in(actor)
    row = session.scalars(_scanned(scan_code).with_for_update()).first()
    if row is not None and row.approved_by == actor.account_id:
        return row
    return _decide(session, actor, row, ConsoleLoginStatus.APPROVED)


def refuse(session: Session, *, actor: Actor, scan_code: str) -> ConsoleLogin:
    """Say that it is not oneself who wants to sign in there."""
    policy.check_may_sign_in(actor)
    row = session.scalars(_scanned(scan_code).with_for_update()).first()
    return _decide(session, actor, row, ConsoleLoginStatus.REFUSED)


def _scanned(scan_code: str) -> sa.Select[ConsoleLogin]:
    found = sa.select(ConsoleLogin).where(
        ConsoleLogin.scan_hash == crypto.token_hash(scan_code),
        ConsoleLogin.expires_at > clock.now(),
    )
    return found.execution_options(populate_existing=True)


def _waiting(session: Session, found: sa.Select[ConsoleLogin]) -> ConsoleLogin:
    return _still(session.scalars(found).first())


def _still(row: ConsoleLogin | None) -> ConsoleLogin:
    """Whether it is gone, used or was never there is answered alike."""
    if row is None or row.status is not ConsoleLoginStatus.WAITING:
        raise NotFound("console_login_gone", "二维码已失效，请在电脑上刷新后重新扫描。")
    return row


def _decide(
    session: Session, actor: Actor, row: ConsoleLogin | None, status: ConsoleLoginStatus
) -> ConsoleLogin:
    row = _still(row)
    row.status, row.decided_at = status, clock.now()
    if status is ConsoleLoginStatus.APPROVED:
        row.approved_by = actor.account_id
    audit.record(session, actor, f"console_login.{status}", row)
    return row


def purge(session: Session) -> None:
    """Forget what nobody can say yes to any more."""
    session.execute(
        sa.delete(ConsoleLogin).where(ConsoleLogin.expires_at < clock.now() - 2 * LASTS)
    )
