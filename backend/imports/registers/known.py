"""Which entries the rows of a file are: by code, else by what a register says tells them apart."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from backend.core import clock, wording
from backend.core.asker import asked_by, asker_of
from backend.core.db import among
from backend.imports.columns import Desk
from backend.registers import policy
from backend.registers.declared import Register, SlotName
from backend.registers.models import EntryStatus, RegisterEntry, RegisterVersion
from backend.registers.policy import KEEPER

_E, _V = RegisterEntry, RegisterVersion
Key = tuple[Any, ...]


class Known(NamedTuple):
    """An entry that is stored. `seen`: it is there for whoever brings the file; `kept`: it is
    theirs to write."""

    id: int
    code: str
    status: EntryStatus
    ends_on: date | None
    revision: int
    place_id: int
    seen: bool
    kept: bool
    key: Key
    name: str

    @property
    def over(self) -> bool:
        """Whether its time is over."""
        past = self.ends_on is not None and self.ends_on <= clock.today()
        return past or self.status is EntryStatus.ENDED


class Entries:
    """The entries of a register of which the rows of a file may speak."""

    def __init__(self, desk: Desk, register: Register) -> None:
        self._session, self._actor, self._register = desk.session, desk.actor, register
        self._parts = [name for name in register.key if name != "name"]
        self.by_id: dict[int, Known] = {}
        self._coded: dict[str, list[Known]] = defaultdict(list)
        self._keyed: dict[Key, list[Known]] = defaultdict(list)

    def load(self, *, codes: Collection[str] = (), place_ids: Collection[int] = ()) -> None:
        """Bring in entries that have one of these codes, or lie at one of these places."""
        coded = _E.code == sa.any_(sa.literal(sorted(codes), postgresql.ARRAY(sa.Text())))
        which = sa.or_(coded if codes else sa.false(), among(_E.place_id, sorted(place_ids)))
        today = _V.starts_on <= clock.today()
        found = (
            sa.select(
                _E.id, _E.code, _E.status, _E.ends_on, _E.revision, _E.place_id,
                *self._rights(), _V.name, *map(self._column, self._parts),
            )
            .join(_V, sa.and_(_V.entry_id == _E.id, _V.superseded_at.is_(None)))
            .where(
                _E.register == self._register.name, _E.status != EntryStatus.VOIDED, which
            )
            .ext(postgresql.distinct_on(_E.id))
            .order_by(_E.id, today.desc(), _V.starts_on.desc())
        )  # fmt: skip
        told = asked_by(self._actor) if self._actor else {}
        for row in self._session.execute(found, told):
            self._note(row[:8], row[8], row[9:])

    def _rights(self) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
        if self._actor is None:
            return sa.true(), sa.true()
        asker = asker_of(self._actor)
        return policy.visible(asker), KEEPER.holds(asker)

    def _column(self, part: str) -> Any:
        if part in {"place", "parent", *map(str, SlotName)} and part not in self._register.by_name:
            return getattr(_V, f"{part}_id")
        return _V.values[part]

    def _note(self, columns: Sequence[Any], name: str, values: Sequence[Any]) -> None:
        if columns[0] in self.by_id:
            return
        key = self.key_of(name, dict(zip(self._parts, values, strict=True)))
        one = Known(*columns, key, name)  # type: ignore[call-arg]  # eight of them
        self.by_id[one.id] = one
        self._coded[one.code].append(one)
        self._keyed[key].append(one)

    def key_of(self, name: str, parts: Mapping[str, Any]) -> Key:
        """Return by what an entry is known again that has no code."""
        return tuple(
            wording.key(name) if part == "name" else _plain(parts.get(part))
            for part in self._register.key
        )

    def coded(self, code: str, *, over: bool) -> Known | None:
        """Return the entry of a code: one that stands, or one whose time is over."""
        return next((one for one in self._coded[code] if one.over is over), None)

    def alike(self, key: Key, *, over: bool) -> list[Known]:
        """Return those entries that are there for whoever asks and have this key."""
        return [one for one in self._keyed[key] if one.seen and one.over is over]

    def standing(self, place_ids: Collection[int]) -> Iterator[Known]:
        """Yield what is kept by whoever asks and stands at some places."""
        there = set(place_ids)
        for one in self.by_id.values():
            if one.kept and not one.over and one.place_id in there:
                yield one


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return wording.key(value)
    return tuple(value) if isinstance(value, list) else value
