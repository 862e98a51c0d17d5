"""The append-only trail of who did what. The database refuses UPDATE and DELETE on it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, query_expression

from backend.core.db import Base, Id


class AuditEntry(Base):
    """`actor_id` is a plain account id (None: the system itself), so that no row here is ever
    touched because something else is deleted."""

    __tablename__ = "audit_entry"

    id: Mapped[Id]
    actor_id: Mapped[int | None] = mapped_column(index=True)
    action: Mapped[str]
    subject: Mapped[str] = mapped_column(index=True)
    detail: Mapped[dict[str, object]]
    request_id: Mapped[str | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())

    # Whose staff account did it; filled where the log is read.
    staff_name: Mapped[str | None] = query_expression()
