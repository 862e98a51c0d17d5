"""Questions about checks."""

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, with_expression

from backend.core.actor import Actor
from backend.core.asker import Asker, asker_of
from backend.people.members.models import Account
from backend.support.text_checks import policy, withheld
from backend.support.text_checks.models import TextCheck, TextCheckStatus


def listed(actor: Actor, *, status: TextCheckStatus | None = None) -> sa.Select[TextCheck]:
    """Select what waits for the actor, or what the actor decided: nobody reads here who else wrote
    what, once it has passed."""
    waits = TextCheck.status.in_(policy.WAITING)
    if status is None:
        return shown(asker_of(actor)).where(waits)
    decided = TextCheck.decided_by == actor.account_id
    return shown(asker_of(actor)).where(TextCheck.status == status, sa.or_(waits, decided))


def shown(asker: Asker) -> sa.Select[TextCheck]:
    """Select the checks that exist for the asker, with their authors."""
    return (
        sa.select(TextCheck)
        .join(TextCheck.account)
        .options(
            contains_eager(TextCheck.account).joinedload(Account.member),
            joinedload(TextCheck.area),
            with_expression(TextCheck.withheld, withheld.of(TextCheck.__tablename__, TextCheck.id)),
        )
        .where(policy.decidable(asker))
    )
