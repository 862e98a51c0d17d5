"""邀请: the community keeps its promise to turn to who registered there when something fits."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.community.projects.models import ServiceProject
from backend.community.volunteering.activities.models import Activity
from backend.core.db import Base, Id, Timestamped
from backend.people.areas.models import Area
from backend.people.members.models import Member


class Invitation(Timestamped, Base):
    """A member is asked to one thing once; who declines says no reason and is not asked again."""

    __tablename__ = "invitation"
    __table_args__ = (
        sa.UniqueConstraint("member_id", "activity_id"),
        sa.UniqueConstraint("member_id", "project_id"),
        sa.Index(None, "community_id", "sent_at"),
        sa.Index(None, "activity_id"),
        sa.Index(None, "project_id"),
        sa.CheckConstraint("num_nonnulls(activity_id, project_id) = 1", name="to_one_thing"),
    )

    id: Mapped[Id]
    community_id: Mapped[int] = mapped_column(sa.ForeignKey("area.id"))
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    activity_id: Mapped[int | None] = mapped_column(sa.ForeignKey("activity.id"))
    project_id: Mapped[int | None] = mapped_column(sa.ForeignKey("service_project.id"))
    invited_by: Mapped[int]
    sent_at: Mapped[datetime]
    # No reason is asked for, and none is kept.
    declined_at: Mapped[datetime | None]

    community: Mapped[Area] = relationship()
    member: Mapped[Member] = relationship()
    activity: Mapped[Activity | None] = relationship()
    project: Mapped[ServiceProject | None] = relationship()

    @property
    def thing(self) -> Activity | ServiceProject:
        """What the member is asked to."""
        found = self.activity or self.project
        if found is None:
            raise ValueError("an invitation is to one thing")
        return found
