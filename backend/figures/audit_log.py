"""The audit log as the audit administrator reads it: who did what to which thing, in codes and ids.

Of staff accounts it says whose they are; of members the number of the account alone (spec 8.5).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import with_expression

from backend.audit.models import AuditEntry
from backend.core.actor import Actor, Role
from backend.core.errors import Forbidden
from backend.people.members.models import Account


@dataclass(frozen=True)
class Wanted:
    """Which entries; what is None asks nothing. `action`: one, or how several begin."""

    account_id: int | None = None
    action: str | None = None
    subject: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def listed(actor: Actor, wanted: Wanted) -> sa.Select[AuditEntry]:
    """Select entries with the name of the staff account that did it. Raises Forbidden."""
    if not actor.areas(Role.AUDIT_ADMINISTRATOR):
        raise Forbidden("not_audit_administrator", "审计日志由审计管理员查看。")
    name = sa.select(Account.name).where(Account.id == AuditEntry.actor_id).scalar_subquery()
    statement = sa.select(AuditEntry).options(with_expression(AuditEntry.staff_name, name))
    return statement.where(*_conditions(wanted))


def _conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    said: list[tuple[object, Callable[[Any], sa.ColumnElement[bool]]]] = [
        (wanted.account_id, lambda id_: AuditEntry.actor_id == id_),
        (wanted.action, lambda action: AuditEntry.action.startswith(action, autoescape=True)),
        (wanted.subject, lambda subject: AuditEntry.subject == subject),
        (wanted.since, lambda moment: AuditEntry.recorded_at >= moment),
        (wanted.until, lambda moment: AuditEntry.recorded_at < moment),
    ]
    return [asks(value) for value, asks in said if value is not None]
