"""An import on its way, and its rows while they wait; nothing of them stays when it is over."""

import enum
from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, query_expression

from backend.core.db import Base, Id, Timestamped


class ImportStatus(enum.StrEnum):
    READING = "reading"
    # A column that must be there was not recognised: somebody says which it is.
    COLUMNS = "columns"
    CHECKING = "checking"
    READY = "ready"
    COMMITTING = "committing"
    COMMITTED = "committed"
    UNDOING = "undoing"
    UNDONE = "undone"
    DISCARDED = "discarded"
    FAILED = "failed"


class Change(enum.StrEnum):
    """What would become of a row. `left`: stored, and not in the file; it is never ended."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    LEFT = "left"
    PROBLEM = "problem"


class Import(Timestamped, Base):
    """A file that somebody brings, from reading it to what was made of it."""

    __tablename__ = "import"
    __allow_unmapped__ = True
    __table_args__ = (sa.Index(None, "account_id"), sa.Index(None, "status", "updated_at"))

    id: Mapped[Id]
    target: Mapped[str]
    status: Mapped[ImportStatus]
    # Who brought it; None: a command on the server.
    account_id: Mapped[int | None]
    file_name: Mapped[str]
    # What was found: number, header, the column it is, or why it was left out.
    columns: Mapped[list[dict[str, object]]] = mapped_column(
        JSONB, server_default="[]", default=list
    )
    # What of the file was not read, in sentences.
    notes: Mapped[list[str]] = mapped_column(server_default="{}", default=list)
    rows_read: Mapped[int] = mapped_column(server_default="0", default=0)
    rows_done: Mapped[int] = mapped_column(server_default="0", default=0)
    # By kind of change, once it is checked.
    counts: Mapped[dict[str, object]] = mapped_column(server_default="{}", default=dict)
    # Why it went no further, in words.
    problem: Mapped[str | None]
    committed_at: Mapped[datetime | None]
    purged_at: Mapped[datetime | None]

    parties: Mapped[list[str] | None] = query_expression()
    # Of the first rows, where they are shown; no column.
    samples: Sequence[Mapping[int, str]] = ()

    @property
    def counted(self) -> dict[str, object] | None:
        """How many rows there are of each kind; None before they are checked."""
        return self.counts or None

    @property
    def headings(self) -> list[dict[str, object]]:
        """The columns of the file, with the first cells of each."""
        return [
            {**one, "samples": [row.get(int(str(one["index"])), "") for row in self.samples]}
            for one in self.columns
        ]


class ImportFile(Base):
    """A file that waits to be read, sealed, in pieces. The table is not logged: what is in it comes
    into no replica and no archive, and is gone after a crash."""

    __tablename__ = "import_file"
    __table_args__ = {"prefixes": ["UNLOGGED"]}

    import_id: Mapped[int] = mapped_column(
        sa.ForeignKey("import.id", ondelete="CASCADE"), primary_key=True
    )
    part: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sealed: Mapped[str]


class ImportRow(Base):
    """A row that waits: its cells, and what was found about it, both sealed. `number` is its place
    in the file; of what is left there is none."""

    __tablename__ = "import_row"
    __table_args__ = (
        sa.UniqueConstraint("import_id", "number"),
        sa.Index(None, "import_id", "change", "id"),
    )

    id: Mapped[Id]
    import_id: Mapped[int] = mapped_column(sa.ForeignKey("import.id", ondelete="CASCADE"))
    number: Mapped[int | None]
    cells: Mapped[str | None]
    change: Mapped[Change | None]
    found: Mapped[str | None]


class ImportedThing(Base):
    """What a commit wrote, so that it can be taken back while nothing is built on it."""

    __tablename__ = "imported_thing"

    import_id: Mapped[int] = mapped_column(
        sa.ForeignKey("import.id", ondelete="CASCADE"), primary_key=True
    )
    subject_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    # How it was before and what was written, sealed.
    sealed: Mapped[str]
