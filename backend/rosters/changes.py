"""Keep who changed something in the rosters, when and why."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.core.actor import Actor
from backend.core.db import Base
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
    """Select what was done to a row; who may read that is the caller's to know."""
    return sa.select(RosterChange).where(RosterChange.subject == subject)
