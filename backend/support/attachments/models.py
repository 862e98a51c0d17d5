"""附件: files people send in, each checked before anybody else may see it."""

import enum
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from backend.core.db import Base, Id, Timestamped
from backend.core.kinds import form_check
from backend.people.members.models import Account, Member


class AttachmentKind(enum.StrEnum):
    IMAGE = "image"
    PDF = "pdf"
    DOCUMENT = "document"
    SPREADSHEET = "spreadsheet"
    PRESENTATION = "presentation"


class AttachmentStatus(enum.StrEnum):
    CHECKING = "checking"
    AVAILABLE = "available"
    HELD = "held"
    REMOVED = "removed"


class Attachment(Timestamped, Base):
    """A stored file. A removed one has no bytes any more; its row says who decided and why."""

    __tablename__ = "attachment"
    __table_args__ = (
        sa.Index(None, "subject"),
        sa.Index(None, "area_id", "status", "id"),
        sa.Index(None, "account_id", "id"),
        sa.Index(
            "ix_attachment_created_at",
            "created_at",
            postgresql_where=sa.text("status = 'checking' OR subject IS NULL"),
        ),
        # The same bytes sent again are the same attachment, until it belongs to something.
        sa.Index(
            "uq_attachment_account_id_sha256",
            "account_id",
            "sha256",
            unique=True,
            postgresql_where=sa.text("subject IS NULL"),
        ),
        sa.CheckConstraint("subject ~ '^[a-z_]+:[0-9]+$'", name="subject_form"),
        sa.CheckConstraint("(subject IS NULL) = (area_id IS NULL)", name="attached_somewhere"),
        sa.CheckConstraint("(subject IS NULL) = (carried_as IS NULL)", name="carried_as_something"),
        form_check("carried_as"),
        sa.CheckConstraint("size > 0", name="not_empty"),
        sa.CheckConstraint(
            "status <> 'removed' OR (decided_by IS NOT NULL AND reason IS NOT NULL)",
            name="removed_with_a_reason",
        ),
    )

    id: Mapped[Id]
    # Whoever closes the account: what belongs to an organisation's record stays.
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id", ondelete="SET NULL"))
    # What it belongs to, as `table:id`, and the community answerable for it: both once attached.
    subject: Mapped[str | None]
    area_id: Mapped[int | None] = mapped_column(sa.ForeignKey("area.id"))
    # `capability.name` from then on, and whether it is for a branch's own people.
    carried_as: Mapped[str | None]
    of_branch: Mapped[bool] = mapped_column(server_default=sa.false(), default=False)
    status: Mapped[AttachmentStatus]
    kind: Mapped[AttachmentKind]
    content_type: Mapped[str]
    name: Mapped[str]
    size: Mapped[int]
    # Of the bytes as they were sent, not as they are stored.
    sha256: Mapped[str]
    storage_key: Mapped[str] = mapped_column(unique=True)
    # WeChat's name of its check of this image, and what went wrong with it.
    trace_id: Mapped[str | None] = mapped_column(unique=True)
    problem: Mapped[str | None]
    checked_at: Mapped[datetime | None]
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None]

    # What others may not read of it; filled by `queries.shown` only.
    withheld: Mapped[list[dict[str, object]] | None] = query_expression()

    account: Mapped[Account | None] = relationship()

    @property
    def member(self) -> Member | None:
        """Who sent it, for those who review."""
        return self.account.member if self.account else None


class EarlyVerdict(Base):
    """What WeChat said about an image before we had written down its trace id."""

    __tablename__ = "early_verdict"
    __table_args__ = (sa.Index(None, "created_at"),)

    trace_id: Mapped[str] = mapped_column(primary_key=True)
    suggest: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())


class Carrying:
    """Mixed into a model whose rows carry attachments."""

    __tablename__: str
    id: Mapped[Id]
    if TYPE_CHECKING:

        @property
        def as_subject(self) -> str: ...

    # Filled by `attachments.queries.fill` only, with what the asking actor may see.
    attachments: Sequence[Attachment] = ()
