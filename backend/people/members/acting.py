"""Who acts: one statement, built once, of plain columns; every request runs it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from backend.core import clock, crypto
from backend.core.actor import NEVER, Actor, Grant, PositionKind, Post, Role, SessionKind
from backend.core.db import NOW
from backend.core.errors import Unauthenticated
from backend.people.members.models import (
    Account,
    Appointment,
    Consent,
    LoginSession,
    Member,
    Position,
    Purpose,
)
from backend.people.members.queries import current_notice_version, in_term
from backend.people.organizations.models import Organization


@dataclass(frozen=True)
class Terms:
    """How long a session lasts from when it was last extended, how often it is, and at most."""

    lasts: timedelta
    extends_after: timedelta
    ends_after: timedelta


_AT_A_DESK = Terms(timedelta(minutes=30), timedelta(minutes=1), timedelta(hours=8))
# A phone for 30 days, extended at most once a day, 90 days at most; a console for 30 minutes of
# rest and 8 hours (architecture, Identity).
TERMS = {
    SessionKind.PHONE: Terms(timedelta(days=30), timedelta(days=1), timedelta(days=90)),
    SessionKind.CONSOLE: _AT_A_DESK,
    SessionKind.STAFF: _AT_A_DESK,
}

# Tables, not models: a row of theirs is a tuple, and nothing of it is tracked.
_logins, _accounts, _members = LoginSession.__table__, Account.__table__, Member.__table__
_offices, _positions = Appointment.__table__, Position.__table__
_consents, _bodies = Consent.__table__, Organization.__table__


def _pairs(row: sa.FromClause, *columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
    """Select one JSON list of these columns' values, by rows in the order of their ids."""
    each = sa.func.jsonb_build_array(*columns)
    return sa.select(sa.func.jsonb_agg(aggregate_order_by(each, row.c.id)))


def _grants() -> sa.ScalarSelect[Any]:
    """Select the appointments of which today is a day."""
    row = _offices.c
    return (
        _pairs(_offices, row.role, row.area_id, row.organization_id, row.unit_id)
        .where(
            sa.or_(row.member_id == _members.c.id, row.account_id == _accounts.c.id),
            in_term(row),
        )
        .correlate(_members, _accounts)
        .scalar_subquery()
    )


def _posts() -> sa.ScalarSelect[Any]:
    """Select the posts held in the branch to which the member belongs today, or a group of it."""
    row, body = _positions.c, _bodies.c
    return (
        _pairs(_positions, row.kind, row.organization_id)
        .join(_bodies, body.id == row.organization_id)
        .where(
            row.member_id == _members.c.id,
            row.ends_on.is_(None),
            _members.c.branch_id.in_((body.id, body.parent_id)),
        )
        .correlate(_members)
        .scalar_subquery()
    )


def _consented() -> sa.ColumnElement[bool]:
    """Whether the account agrees to the core service under the current notice, or none is published
    yet."""
    row = _consents.c
    version = current_notice_version()
    agreed = sa.exists().where(
        row.account_id == _accounts.c.id,
        row.notice_version == version,
        row.purpose == Purpose.CORE_SERVICE,
        row.withdrawn_at.is_(None),
    )
    return sa.or_(version.is_(None), agreed)


# Whoever is not active any more acts as an account that is linked to nobody.
_linked = sa.and_(_members.c.id == _accounts.c.member_id, _members.c.active)
_WHO: sa.Select[*tuple[Any, ...]] = sa.select(
    _accounts.c.id.label("account_id"),
    _members.c.id.label("member_id"),
    *(_members.c[name] for name in ("branch_id", "unit_id", "community_id", "also_in")),
    _consented().label("consented"),
    _grants().label("grants"),
    _posts().label("posts"),
)
_BY_TOKEN = (
    _WHO.add_columns(*(_logins.c[name] for name in ("kind", "proven_at", "extended_at", "ends_at")))
    .select_from(
        _logins.join(_accounts, _accounts.c.id == _logins.c.account_id).outerjoin(_members, _linked)
    )
    .where(_logins.c.token_hash == sa.bindparam("token_hash"), _logins.c.expires_at > NOW)
)
_BY_ACCOUNT = _WHO.select_from(_accounts.outerjoin(_members, _linked)).where(
    _accounts.c.id == sa.bindparam("account_id")
)


def actor_of(session: Session, token: str) -> Actor:
    """Return who holds `token`, extending the session; one statement, and a second one where it is
    extended: once a day, at a console once a minute.

    Raises Unauthenticated.
    """
    digest = crypto.token_hash(token)
    found = session.execute(_BY_TOKEN, {"token_hash": digest}).first()
    if found is None:
        raise Unauthenticated("not_signed_in", "登录已过期，请重新登录。")
    *who, kind, proven_at, extended_at, ends_at = found
    _extend(session, digest, TERMS[kind], extended_at, ends_at)
    return replace(_actor(*who), via=SessionKind(kind), proven_at=proven_at or NEVER)


def actor_for(session: Session, account_id: int) -> Actor:
    """Return an account as the services see who acts."""
    session.flush()
    return _actor(*session.execute(_BY_ACCOUNT, {"account_id": account_id}).one())


def _extend(
    session: Session, digest: str, terms: Terms, extended_at: datetime, ends_at: datetime
) -> None:
    now = clock.now()
    if now - extended_at >= terms.extends_after:
        values = {"extended_at": now, "expires_at": min(now + terms.lasts, ends_at)}
        held = sa.update(LoginSession).where(LoginSession.token_hash == digest)
        session.execute(held.values(values))


def _actor(
    account_id: int,
    member_id: int | None,
    branch_id: int | None,
    unit_id: int | None,
    community_id: int | None,
    also_in: list[int] | None,
    consented: bool,
    grants: list[list[Any]] | None,
    posts: list[list[Any]] | None,
) -> Actor:
    return Actor(
        account_id,
        member_id,
        branch_id,
        unit_id,
        community_id,
        tuple(also_in or ()),
        consented,
        tuple(Grant(Role(role), *scope) for role, *scope in grants or ()),
        tuple(Post(PositionKind(kind), id_) for kind, id_ in posts or ()),
    )
