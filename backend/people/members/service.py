"""Accounts, sessions and consent."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.core import clock, crypto
from backend.core.actor import Actor, SessionKind
from backend.core.errors import Invalid, NotFound
from backend.people.members import policy, queries
from backend.people.members.acting import TERMS
from backend.people.members.models import (
    REQUIRED_PURPOSES,
    Account,
    Consent,
    LoginSession,
    Member,
    PrivacyNotice,
    Purpose,
)

# Devices, and the same one signed in anew: nobody has that many.
MOST_SESSIONS = 30


@dataclass(frozen=True)
class IssuedSession:
    """The only moment at which the token itself is known."""

    token: str
    expires_at: datetime
    account: Account


def account_for(session: Session, keys: crypto.Crypto, openid: str) -> Account:
    """Return the account of a WeChat identity, opening it at the first sign-in."""
    digest = keys.lookup(openid, purpose="account.openid")
    encrypted = keys.encrypt(openid, purpose="account.openid")
    session.execute(
        insert(Account)
        .values(openid_hash=digest, openid_encrypted=encrypted)
        .on_conflict_do_nothing(index_elements=["openid_hash"])
    )
    return session.scalars(queries.account_by_openid_hash(digest)).one()


def open_session(
    session: Session,
    account: Account,
    kind: SessionKind = SessionKind.PHONE,
    device: str | None = None,
) -> IssuedSession:
    """Sign `account` in on one more device; beyond MOST_SESSIONS the oldest one is signed out. Who
    signs in at a console has just proven who it is."""
    token, now, terms = crypto.new_token(), clock.now(), TERMS[kind]
    row = LoginSession(
        token_hash=crypto.token_hash(token),
        account_id=account.id,
        kind=kind,
        device=device,
        expires_at=now + terms.lasts,
        extended_at=now,
        ends_at=now + terms.ends_after,
        proven_at=None if kind is SessionKind.PHONE else now,
    )
    session.add(row)
    session.flush()
    session.execute(queries.sessions_beyond(account.id, MOST_SESSIONS))
    audit.record(session, Actor(account.id), "session.opened", account, kind=kind.value)
    return IssuedSession(token, row.expires_at, account)


def close_session(session: Session, *, actor: Actor, token: str) -> None:
    """Sign out the actor's device that holds `token`."""
    session.execute(
        sa.delete(LoginSession).where(LoginSession.token_hash == crypto.token_hash(token))
    )
    account = session.get_one(Account, actor.account_id)
    audit.record(session, actor, "session.closed", account)


def note_failed_link(session: Session, *, actor: Actor, why: str) -> None:
    """Leave on record that the actor tried to prove a number and could not."""
    account = session.get_one(Account, actor.account_id)
    audit.record(session, actor, "member.link_failed", account, why=why)


def purge_sessions(session: Session) -> int:
    """Forget the sessions that have expired; return how many."""
    done = session.execute(sa.delete(LoginSession).where(LoginSession.expires_at <= clock.now()))
    return int(done.rowcount)  # type: ignore[attr-defined]  # a DELETE yields a CursorResult


def roster(actor: Actor, organization_id: int, q: str | None = None) -> sa.Select[Member]:
    """Select the roster of the actor's own branch, or whom `q` means on it. Raises NotFound for
    any other."""
    if not policy.may_see_roster(actor, organization_id):
        raise NotFound("organization_not_found", "没有找到该党支部。")
    listed = queries.roster(organization_id).order_by(None)
    return listed if q is None else listed.where(Member.id.in_(queries.meant_by(q)))


def set_preferences(session: Session, *, actor: Actor, large_type: bool) -> Account:
    """Set how the app shows itself to this account, on whichever phone."""
    account = session.get_one(Account, actor.account_id)
    account.large_type = large_type
    session.flush()
    return account


def current_notice(session: Session) -> PrivacyNotice | None:
    """Return the privacy notice in force, None before the first is published."""
    return session.scalars(queries.current_notice()).first()


@dataclass(frozen=True)
class Agreeing:
    """To which notice, and to which of its purposes; to no others."""

    notice_version: str
    purposes: Collection[Purpose]


def give_consent(session: Session, *, actor: Actor, said: Agreeing) -> list[Consent]:
    """Record to which purposes of the current notice the account agrees.

    A purpose agreed to before and not named now is withdrawn. Raises Invalid.
    """
    notice, wanted = current_notice(session), frozenset(said.purposes)
    if notice is None or notice.version != said.notice_version:
        raise Invalid("notice_version", "隐私告知已更新，请阅读最新版本后再同意。")
    if not wanted >= REQUIRED_PURPOSES:
        raise Invalid("purposes", "须同意“提供核心服务”后才能使用；其他用途可自愿选择。")
    _agree(session, actor.account_id, said.notice_version, wanted)
    _withdraw(session, actor.account_id, wanted)
    given = consents(session, actor.account_id)
    agreed = [str(consent.purpose) for consent in given]
    named = {"notice_version": said.notice_version, "purposes": agreed}
    audit.record(session, actor, "consent.given", given[0], **named)
    return given


def _agree(
    session: Session, account_id: int, notice_version: str, purposes: frozenset[Purpose]
) -> None:
    values = [
        {"account_id": account_id, "notice_version": notice_version, "purpose": purpose}
        for purpose in sorted(purposes)
    ]
    session.execute(
        insert(Consent)
        .values(values)
        .on_conflict_do_update(
            constraint="uq_consent_account_id_notice_version_purpose",
            set_={"withdrawn_at": None},
        )
    )


def _withdraw(session: Session, account_id: int, kept: frozenset[Purpose]) -> None:
    """Withdraw every other purpose, under whichever version it was agreed to."""
    session.execute(
        sa.update(Consent)
        .where(
            Consent.account_id == account_id,
            Consent.purpose.not_in(kept),
            Consent.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=clock.now())
    )


def consents(session: Session, account_id: int) -> list[Consent]:
    """Return what the account agrees to under the current notice, in order of purpose."""
    return list(session.scalars(queries.consents_of(account_id)).all())
