"""How far the worker is, for those who wait.

Its own transaction shows nothing before it is whole; so this is said in short ones beside it. They
never wait: where somebody holds the import's row, nothing is said.
"""

from collections.abc import Iterable, Iterator
from typing import TypeVar

import sqlalchemy as sa

from backend.core import clock
from backend.core.db import Database
from backend.imports.models import Import

Item = TypeVar("Item")

EVERY = 500


class Silent:
    """Says nothing: for whoever asks and writes nothing."""

    rows = 0

    def at(self, part: float) -> None:
        """Say that of the whole work this part is done."""

    def over(self, items: Iterable[Item], *, begin: float, end: float) -> Iterator[Item]:
        """Yield items, one of each row, which bring the work from one part to another."""
        for number, item in enumerate(items):
            if number % EVERY == 0:
                self.at(begin + (end - begin) * min(1.0, number / max(self.rows, 1)))
            yield item
        self.at(end)


class Progress(Silent):
    """Says of an import of so many rows as how many of them the work done counts."""

    def __init__(self, database: Database, import_id: int, rows: int) -> None:
        self.database, self.import_id, self.rows = database, import_id, rows

    def at(self, part: float) -> None:
        free = sa.select(Import.id).where(Import.id == self.import_id)
        held = free.with_for_update(skip_locked=True, key_share=True).scalar_subquery()
        values = {"rows_done": int(self.rows * part), "updated_at": clock.now()}
        with self.database.transaction() as session:
            session.execute(sa.update(Import).where(Import.id == held).values(values))
