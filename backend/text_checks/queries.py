"""Questions about checks."""

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, with_expression

from backend.core.actor import Actor
from backend.members.models import Account
from backend.text_checks import policy, withheld
from backend.text_checks.models import TextCheck, TextCheckStatus


def listed(actor: Actor, *, status: TextCheckStatus | None = None) -> sa.Select[TextCheck]:
    """Select what the actor decides about: by default what waits."""
    wanted = policy.WAITING if status is None else (status,)
    return shown(actor).where(TextCheck.status.in_(wanted))


def shown(actor: Actor) -> sa.Select[TextCheck]:
    """Select the checks that exist for the actor, with their authors."""
    return (
        sa.select(TextCheck)
        .join(TextCheck.account)
        .options(
            contains_eager(TextCheck.account).joinedload(Account.member),
            joinedload(TextCheck.area),
            with_expression(TextCheck.withheld, withheld.of(TextCheck.__tablename__, TextCheck.id)),
        )
        .where(policy.decidable(actor))
    )
