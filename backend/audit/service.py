"""Write the audit trail, in the same transaction as the change it describes."""

from sqlalchemy.orm import Session

from backend.audit.models import AuditEntry
from backend.core.actor import Actor
from backend.core.db import Base
from backend.core.logging import request_id


def record(
    session: Session, actor: Actor | None, action: str, subject: Base, **detail: object
) -> None:
    """Note that `actor` (None: the system) did `action` to `subject`, a mapped row with an id.

    `detail` holds codes and ids, never names, phone numbers or free text about a person.
    """
    session.flush()  # a new subject has no id before
    session.add(
        AuditEntry(
            actor_id=actor.account_id if actor else None,
            action=action,
            subject=subject.as_subject,
            detail=detail,
            request_id=request_id.get(),
        )
    )
