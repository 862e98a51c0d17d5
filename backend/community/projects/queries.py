"""Questions about projects."""

from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload, with_expression
from sqlalchemy.orm.strategy_options import _AbstractLoad

from backend.community.claims.models import DELIVERED, ClaimStatus, ProjectClaim
from backend.community.projects.models import ServiceProject
from backend.support.text_checks import withheld


@cache
def shown() -> sa.Select[ServiceProject]:
    """Select projects with what every answer shows of them."""
    return sa.select(ServiceProject).options(*of_project())


@cache
def of_project() -> tuple[_AbstractLoad, ...]:
    """Fill in the same, also of a claim's project."""
    claim = aliased(ProjectClaim)
    here = claim.project_id == ServiceProject.id
    waiting = sa.select(sa.func.count()).where(here, claim.status == ClaimStatus.WAITING)
    delivered = sa.exists().where(here, claim.status.in_(DELIVERED))
    found = withheld.of(ServiceProject.__tablename__, ServiceProject.id)
    return (
        joinedload(ServiceProject.community),
        with_expression(ServiceProject.withheld, found),
        with_expression(ServiceProject.waiting, waiting.scalar_subquery()),
        with_expression(ServiceProject.delivered, delivered),
    )
