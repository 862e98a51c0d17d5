"""How entries were, as rows of a table: what an export writes, and what an import holds its rows
against."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from backend.core.db import among
from backend.forms import types
from backend.imports.registers.heads import (
    BRANCH,
    CODE,
    NAME,
    PARENT,
    PLACE,
    STARTS,
    UNTIL,
    key_of,
)
from backend.people.areas.models import Area
from backend.people.members.models import Member
from backend.people.organizations.models import Organization, Unit
from backend.registers.declared import Register
from backend.registers.models import RegisterEntry, RegisterVersion
from backend.registers.queries import so_on

DAY = timedelta(days=1)
AT_ONCE = 2000
# What of a version points to something.
POINTING = ("place_id", "parent_id", "organization_id", "unit_id", "member_id", "area_id")


class Stored(NamedTuple):
    """A version, with the words by which what it points to is known again."""

    id: int
    entry_id: int
    code: str
    starts_on: date
    ends_on: date | None
    name: str
    values: Mapping[str, Any]
    sealed: str | None
    lapsed: Mapping[str, Any]
    place_id: int
    parent_id: int | None
    organization_id: int | None
    unit_id: int | None
    member_id: int | None
    area_id: int | None
    place: str
    parent: str | None
    organization: str | None
    unit: str | None
    member: str | None
    branch: str | None
    area: str | None


_E, _V = RegisterEntry, RegisterVersion
_Place, _Area, _Parent = aliased(Area), aliased(Area), aliased(RegisterEntry)
_Branch = aliased(Organization)
_WITH_WORDS = (
    sa.select(
        _V.id, _V.entry_id, _E.code, _V.starts_on, _V.ends_on, _V.name, _V.values, _V.sealed,
        _V.lapsed, *(getattr(_V, name) for name in POINTING), _Place.code, _Parent.code,
        sa.func.coalesce(Organization.code, Organization.name),
        sa.func.coalesce(Unit.credit_code, Unit.name), Member.name,
        sa.func.coalesce(_Branch.code, _Branch.name), _Area.code,
    )
    .join(_E, _E.id == _V.entry_id)
    .join(_Place, _Place.id == _V.place_id)
    .outerjoin(_Parent, _Parent.id == _V.parent_id)
    .outerjoin(Organization, Organization.id == _V.organization_id)
    .outerjoin(Unit, Unit.id == _V.unit_id)
    .outerjoin(Member, Member.id == _V.member_id)
    .outerjoin(_Branch, _Branch.id == Member.branch_id)
    .outerjoin(_Area, _Area.id == _V.area_id)
    .where(_V.superseded_at.is_(None))
    .order_by(_V.entry_id, _V.starts_on)
)  # fmt: skip


def of(
    session: Session, ids: Collection[int], *, on: date | None = None
) -> dict[int, list[Stored]]:
    """Return the versions of entries that count, in order; or the one of a day."""
    found: dict[int, list[Stored]] = {id_: [] for id_ in ids}
    listed = [*found]
    for at in range(0, len(listed), AT_ONCE):
        rows = _WITH_WORDS.where(among(_V.entry_id, listed[at : at + AT_ONCE]))
        if on is not None:
            rows = rows.where(so_on(sa.literal(on, sa.Date())))
        for row in session.execute(rows):
            one = Stored(*row)
            found[one.entry_id].append(one)
    return found


def on(versions: Sequence[Stored], day: date) -> Stored | None:
    """Return the version that is so on a day; where none is, the nearest."""
    then = [one for one in versions if one.starts_on <= day]
    return then[-1] if then else versions[0] if versions else None


def words(register: Register, one: Stored) -> dict[str, str]:
    """Return a version as cells, by column; nothing of what is sealed."""
    last = one.ends_on - DAY if one.ends_on else None
    texts = {
        CODE: one.code,
        NAME: "" if register.called.of else one.name,
        PLACE: one.place,
        PARENT: one.parent,
        "organization": one.organization,
        "unit": one.unit,
        "member": one.member,
        BRANCH: one.branch,
        "area": one.area,
        STARTS: one.starts_on.isoformat(),
        UNTIL: last.isoformat() if last else None,
    }
    for field in register.asked:
        if not field.sealed:
            texts[key_of(field)] = types.text_of(field, one.values.get(field.name))
    return {key: text for key, text in texts.items() if text}
