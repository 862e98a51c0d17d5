"""A console that asks to be signed in by a phone."""

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, Id, Timestamped


class ConsoleLoginStatus(enum.StrEnum):
    """`claimed`: the browser has taken its session, which it can do once."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    CLAIMED = "claimed"


class ConsoleLogin(Timestamped, Base):
    """Shown as a code to scan; the session goes to nobody but the browser that asked."""

    __tablename__ = "console_login"
    __table_args__ = (
        sa.CheckConstraint(
            "approved_by IS NOT NULL OR status IN ('waiting', 'refused')", name="approved_by_whom"
        ),
    )

    id: Mapped[Id]
    scan_hash: Mapped[str] = mapped_column(unique=True)
    # Of what the browser alone holds.
    browser_hash: Mapped[str]
    # Two digits on both screens: that the code is of the console one sits at.
    match_code: Mapped[str]
    device: Mapped[str]
    status: Mapped[ConsoleLoginStatus] = mapped_column(default=ConsoleLoginStatus.WAITING)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    approved_by: Mapped[int | None] = mapped_column(
        sa.ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    decided_at: Mapped[datetime | None]
    claimed_at: Mapped[datetime | None]
