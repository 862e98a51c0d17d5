"""The list in which an actor finds link applications. It is executed with `asked_by`."""

import sqlalchemy as sa

from backend.accounts.onboarding import policy
from backend.accounts.onboarding.flow import FLOW
from backend.accounts.onboarding.models import LinkApplication
from backend.accounts.onboarding.models import LinkApplicationStatus as S
from backend.core.actor import Actor
from backend.core.asker import Asker, asker_of


def listed(
    actor: Actor,
    *,
    organization_id: int | None = None,
    status: S | None = None,
    decidable: bool = False,
) -> sa.Select[LinkApplication]:
    """Select the applications the actor may see."""
    asker = asker_of(actor)
    statement = FLOW.shown(asker)
    if decidable:
        statement = statement.where(_waits(asker))
    if organization_id is not None:
        statement = statement.where(LinkApplication.organization_id == organization_id)
    if status is not None:
        statement = statement.where(LinkApplication.status == status)
    return statement


def _waits(asker: Asker) -> sa.ColumnElement[bool]:
    """Whether somebody is to be named by the asker, or who was named to be confirmed."""
    status = LinkApplication.status
    return sa.or_(
        sa.and_(status == S.SUBMITTED, policy.DECIDER.holds(asker)),
        sa.and_(status == S.NAMED, policy.SECOND.holds(asker)),
    )
