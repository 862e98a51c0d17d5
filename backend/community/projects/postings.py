"""What a completed claim posts to the ledger (rule 12g)."""

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from backend.community.demands.models import Demand
from backend.community.projects.models import ClaimStatus, ProjectClaim, ServiceProject
from backend.core import clock
from backend.ledger.models import SubjectKind
from backend.ledger.service import Entry, Source
from backend.ledger.subjects import Subject

# A unit's claim is the unit's duty; a member's own is shown as a contribution (rule 12g).
UNIT_KIND, MEMBER_KIND = "unit_claim", "member_claim"


def entry_of(row: ProjectClaim) -> Entry:
    """Return what a completed claim posts: one project is one occasion."""
    delivered = row.delivered_on or clock.today()
    subject = (
        Subject(SubjectKind.UNIT, row.unit_id)
        if row.unit_id is not None
        else Subject(SubjectKind.MEMBER, row.member_id)
    )
    return Entry(
        kind=UNIT_KIND if row.unit_id is not None else MEMBER_KIND,
        subject=subject,
        source=source_of(row),
        occurred_on=delivered,
        recorded_on=row.delivery_recorded_on or delivered,
        occasion=f"project:{row.project_id}",
        amount=1,
        area_id=row.project.community_id,
    )


def counts(session: Session, row: ProjectClaim) -> bool:
    """Whether a claim that was just completed is the claimant's first for its demand: a demand
    that was split into several projects counts once (spec 5.1)."""
    demand_id = row.project.demand_id
    if demand_id is None:
        return True
    session.execute(sa.select(Demand.id).where(Demand.id == demand_id).with_for_update())
    asked = sa.select(first_of_its_demand()).join(ProjectClaim.project)
    return bool(session.scalar(asked.where(ProjectClaim.id == row.id)))


def first_of_its_demand() -> sa.ColumnElement[bool]:
    """The same for rows joined with their projects."""
    other, project = aliased(ProjectClaim), aliased(ServiceProject)
    same_claimant = sa.case(
        (ProjectClaim.unit_id.is_not(None), other.unit_id == ProjectClaim.unit_id),
        else_=sa.and_(other.unit_id.is_(None), other.member_id == ProjectClaim.member_id),
    )
    before = sa.tuple_(other.completed_at, other.id) < sa.tuple_(
        ProjectClaim.completed_at, ProjectClaim.id
    )
    return ~sa.exists().where(
        project.id == other.project_id,
        project.demand_id == ServiceProject.demand_id,
        other.status == ClaimStatus.COMPLETED,
        same_claimant,
        before,
    )


def source_of(row: ProjectClaim) -> Source:
    return Source(ProjectClaim.__tablename__, row.id)
