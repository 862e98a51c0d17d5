"""Members as rows of a register name them: by mobile number, or by name and branch."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from backend.core import wording
from backend.forms import cells
from backend.forms.cells import Wrong
from backend.imports.columns import Desk, Row
from backend.people.members.models import Member
from backend.people.organizations.models import Organization

PURPOSE = "member.phone"
NOBODY = "没有找到可选的党员，请核对姓名、手机号和所在党支部。"
_TEXTS = postgresql.ARRAY(sa.Text())


class Person(NamedTuple):
    id: int
    name: str
    phone_hash: str | None
    unit_id: int | None
    community_id: int | None
    also_in: Sequence[int]
    branch: str
    branch_code: str | None
    branch_area: int


class People:
    """Those of the roster who may be meant by the rows of a file."""

    def __init__(self, desk: Desk, rows: Sequence[Row]) -> None:
        self._keys = desk.keys
        told = {row.values["member"] for row in rows if "member" in row.values}
        hashes = {hashed for one in told if (hashed := self._hashed(one))}
        names = {wording.name(one) for one in told}
        self._by: dict[str, list[Person]] = defaultdict(list)
        self._names: dict[int, str] = {}
        found = (
            sa.select(
                Member.id, Member.name, Member.phone_hash, Member.unit_id, Member.community_id,
                Member.also_in, Organization.name, Organization.code, Organization.area_id,
            )
            .join(Organization, Organization.id == Member.branch_id)
            .where(Member.active, sa.or_(_is(Member.name, names), _is(Member.phone_hash, hashes)))
        )  # fmt: skip
        for row in desk.session.execute(found) if told else ():
            person = Person(*row)
            self._names[person.id] = person.name
            self._by[person.name].append(person)
            if person.phone_hash:
                self._by[person.phone_hash].append(person)

    def _hashed(self, cell: str) -> str | None:
        if not any(char.isdecimal() for char in cell):
            return None
        try:
            return self._keys.lookup(str(cells.phone(cell).value), purpose=PURPOSE)
        except Wrong:
            return None

    def name_of(self, id_: int | None) -> str:
        return self._names.get(id_ or 0, "")

    def meant(self, cell: str, branch: str | None, there: set[int], unit_id: int | None) -> int:
        """Return whom a cell means among those who may be chosen at a place. Raises Wrong."""
        hashed = self._hashed(cell)
        found = [
            one
            for one in self._by.get(hashed or wording.name(cell), ())
            if self._may_be_chosen(one, there, unit_id)
            and (branch is None or _key(branch) in {_key(one.branch), _key(one.branch_code)})
        ]
        if not found:
            raise Wrong(NOBODY)
        if len(found) > 1:
            raise Wrong(f"有 {len(found)} 名同名的党员，请填写手机号或所在党支部。")
        return found[0].id

    @staticmethod
    def _may_be_chosen(one: Person, there: set[int], unit_id: int | None) -> bool:
        at = {one.community_id, one.branch_area, *one.also_in}
        return bool(at & there) or (unit_id is not None and one.unit_id == unit_id)


def _key(text: str | None) -> str:
    return wording.key(text or "")


def _is(column: Any, texts: set[str]) -> sa.ColumnElement[bool]:
    found: sa.ColumnElement[bool] = column == sa.any_(sa.literal(sorted(texts), _TEXTS))
    return found
