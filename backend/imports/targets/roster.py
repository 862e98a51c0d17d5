"""The roster as an import sees it: who is on it, found by keyed number and name, or in a branch."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from backend.core import wording
from backend.people.members.models import Member

_IDS = postgresql.ARRAY(sa.BigInteger())
AT_ONCE = 5000


class Entry(NamedTuple):
    """An entry of the roster as it stands."""

    id: int
    name: str
    phone_hash: str | None
    phone_encrypted: str | None
    category: str
    branch_id: int
    group_id: int | None
    electoral_right: bool
    unit_id: int | None
    unit_since: date | None
    phone_unproven: bool


_COLUMNS: tuple[Any, ...] = (*(getattr(Member, name) for name in Entry._fields),)


class Roster:
    """The entries that rows of a file may be about, read at once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.by_id: dict[int, Entry] = {}
        self._by_number: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        self._numbers: dict[str, set[str]] = defaultdict(set)
        self._by_name: dict[tuple[int, str], list[Entry]] = defaultdict(list)

    def load(self, numbers: Collection[str], branches: Collection[int]) -> None:
        """Read who has one of these keyed numbers or belongs to one of these branches."""
        for some in _portions(sorted(numbers)):
            self._take(Member.phone_hash == sa.any_(sa.literal(some, postgresql.ARRAY(sa.Text()))))
        for some_ids in _portions(sorted(branches)):
            self._take(Member.branch_id == sa.any_(sa.literal(some_ids, _IDS)))

    def _take(self, which: sa.ColumnElement[bool]) -> None:
        found = sa.select(*_COLUMNS).where(which, Member.active).order_by(Member.id)
        for row in self._session.execute(found):
            entry = Entry(*row)
            if entry.id in self.by_id:
                continue
            self.by_id[entry.id] = entry
            name = wording.key(entry.name)
            self._by_name[entry.branch_id, name].append(entry)
            if entry.phone_hash:
                self._by_number[entry.phone_hash, name].append(entry)
                self._numbers[entry.phone_hash].add(name)

    def numbered(self, phone_hash: str, name: str) -> list[Entry]:
        """Return who has this number and name."""
        return self._by_number.get((phone_hash, wording.key(name)), [])

    def shared(self, phone_hash: str, name: str) -> bool:
        """Return whether somebody of another name has this number."""
        return bool(self._numbers.get(phone_hash, set()) - {wording.key(name)})

    def named(self, branch_id: int, name: str) -> list[Entry]:
        """Return who has this name within a branch."""
        return self._by_name.get((branch_id, wording.key(name)), [])

    def of(self, branches: Collection[int]) -> Iterator[Entry]:
        """Yield who belongs to some branches, by id."""
        for _, entry in sorted(self.by_id.items()):
            if entry.branch_id in branches:
                yield entry


def _portions(values: Sequence[Any]) -> Iterable[list[Any]]:
    return (list(values[at : at + AT_ONCE]) for at in range(0, len(values), AT_ONCE))
