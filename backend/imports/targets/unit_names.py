"""Units as files name them: by credit code, or by a name that only one of them has."""

from collections import Counter

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core import wording
from backend.people.organizations.models import Unit


class UnitNames:
    """All units that last, found by how people call them."""

    def __init__(self, session: Session) -> None:
        lasting = sa.select(Unit.id, Unit.name, Unit.credit_code).where(Unit.ended_on.is_(None))
        rows = session.execute(lasting).all()
        times = Counter(wording.key(name) for _, name, _ in rows)
        self.names = {id_: name for id_, name, _ in rows}
        self._by_name = {
            wording.key(name): id_ for id_, name, _ in rows if times[wording.key(name)] == 1
        }
        self.by_code = {code: id_ for id_, _, code in rows if code}

    @staticmethod
    def places(session: Session) -> dict[int, int]:
        """Return in which community each unit is located."""
        found = session.execute(sa.select(Unit.id, Unit.community_id)).all()
        return {row.id: row.community_id for row in found}

    def meant(self, cell: str) -> int | None:
        """Return the unit a cell means; None for none, and for a name that several have."""
        own = self.by_code.get(wording.code(cell).upper())
        return own if own is not None else self._by_name.get(wording.key(cell))
