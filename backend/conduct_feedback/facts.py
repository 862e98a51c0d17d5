"""The facts of a note, as the records say them: the community types none of them."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core import clock
from backend.projects.models import ClaimStatus, ProjectClaim, ServiceProject
from backend.volunteering.models import ServiceRecord, ServiceRecordStatus


@dataclass(frozen=True)
class Facts:
    """What a member did in one community in one year."""

    year: int
    services: int
    minutes: int
    categories: list[str]
    projects: int


def of(session: Session, *, member_id: int, community_id: int, year: int) -> Facts:
    """Count confirmed services and completed projects; two statements."""
    first, end = (datetime(y, 1, 1, tzinfo=clock.SHANGHAI) for y in (year, year + 1))
    rows = session.execute(
        sa.select(ServiceRecord.category, ServiceRecord.duration_min).where(
            ServiceRecord.member_id == member_id,
            ServiceRecord.community_id == community_id,
            ServiceRecord.status == ServiceRecordStatus.CONFIRMED,
            ServiceRecord.started_at >= first,
            ServiceRecord.started_at < end,
        )
    ).all()
    return Facts(
        year=year,
        services=len(rows),
        minutes=sum(row.duration_min for row in rows),
        categories=sorted({str(row.category) for row in rows}),
        projects=_projects(session, member_id, community_id, year),
    )


def _projects(session: Session, member_id: int, community_id: int, year: int) -> int:
    done = (
        sa.select(sa.func.count(ProjectClaim.id))
        .join(ServiceProject, ServiceProject.id == ProjectClaim.project_id)
        .where(
            ProjectClaim.member_id == member_id,
            ProjectClaim.unit_id.is_(None),
            ProjectClaim.status == ClaimStatus.COMPLETED,
            ProjectClaim.delivered_on.between(date(year, 1, 1), date(year, 12, 31)),
            ServiceProject.community_id == community_id,
        )
    )
    return int(session.scalar(done) or 0)
