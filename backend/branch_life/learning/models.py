"""Learning materials of a branch, to be read freely: nothing is kept about who reads what."""

import enum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from backend.core.db import Base, Id, Timestamped
from backend.people.organizations.models import Organization
from backend.support.attachments.models import Carrying


class MaterialStatus(enum.StrEnum):
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class LearningMaterial(Carrying, Timestamped, Base):
    """A text, with files where there are any. No hours, no progress, no counting (rule 16c)."""

    __tablename__ = "learning_material"
    __table_args__ = (sa.Index(None, "organization_id", "status", "id"),)

    id: Mapped[Id]
    organization_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    title: Mapped[str]
    body: Mapped[str]
    status: Mapped[MaterialStatus] = mapped_column(default=MaterialStatus.PUBLISHED)
    published_by: Mapped[int]
    withdrawn_by: Mapped[int | None]

    # What others may not read of it; filled by `queries.shown` only.
    withheld: Mapped[list[dict[str, object]] | None] = query_expression()
    # How whoever it was read for stands to it; filled by its flow only.
    parties: Mapped[list[str] | None] = query_expression(expire_on_flush=False)

    organization: Mapped[Organization] = relationship()
