"""The lists in which an actor finds claims. They are executed with `asked_by`."""

from functools import cache

import sqlalchemy as sa

from backend.community.claims import policy
from backend.community.claims.flow import FLOW
from backend.community.claims.models import ClaimStatus, ProjectClaim
from backend.community.projects.models import ServiceProject
from backend.core.actor import Actor
from backend.core.asker import Asker, asker_of
from backend.people.areas import service as areas


def listed(
    actor: Actor,
    *,
    community_code: str | None = None,
    project_id: int | None = None,
    status: ClaimStatus | None = None,
    decidable: bool = False,
) -> sa.Select[ProjectClaim]:
    """Select the claims the actor may see."""
    asker = asker_of(actor)
    statement = FLOW.shown(asker)
    if decidable:
        statement = statement.where(policy.DECIDER.holds(asker))
    if community_code is not None:
        statement = statement.where(ServiceProject.community_id == areas.id_of(community_code))
    if project_id is not None:
        statement = statement.where(ProjectClaim.project_id == project_id)
    if status is not None:
        statement = statement.where(ProjectClaim.status == status)
    return statement


def own(actor: Actor) -> sa.Select[ProjectClaim]:
    """Select the actor's own claims and those of the units the actor is contact of. Raises
    Forbidden without a roster entry."""
    actor.as_member()
    return _own(asker_of(actor))


@cache
def _own(asker: Asker) -> sa.Select[ProjectClaim]:
    return FLOW.shown(asker).where(policy.own(asker))
