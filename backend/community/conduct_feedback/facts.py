"""The facts of a note, as the records say them: the community types none of them."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.claims.models import ClaimStatus, ProjectClaim
from backend.community.projects.models import ServiceProject
from backend.community.volunteering import occasions
from backend.community.volunteering.activities.models import (
    Activity,
    ActivityAttendance,
    ActivityShift,
    AttendanceMark,
)
from backend.community.volunteering.models import ServiceRecord, ServiceRecordStatus
from backend.core import clock
from backend.people.members.models import Account

Count = sa.ScalarSelect[int]


@dataclass(frozen=True)
class Facts:
    """What a member did in one community in one year, and in which role.

    `organised`: activities drawn up and kept by the member; `stood_in`: turns taken over from
    somebody who could not come; `unit_projects`: seen through for the unit as its contact.
    """

    year: int
    services: int
    minutes: int
    categories: list[str]
    projects: int
    organised: int
    stood_in: int
    unit_projects: int


def of(session: Session, *, member_id: int, community_id: int, year: int) -> Facts:
    """Count what was confirmed, completed and written down; two statements."""
    first, end = (datetime(y, 1, 1, tzinfo=clock.SHANGHAI) for y in (year, year + 1))
    services = session.scalars(
        sa.select(ServiceRecord).where(
            ServiceRecord.member_id == member_id,
            ServiceRecord.community_id == community_id,
            ServiceRecord.status == ServiceRecordStatus.CONFIRMED,
            ServiceRecord.started_at >= first,
            ServiceRecord.started_at < end,
        )
    ).all()
    shares = occasions.share(services)
    present = _present(community_id, first, end)
    projects = _projects(member_id, community_id, year)
    counts = session.execute(
        sa.select(
            _count(projects.where(ProjectClaim.unit_id.is_(None))).label("projects"),
            _count(projects.where(ProjectClaim.unit_id.is_not(None))).label("unit_projects"),
            _count(present.where(_drawn_up_by(member_id)).distinct()).label("organised"),
            _count(present.where(_stood_in(member_id))).label("stood_in"),
        )
    ).one()
    return Facts(
        year=year,
        services=sum(share.is_first for share in shares),
        minutes=sum(share.minutes for share in shares),
        categories=sorted({str(row.category) for row in services}),
        **counts._asdict(),
    )


def _count(rows: sa.Select[int]) -> Count:
    return sa.select(sa.func.count()).select_from(rows.subquery()).scalar_subquery()


def _present(community_id: int, first: datetime, end: datetime) -> sa.Select[int]:
    """Select the activity of each presence on the lists of a community."""
    return (
        sa.select(Activity.id)
        .join(ActivityAttendance, ActivityAttendance.activity_id == Activity.id)
        .join(ActivityShift, ActivityShift.id == ActivityAttendance.shift_id)
        .where(
            Activity.community_id == community_id,
            ActivityAttendance.mark == AttendanceMark.PRESENT,
            ActivityShift.starts_at >= first,
            ActivityShift.starts_at < end,
        )
    )


def _drawn_up_by(member_id: int) -> sa.ColumnElement[bool]:
    return Activity.created_by.in_(sa.select(Account.id).where(Account.member_id == member_id))


def _stood_in(member_id: int) -> sa.ColumnElement[bool]:
    taken_over = ActivityAttendance.stand_in_for_id.is_not(None)
    return sa.and_(ActivityAttendance.member_id == member_id, taken_over)


def _projects(member_id: int, community_id: int, year: int) -> sa.Select[int]:
    return (
        sa.select(ProjectClaim.id)
        .join(ServiceProject, ServiceProject.id == ProjectClaim.project_id)
        .where(
            ProjectClaim.member_id == member_id,
            ProjectClaim.status == ClaimStatus.COMPLETED,
            ProjectClaim.delivered_on.between(date(year, 1, 1), date(year, 12, 31)),
            ServiceProject.community_id == community_id,
        )
    )
