"""Areas by their official codes."""

from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.people.areas.models import Area, AreaLevel


class Place(NamedTuple):
    """An area that lasts."""

    id: int
    code: str
    level: AreaLevel


class AreaCodes:
    """All areas that are to be seen, found by code."""

    def __init__(self, session: Session) -> None:
        found = session.execute(
            sa.select(Area.id, Area.code, Area.level, Area.valid_to).where(~Area.hidden)
        ).all()
        self._codes = {id_: code for id_, code, _, _ in found}
        self._lasting = {
            code: Place(id_, code, level) for id_, code, level, valid_to in found if not valid_to
        }

    def lasting(self, code: str) -> Place | None:
        """Return the area of that code, if it is one still."""
        return self._lasting.get(code)

    def code_of(self, area_id: int | None) -> str:
        """Return the code of an area, nothing for none."""
        return self._codes.get(area_id or 0, "")
