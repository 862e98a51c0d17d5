"""A community is merged into another, or split: what is still to be done there goes along."""

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from backend.audit import service as audit
from backend.community.claims import news
from backend.community.claims.models import ClaimStatus, ProjectClaim
from backend.community.demands import news as demand_news
from backend.community.demands.models import Demand, DemandStatus
from backend.community.projects.models import ProjectStatus, ServiceProject
from backend.people.areas.models import Area

D, P = DemandStatus, ProjectStatus
OPEN_DEMANDS = (D.DRAFT, D.SUBMITTED, D.ACCEPTED, D.PUBLISHED, D.MATCHED)
OPEN_PROJECTS = (P.DRAFT, P.REVIEW, P.OPEN, P.FULL, P.IN_PROGRESS, P.DONE)
# Steps of a claim that wait for the community.
ASKED = {ClaimStatus.SUBMITTED: "submitted", ClaimStatus.DELIVERED: "delivered"}


def take_along(session: Session, old: Area, successor: Area) -> int:
    """Let open demands and projects of `old` belong to its successor, whose secretaries are told
    of what waits for them; return how many. What ended stays where it happened."""
    projects = session.scalars(_open_projects(old.id)).all()
    demands = session.scalars(_open_demands(old.id)).all()
    rows: list[ServiceProject | Demand] = [*projects, *demands]
    for row in rows:
        audit.record(session, None, f"{row.__tablename__}.area_changed", row)
        row.community = successor
    session.flush()
    for demand in demands:
        if demand.status is D.SUBMITTED:
            demand_news.tell_of_submission(session, demand)
    for claim in session.scalars(_asked([project.id for project in projects])):
        news.tell_deciders(session, claim, ASKED[claim.status])
    return len(rows)


def _open_projects(area_id: int) -> sa.Select[ServiceProject]:
    mine = (ServiceProject.community_id == area_id, ServiceProject.status.in_(OPEN_PROJECTS))
    rows = sa.select(ServiceProject).where(*mine).order_by(ServiceProject.id)
    return rows.with_for_update(of=ServiceProject).execution_options(populate_existing=True)


def _open_demands(area_id: int) -> sa.Select[Demand]:
    mine = (Demand.community_id == area_id, Demand.status.in_(OPEN_DEMANDS))
    rows = sa.select(Demand).where(*mine).order_by(Demand.id)
    return rows.with_for_update(of=Demand).execution_options(populate_existing=True)


def _asked(project_ids: list[int]) -> sa.Select[ProjectClaim]:
    return (
        sa.select(ProjectClaim)
        .where(ProjectClaim.project_id.in_(project_ids), ProjectClaim.status.in_(list(ASKED)))
        .options(joinedload(ProjectClaim.project).joinedload(ServiceProject.community))
        .order_by(ProjectClaim.id)
    )
