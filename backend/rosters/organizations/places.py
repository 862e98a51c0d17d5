"""Where an organisation lies, of which unit it is, and which area it governs.

An organisation department says that of any in its own area. Whoever leads from above says of what
hangs below nothing that is not so of it already, or of what it hangs below: else a value that one
writes would carry an organisation into the figures of another district.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from backend.core.actor import Actor
from backend.core.errors import Invalid, NotFound
from backend.people.areas import service as areas
from backend.people.areas.models import Area
from backend.people.organizations.models import Organization, Unit
from backend.rosters import policy

NOT_YOURS = "不在您负责的区划内，请重新选择。"


@dataclass(frozen=True)
class Places:
    """`governs_code`: the area for which it is the Party organisation; None: for none."""

    area_code: str
    unit_id: int | None
    governs_code: str | None


def of(
    session: Session, actor: Actor, said: Places, *, near: Sequence[Organization]
) -> dict[str, int | None]:
    """Return what is said as ids of the columns. `near`: the organisation as it is, and what it
    hangs below. Raises Invalid."""
    area = _area(session, said.area_code, "area_code")
    unit = _unit(session, said.unit_id)
    known = {one.unit_id for one in near}
    where = {one.area_id for one in near}
    where |= {unit.community_id} if unit is not None and unit.id in known else set()
    if not policy.keeps_area(actor, area) and area.id not in where:
        raise Invalid("area_code", NOT_YOURS)
    department = bool(actor.areas(*policy.DEPARTMENTS))
    if not department and unit is not None and unit.id not in known:
        raise Invalid("unit_id", "只能选择上级党组织所在的单位，其他由组织部门办理。")
    return {
        "area_id": area.id,
        "unit_id": said.unit_id,
        "governs_id": _governs(session, actor, said.governs_code, near),
    }


def _governs(
    session: Session, actor: Actor, code: str | None, near: Sequence[Organization]
) -> int | None:
    if code is None:
        return None
    area = _area(session, code, "governs_code")
    if not policy.keeps_area(actor, area) and area.id not in {one.governs_id for one in near}:
        raise Invalid("governs_code", NOT_YOURS)
    return area.id


def _area(session: Session, code: str, field: str) -> Area:
    try:
        area = areas.get(session, code)
    except NotFound:
        raise Invalid(field, "没有找到该区划，请重新选择。") from None
    if area.valid_to is not None:
        raise Invalid(field, "该区划已撤并，请重新选择。")
    return area


def _unit(session: Session, unit_id: int | None) -> Unit | None:
    unit = None if unit_id is None else session.get(Unit, unit_id)
    if unit_id is not None and (unit is None or unit.ended_on is not None):
        raise Invalid("unit_id", "没有找到该单位，请重新选择。")
    return unit
