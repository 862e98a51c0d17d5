"""What was changed in the rosters: who, when and why stands beside what was done."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, query_expression

from backend.core.db import Base, Id, Timestamped


class RosterChange(Timestamped, Base):
    """One change of an organisation, a unit or a roster entry. `subject`: `table:id`; `reason` is
    for those who keep it, and says nothing the product may not hold (spec 7.1)."""

    __tablename__ = "roster_change"
    __table_args__ = (sa.Index(None, "subject", "id"),)

    id: Mapped[Id]
    subject: Mapped[str]
    action: Mapped[str]
    reason: Mapped[str]
    changed_by: Mapped[int]
    # Asked for where it is shown; None for the account of no member.
    changed_by_name: Mapped[str | None] = query_expression()
