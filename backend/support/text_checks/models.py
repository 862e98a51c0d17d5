"""What people write, on its way through WeChat's content check (msgSecCheck, version 2)."""

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from backend.core.db import Base, Id, Timestamped
from backend.core.kinds import form_check
from backend.people.areas.models import Area
from backend.people.members.models import Account
from backend.support.text_checks.declared import Audience


class TextCheckStatus(enum.StrEnum):
    """`unchecked`: WeChat could not be asked in time, so a person looks at it."""

    PENDING = "pending"
    PASSED = "passed"
    HELD = "held"
    UNCHECKED = "unchecked"
    RELEASED = "released"
    REMOVED = "removed"
    SUPERSEDED = "superseded"


class TextCheck(Timestamped, Base):
    """One writing of one part of a thing. The text itself is kept until it is decided about."""

    __tablename__ = "text_check"
    __table_args__ = (
        sa.Index(
            "uq_text_check_current",
            "subject",
            "part",
            unique=True,
            postgresql_where=sa.text("status <> 'superseded'"),
        ),
        sa.Index(None, "area_id", "status", "id"),
        form_check(),
    )

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(
        sa.ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    # What the text belongs to, as `table:id`, and which of its texts this is.
    subject: Mapped[str]
    part: Mapped[str]
    # `capability.name`, and what its capability declared of it when it was written.
    kind: Mapped[str]
    audience: Mapped[Audience]
    nameless: Mapped[bool]
    # The community that answers for it.
    area_id: Mapped[int] = mapped_column(sa.ForeignKey("area.id"))
    content: Mapped[str]
    status: Mapped[TextCheckStatus] = mapped_column(default=TextCheckStatus.PENDING)
    # WeChat's number of what it found.
    label: Mapped[int | None]
    problem: Mapped[str | None]
    tries: Mapped[int] = mapped_column(server_default="0", default=0)
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None]

    # Whether the reason is withheld in its turn; filled by `queries.shown` only.
    withheld: Mapped[list[dict[str, object]] | None] = query_expression()

    account: Mapped[Account] = relationship()
    area: Mapped[Area] = relationship()
