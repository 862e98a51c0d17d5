"""Questions about projects and claims."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, with_expression

from backend.areas import service as areas
from backend.core.actor import Actor, Role
from backend.projects import policy
from backend.projects.models import ClaimStatus, ProjectClaim, ProjectStatus, ServiceProject
from backend.text_checks import withheld


def shown() -> sa.Select[ServiceProject]:
    """Select projects with what every answer shows of them."""
    return sa.select(ServiceProject).options(
        joinedload(ServiceProject.community),
        with_expression(ServiceProject.withheld, _of_project()),
    )


def _of_project() -> sa.ScalarSelect[Any]:
    return withheld.of(ServiceProject.__tablename__, ServiceProject.id)


def listed(
    actor: Actor,
    *,
    community_code: str | None = None,
    status: ProjectStatus | None = None,
) -> sa.Select[ServiceProject]:
    """Select the projects the actor may see."""
    statement = shown().where(policy.visible_project(actor))
    if community_code is not None:
        statement = statement.where(ServiceProject.community_id == areas.id_of(community_code))
    if status is not None:
        statement = statement.where(ServiceProject.status == status)
    return statement


def claims() -> sa.Select[ProjectClaim]:
    """Select claims with what every answer shows of them."""
    return (
        sa.select(ProjectClaim)
        .join(ProjectClaim.project)
        .options(
            contains_eager(ProjectClaim.project).options(
                joinedload(ServiceProject.community),
                with_expression(ServiceProject.withheld, _of_project()),
            ),
            with_expression(
                ProjectClaim.withheld, withheld.of(ProjectClaim.__tablename__, ProjectClaim.id)
            ),
            joinedload(ProjectClaim.member),
            joinedload(ProjectClaim.unit),
        )
    )


def listed_claims(
    actor: Actor,
    *,
    community_code: str | None = None,
    status: ClaimStatus | None = None,
    decidable: bool = False,
) -> sa.Select[ProjectClaim]:
    """Select the claims the actor may see."""
    statement = claims().where(policy.visible_claim(actor))
    if decidable:
        statement = statement.where(policy.decidable(actor))
    if community_code is not None:
        statement = statement.where(ServiceProject.community_id == areas.id_of(community_code))
    if status is not None:
        statement = statement.where(ProjectClaim.status == status)
    return statement


def my_claims(actor: Actor) -> sa.Select[ProjectClaim]:
    """Select the actor's own claims and those of the units the actor is contact of."""
    return claims().where(
        sa.or_(
            ProjectClaim.member_id == actor.member_id,
            ProjectClaim.unit_id.in_(actor.units(Role.UNIT_CONTACT)),
        )
    )
