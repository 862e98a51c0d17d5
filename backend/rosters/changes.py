"""Keep who changed something in the rosters, when and why."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, with_expression

from backend.audit import service as audit
from backend.core.actor import Actor
from backend.core.db import Base
from backend.people.members.models import Account, Member
from backend.rosters.models import RosterChange


@dataclass(frozen=True)
class Merging:
    """Into which one, and why."""

    into_id: int
    reason: str


def note(
    session: Session, actor: Actor, row: Base, action: str, reason: str, **detail: object
) -> None:
    """Note that `actor` did `action` to a row for that reason; `detail` goes to the audit log, and
    holds codes and ids alone."""
    audit.record(session, actor, f"{row.__tablename__}.{action}", row, **detail)
    values = {"subject": row.as_subject, "action": action, "reason": reason}
    session.add(RosterChange(**values, changed_by=actor.account_id))
    session.flush()


def of(subject: str) -> sa.Select[RosterChange]:
    """Select what was done to a row, with the name of the member who did it; who may read that is
    the caller's to know."""
    name = (
        sa.select(Member.name)
        .join(Account, Account.member_id == Member.id)
        .where(Account.id == RosterChange.changed_by)
        .scalar_subquery()
    )
    return (
        sa.select(RosterChange)
        .where(RosterChange.subject == subject)
        .options(with_expression(RosterChange.changed_by_name, name))
    )
