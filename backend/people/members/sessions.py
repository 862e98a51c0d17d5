"""The devices on which somebody is signed in."""

from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.core import clock, crypto
from backend.core.actor import Actor
from backend.core.db import NOW
from backend.core.errors import NotFound
from backend.people.members.models import LoginSession


@cache
def listed() -> sa.Select[LoginSession]:
    """Select the devices of the account `account_id` that are signed in."""
    mine = LoginSession.account_id == sa.bindparam("account_id")
    return sa.select(LoginSession).where(mine, LoginSession.expires_at > NOW)


def current(token: str) -> str:
    """Return by what a device's own row is known to it."""
    return crypto.token_hash(token)


def close(session: Session, *, actor: Actor, session_id: int) -> None:
    """Sign one of the actor's devices out. Raises NotFound."""
    own = listed().where(LoginSession.id == session_id).with_for_update()
    row = session.scalars(own, {"account_id": actor.account_id}).first()
    if row is None:
        raise NotFound("session_not_found", "没有找到这台设备，可能已经退出。")
    audit.record(session, actor, "session.closed", row.account)
    session.delete(row)


def close_all(session: Session, account_id: int) -> None:
    """Sign an account out everywhere."""
    session.execute(sa.delete(LoginSession).where(LoginSession.account_id == account_id))


def prove(session: Session, token: str) -> None:
    """Note that whoever holds `token` has just proven who it is."""
    held = LoginSession.token_hash == crypto.token_hash(token)
    session.execute(sa.update(LoginSession).where(held).values(proven_at=clock.now()))
