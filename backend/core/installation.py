"""What this database is: a real city's, or the demo city's. One row, written once."""

import enum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.core.db import Base, Timestamped


class InstallationKind(enum.StrEnum):
    REAL = "real"
    DEMO = "demo"


class Installation(Timestamped, Base):
    __tablename__ = "installation"
    __table_args__ = (sa.CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[InstallationKind]
    city_code: Mapped[str]


def kind_of(session: Session) -> InstallationKind | None:
    """Return what the database was initialised as, None when it has not been."""
    return session.scalar(sa.select(Installation.kind))
