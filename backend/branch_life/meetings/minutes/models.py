"""会议记录: one text, written by one person at a time, and what is added after it is closed."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, query_expression

from backend.core.db import Base, Id, Timestamped


class MeetingMinutes(Timestamped, Base):
    """`version` grows by one with each saving: whoever saves names the one that was read."""

    __tablename__ = "meeting_minutes"
    __table_args__ = (sa.UniqueConstraint("meeting_id"),)

    id: Mapped[Id]
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id", ondelete="CASCADE"))
    content: Mapped[str]
    version: Mapped[int]
    edited_by: Mapped[int]

    # What others may not read of it; filled by `queries` only.
    withheld: Mapped[list[dict[str, object]] | None] = query_expression()


class MinutesAmendment(Timestamped, Base):
    """What is put right after closing. `hash` covers the text and the hash before it, the first
    one the meeting's own: none can be changed or taken out unnoticed."""

    __tablename__ = "minutes_amendment"
    __table_args__ = (sa.UniqueConstraint("meeting_id", "number"),)

    id: Mapped[Id]
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id", ondelete="CASCADE"))
    number: Mapped[int]
    content: Mapped[str]
    added_by: Mapped[int]
    hash: Mapped[str]

    # What others may not read of it; filled by `queries` only.
    withheld: Mapped[list[dict[str, object]] | None] = query_expression()
