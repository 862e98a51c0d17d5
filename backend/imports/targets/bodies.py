"""The Party organisations as files name them: by their own code, or by name, alone or below
others."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core import wording
from backend.forms.cells import Wrong
from backend.people.organizations.models import Organization, OrganizationKind

_PARTS = re.compile(r"\s*[/／>＞→\\]\s*")


class Body(NamedTuple):
    """A Party organisation that exists."""

    id: int
    name: str
    kind: OrganizationKind
    parent_id: int | None
    area_id: int
    unit_id: int | None
    code: str | None


_COLUMNS = (
    Organization.id,
    Organization.name,
    Organization.kind,
    Organization.parent_id,
    Organization.area_id,
    Organization.unit_id,
    Organization.code,
)


class Bodies:
    """All organisations that are not dissolved, found by how people call them."""

    def __init__(self, session: Session) -> None:
        rows = session.execute(
            sa.select(*_COLUMNS)
            .where(Organization.dissolved_on.is_(None))
            .order_by(Organization.id)
        )
        self.by_id = {row[0]: Body(*row) for row in rows}
        self._by_code = {body.code: body for body in self.by_id.values() if body.code}
        self._by_name: dict[str, list[Body]] = defaultdict(list)
        for body in self.by_id.values():
            self._by_name[wording.key(body.name)].append(body)

    def coded(self, code: str) -> Body | None:
        """Return the one that an office gave this code."""
        return self._by_code.get(code)

    def meant(self, cell: str, among: Iterable[OrganizationKind]) -> list[Body]:
        """Return those of some kinds that a cell may mean: by code, name, or names from above."""
        kinds = frozenset(among)
        own = self._by_code.get(wording.code(cell).upper())
        if own is not None and own.kind in kinds:
            return [own]
        whole = [one for one in self._by_name[wording.key(cell)] if one.kind in kinds]
        names = [part for part in _PARTS.split(cell.strip()) if part]
        if whole or len(names) < 2:
            return whole
        last = (one for one in self._by_name[wording.key(names[-1])] if one.kind in kinds)
        return [one for one in last if self._lies_below(one, names[:-1])]

    def _lies_below(self, body: Body, names: list[str]) -> bool:
        """Say whether the names stand above a body in this order; not all need be given."""
        above = (wording.key(one.name) for one in self.above(body))
        return all(wording.key(name) in above for name in reversed(names))

    def above(self, body: Body) -> Iterator[Body]:
        """Yield what is above a body, the nearest first."""
        seen = {body.id}
        while body.parent_id in self.by_id and body.parent_id not in seen:
            body = self.by_id[body.parent_id]
            seen.add(body.id)
            yield body

    def groups_of(self, branch_id: int) -> dict[str, Body]:
        """Return the Party groups of a branch by the key of their names."""
        return {
            wording.key(one.name): one
            for one in self.by_id.values()
            if one.kind is OrganizationKind.GROUP and one.parent_id == branch_id
        }


def only_one(found: list[Body], what: str) -> Body:
    """Return the one that is meant. Raises Wrong for none and for several."""
    if not found:
        raise Wrong(f"没有找到这个{what}，请核对名称或填写组织编码。")
    if len(found) > 1:
        raise Wrong(f"有 {len(found)} 个同名的{what}，请填写组织编码，或写作“上级/名称”。")
    return found[0]
