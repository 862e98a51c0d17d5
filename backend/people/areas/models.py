"""The territory: province > city > district > township > community, by official division codes."""

import enum
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.core.db import Base, Id, Timestamped
from backend.core.finding import Findable


class AreaLevel(enum.StrEnum):
    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    TOWNSHIP = "township"
    COMMUNITY = "community"


class AreaKind(enum.StrEnum):
    """What the last three digits say. The kind of the parent says nothing (spec 7.4)."""

    REGION = "region"
    STREET = "street"
    TOWN = "town"
    OTHER_TOWNSHIP = "other_township"
    RESIDENTS_COMMITTEE = "residents_committee"
    VILLAGE = "village"
    OTHER = "other"


class Area(Findable, Timestamped, Base):
    """Rows carry the ids of the levels above (and their own), so that "everything below X" is one
    equality. Codes are keys; three village names occur twice."""

    __tablename__ = "area"
    __table_args__ = (
        sa.Index(None, "parent_id"),
        sa.Index(None, "city_id"),
        sa.Index(None, "district_id"),
        sa.Index(None, "township_id"),
        sa.CheckConstraint(
            "successor_id IS NULL OR valid_to IS NOT NULL", name="succeeded_when_closed"
        ),
        sa.CheckConstraint(r"code ~ '^(\d{6}|\d{9}|\d{12})$'", name="code_form"),
    )

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    level: Mapped[AreaLevel]
    kind: Mapped[AreaKind]
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("area.id"))
    city_id: Mapped[int | None] = mapped_column(sa.ForeignKey("area.id"))
    district_id: Mapped[int | None] = mapped_column(sa.ForeignKey("area.id"))
    township_id: Mapped[int | None] = mapped_column(sa.ForeignKey("area.id"))
    # Virtual divisions (498, 598) exist in the statistics only: nobody lives or reports there.
    hidden: Mapped[bool] = mapped_column(server_default=sa.false(), default=False)
    # The office of a community's committee, for everybody; never a person's own number.
    contact_phone: Mapped[str | None]
    contact_hours: Mapped[str | None]
    # From that day on it exists in history only: merged, split or given another code.
    valid_to: Mapped[date | None]
    successor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("area.id"))

    successor: Mapped["Area | None"] = relationship(
        foreign_keys="Area.successor_id", remote_side="Area.id", viewonly=True
    )
    district: Mapped["Area | None"] = relationship(
        foreign_keys="Area.district_id", remote_side="Area.id", viewonly=True
    )
    township: Mapped["Area | None"] = relationship(
        foreign_keys="Area.township_id", remote_side="Area.id", viewonly=True
    )
