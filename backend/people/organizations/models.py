"""Party organisations and units: the second tree."""

import enum
from datetime import date

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship
from sqlalchemy.types import UserDefinedType

from backend.core.db import Base, Id, Timestamped
from backend.core.finding import Findable
from backend.people.areas.models import Area


class Ltree(UserDefinedType[str]):
    """PostgreSQL's path type: ids from the root down, joined by dots."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        return "LTREE"


# So that a schema read back from the database (alembic's comparison) knows it too.
ischema_names["ltree"] = Ltree


class OrganizationKind(enum.StrEnum):
    COMMITTEE = "committee"
    GENERAL_BRANCH = "general_branch"
    BRANCH = "branch"
    JOINT_BRANCH = "joint_branch"
    GROUP = "group"


class UnitKind(enum.StrEnum):
    """City and district organs are those whose members rule 2i binds (spec 1.2, A2)."""

    CITY_ORGAN = "city_organ"
    DISTRICT_ORGAN = "district_organ"
    ENTERPRISE = "enterprise"
    INSTITUTION = "institution"
    OTHER = "other"


class Unit(Findable, Timestamped, Base):
    """A legal entity located in a community; `credit_code` is the 18-character code."""

    __tablename__ = "unit"

    id: Mapped[Id]
    name: Mapped[str]
    credit_code: Mapped[str | None] = mapped_column(unique=True)
    kind: Mapped[UnitKind]
    community_id: Mapped[int] = mapped_column(sa.ForeignKey("area.id"), index=True)
    ended_on: Mapped[date | None]
    # The unit into which it was merged.
    successor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"), index=True)

    community: Mapped[Area] = relationship()


class Organization(Findable, Timestamped, Base):
    """A Party organisation of the formal chain; affiliation hangs on it and on nothing else."""

    __tablename__ = "organization"
    __table_args__ = (
        sa.Index("ix_organization_path", "path", postgresql_using="gist"),
        # So that a member's group can be tied to the member's own branch.
        sa.UniqueConstraint("id", "parent_id"),
        sa.Index(
            "uq_organization_group_name",
            "parent_id",
            "name",
            unique=True,
            postgresql_where=sa.text("kind = 'group' AND dissolved_on IS NULL"),
        ),
        sa.CheckConstraint("dissolved_on >= founded_on", name="dates_in_order"),
    )

    id: Mapped[Id]
    name: Mapped[str]
    # What its office calls it in its own files: by it an import knows it again.
    code: Mapped[str | None] = mapped_column(unique=True)
    kind: Mapped[OrganizationKind]
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organization.id"), index=True)
    path: Mapped[str] = mapped_column(Ltree())
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    # Where it lies: its own community, or the area it is of where it lies in none.
    area_id: Mapped[int] = mapped_column(sa.ForeignKey("area.id"), index=True)
    # The area for which it is the Party organisation; None: of a unit, or of nobody's area.
    governs_id: Mapped[int | None] = mapped_column(sa.ForeignKey("area.id"), index=True)
    founded_on: Mapped[date | None]
    dissolved_on: Mapped[date | None]
    # The organisation into which it was merged.
    successor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organization.id"), index=True)

    # What others may not read of it; filled where a group's name is shown.
    withheld: Mapped[list[dict[str, object]] | None] = query_expression()
    # Whether organisations stand below it, but groups; filled where the tree is shown.
    has_below: Mapped[bool] = query_expression()

    area: Mapped[Area] = relationship(foreign_keys=area_id)
    unit: Mapped[Unit | None] = relationship()
