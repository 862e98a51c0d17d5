"""What an organisation hangs under, where rows of one file may hang under each other."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core import wording
from backend.forms.cells import Wrong
from backend.imports.columns import Row, Written
from backend.imports.models import Change
from backend.imports.targets import plain_things
from backend.imports.targets.bodies import Bodies, only_one
from backend.people.organizations.models import Organization
from backend.people.organizations.models import OrganizationKind as K
from backend.people.organizations.queries import WITH_ROSTER
from backend.rosters.organizations import following
from backend.rosters.organizations.service import PARENTS

PARTS = (
    "name", "code", "kind", "parent_id", "area_id", "governs_id", "unit_id", "founded_on",
)  # fmt: skip
MAY_STAND_UNDER: dict[K, tuple[K | None, ...]] = {**PARENTS, K.GROUP: WITH_ROSTER}
# How a row says that it hangs under another row, which has no id yet.
BY_ROW = "row:"


@dataclass(frozen=True)
class Standing:
    """What a row hangs under: what is stored, or another row of the file."""

    ref: int | str
    kind: K
    area_id: int | None
    unit_id: int | None


class Parents:
    """Finds what the rows of a file hang under, and which of what is stored they are."""

    def __init__(
        self, bodies: Bodies, stored: Mapping[int, Mapping[str, Any]], rows: Sequence[Row]
    ) -> None:
        self._bodies, self._stored = bodies, stored
        self._rows = [row for row in rows if "name" in row.values and "kind" in row.values]
        self._coded: dict[str, Row] = {}
        self._named: dict[str, list[Row]] = defaultdict(list)
        self._found: dict[Any, Row] = {}
        for row in self._rows:
            self._named[wording.key(row.values["name"])].append(row)
            if code := row.values.get("code"):
                first = self._coded.setdefault(code, row)
                if first is not row:
                    row.problems["code"] = f"与第 {first.number} 行的编码相同。"
        self._below = {
            (before["parent_id"], wording.key(before["name"])): id_
            for id_, before in stored.items()
        }

    def in_order(self) -> Iterator[Row]:
        """Yield rows so that what others hang under comes first; what hangs in a circle last."""
        waiting, done = list(self._rows), set[int]()
        while waiting:
            ready = [row for row in waiting if self._is_ready(row, done)]
            if not ready:
                for row in waiting:
                    row.problems.setdefault("parent", self._why_never(row))
                return
            yield from ready
            done.update(id(row) for row in ready)
            waiting = [row for row in waiting if id(row) not in done]

    def _why_never(self, row: Row) -> str:
        """Say why the turn of a row never comes: it hangs in a circle, or under one that does."""
        above, steps = self._row_above(row), 0
        while above is not None and above is not row and steps < len(self._rows):
            above, steps = self._row_above(above), steps + 1
        if above is row:
            return "上下级关系成了循环，请核对。"
        first = self._row_above(row)
        return f"上级在第 {first.number if first else ''} 行，该行有问题。"

    def _is_ready(self, row: Row, done: set[int]) -> bool:
        above = self._row_above(row)
        return above is None or id(above) in done

    def _row_above(self, row: Row) -> Row | None:
        """Return the row of the file that a row hangs under, by code, or by a name that only one
        has."""
        cell = row.values.get("parent")
        if cell is None:
            return None
        coded = self._coded.get(wording.code(cell).upper())
        if coded is not None:
            return coded
        named = [one for one in self._named.get(wording.key(cell), ()) if one is not row]
        return named[0] if len(named) == 1 else None

    def of(self, row: Row) -> Standing | None:
        """Return what a row hangs under, None for nothing. Raises Wrong."""
        cell = row.values.get("parent")
        if cell is None and row.subject_id is None:
            known = self._bodies.coded(row.values.get("code", ""))
            if known is not None and known.parent_id is not None:
                return self._standing(known.parent_id)
        above = self._above(row, cell) if cell is not None else None
        allowed = MAY_STAND_UNDER[K(row.values["kind"])]
        if (above.kind if above else None) not in allowed:
            raise Wrong("这类党组织不能设在所填的上级之下，请核对。")
        return above

    def _above(self, row: Row, cell: str) -> Standing:
        own = self._row_above(row)
        if own is None:
            found = self._bodies.meant(cell, tuple(K))
            return self._standing(only_one(found, "上级党组织").id)
        if own.problems:
            raise Wrong(f"上级在第 {own.number} 行，该行有问题。")
        if own.subject_id is not None:
            return self._standing(own.subject_id)
        record = own.record
        return Standing(
            f"{BY_ROW}{own.number}", K(record["kind"]), record["area_id"], record["unit_id"]
        )

    def _standing(self, id_: int) -> Standing:
        body = self._bodies.by_id[id_]
        return Standing(id_, body.kind, body.area_id, body.unit_id)

    def meant(self, row: Row, above: Standing | None) -> int | None:
        """Return which organisation a row is; None: a new one. Raises Wrong where another row is
        the same."""
        code = row.values.get("code")
        coded = self._bodies.coded(code) if code else None
        place = (above.ref if above else None, wording.key(row.values["name"]))
        named = self._below.get(place)
        if coded is not None:
            found: int | None = coded.id
        elif named is not None and code and self._stored[named]["code"]:
            raise Wrong("上级之下已有同名党组织，编码不同，请核对。")
        else:
            found = named
        first = self._found.setdefault(found if found is not None else place, row)
        if first is not row:
            raise Wrong(f"与第 {first.number} 行是同一党组织。")
        return found

    def refuse_circles(self, rows: Sequence[Row]) -> None:
        """Refuse to hang what is stored below itself."""
        above = {id_: before["parent_id"] for id_, before in self._stored.items()}
        moved = {row.subject_id: row for row in rows if "parent_id" in row.record and row.before}
        above |= {id_: row.record["parent_id"] for id_, row in moved.items() if id_}
        for id_, row in moved.items():
            seen, at = set[Any](), id_
            while at in above and at not in seen:
                seen.add(at)
                at = above[at]
            if at in seen:
                row.problems["parent"] = "不能移到自己的下级党组织之下。"


def write(session: Session, rows: Sequence[Row]) -> None:
    """Insert what is new from above down, change what is changed, and hang all where it belongs."""
    new = [row for row in rows if row.change is Change.NEW]
    changed = [row for row in rows if row.change is Change.CHANGED]
    ids: dict[str, int] = {}
    while new:
        ready = [row for row in new if _is_there(row, ids)]
        for row in ready:
            _resolve(row, ids)
        plain_things.insert(session, Organization, ready, path="0")
        ids |= {f"{BY_ROW}{row.number}": row.subject_id for row in ready if row.subject_id}
        _hang(session, ready)
        new = [row for row in new if row.subject_id is None]
    for row in changed:
        _resolve(row, ids)
    plain_things.update(session, Organization, PARTS, changed)
    moved = [row for row in changed if row.record.get("parent_id", 0) != row.before["parent_id"]]
    for row in moved:
        if "parent_id" in row.record:
            _move(session, row.subject_id or 0, row.record["parent_id"])


def _is_there(row: Row, ids: Mapping[str, int]) -> bool:
    ref = row.record["parent_id"]
    return not isinstance(ref, str) or ref in ids


def _resolve(row: Row, ids: Mapping[str, int]) -> None:
    ref = row.record.get("parent_id")
    if isinstance(ref, str):
        row.record["parent_id"] = ids[ref]


_HANG = sa.text(
    "UPDATE organization AS o SET path = CASE WHEN p.id IS NULL THEN CAST(o.id AS text)::ltree"
    " ELSE p.path || CAST(o.id AS text) END FROM organization AS n"
    " LEFT JOIN organization AS p ON p.id = n.parent_id WHERE n.id = o.id AND o.id = ANY(:ids)"
)


def _hang(session: Session, rows: Sequence[Row]) -> None:
    session.execute(_HANG, {"ids": [row.subject_id for row in rows]})


def _move(session: Session, id_: int, parent_id: int | None) -> None:
    """Hang an organisation, and all below it, under another."""
    row = session.get_one(Organization, id_, populate_existing=True)
    above = session.scalar(sa.select(Organization.path).where(Organization.id == parent_id))
    following.move_paths(session, row, f"{above}.{id_}" if above else str(id_))


def take_back(session: Session, written: Sequence[Written]) -> None:
    """Write organisations as they were, hang them where they were, take away what was new."""
    changed = [one for one in written if one.before]
    back = [one for one in changed if one.before["parent_id"] != one.after.get("parent_id", 0)]
    plain_things.update(
        session,
        Organization,
        PARTS,
        [Row(None, subject_id=one.subject_id, before=dict(one.before)) for one in changed],
    )
    for one in back:
        if "parent_id" in one.after:
            _move(session, one.subject_id, one.before["parent_id"])
    new = [one for one in written if not one.before]
    plain_things.take_back(session, Organization, PARTS, new)
