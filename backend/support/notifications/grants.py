"""The ledger of what people let WeChat tell them: one accepted question is one message.

The app reports an answer and WeChat pushes it; either may be missing, late or doubled, so neither
is trusted alone and both together count once. Callers own the transaction; the balance's row is
locked by whoever changes it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.core import clock
from backend.support.notifications.models import GrantReason, MessageGrant, MessageGrantEntry

# The report and the push of one answer are this close; two answers of the same kind are two.
SAME_ANSWER = timedelta(minutes=10)
# Beyond this no more is believed: nobody taps so often, and WeChat stops counting somewhere, too.
MOST = 50

OTHER = {
    GrantReason.REPORTED: GrantReason.PUSHED,
    GrantReason.PUSHED: GrantReason.REPORTED,
}


def accept(
    session: Session, account_id: int, template_id: str, reason: GrantReason, at: datetime
) -> None:
    """Note that a question was accepted at `at`, as the app (REPORTED) or WeChat (PUSHED) says."""
    grant = _locked(session, account_id, template_id)
    # WeChat's moments are whole seconds.
    if grant.emptied_at is not None and at + timedelta(seconds=1) <= grant.emptied_at:
        return  # out of order: what came after it took it back
    if (half := _other_half(session, grant, reason, at)) is not None:
        half.matched = True
        return
    if grant.balance < MOST:
        grant.exhausted = False
        _enter(session, grant, +1, reason, at)


def spend(session: Session, account_id: int, template_id: str) -> None:
    """Note that a message of the template was sent."""
    grant = _locked(session, account_id, template_id)
    _enter(session, grant, -min(1, grant.balance), GrantReason.SENT, clock.now())


def empty(
    session: Session, account_id: int, template_id: str, reason: GrantReason, at: datetime
) -> None:
    """Note that nothing more is accepted: WeChat refused (NO_GRANT) or the user did (REJECTED)."""
    grant = _locked(session, account_id, template_id)
    if _granted_since(session, grant, at):
        return  # out of order: accepted again since
    _enter(session, grant, -grant.balance, reason, at)
    grant.exhausted, grant.emptied_at = True, at


def is_exhausted(session: Session, account_id: int, template_id: str) -> bool:
    """Say whether asking WeChat is certain to be in vain."""
    grant = session.get(MessageGrant, (account_id, template_id))
    return grant is not None and grant.exhausted


def balances(session: Session, account_id: int) -> dict[str, int]:
    """Return how many messages are believed to be accepted, by WeChat's id of the template."""
    mine = sa.select(MessageGrant).where(MessageGrant.account_id == account_id)
    return {row.template_id: row.balance for row in session.scalars(mine)}


def _locked(session: Session, account_id: int, template_id: str) -> MessageGrant:
    key = {"account_id": account_id, "template_id": template_id}
    session.execute(insert(MessageGrant).values(**key).on_conflict_do_nothing())
    return session.get_one(
        MessageGrant, (account_id, template_id), with_for_update=True, populate_existing=True
    )


def _enter(
    session: Session, grant: MessageGrant, delta: int, reason: GrantReason, at: datetime
) -> None:
    session.add(
        MessageGrantEntry(
            account_id=grant.account_id,
            template_id=grant.template_id,
            delta=delta,
            reason=reason,
            happened_at=at,
        )
    )
    grant.balance += delta
    session.flush()


def _other_half(
    session: Session, grant: MessageGrant, reason: GrantReason, at: datetime
) -> MessageGrantEntry | None:
    halves = _entries(grant, [OTHER[reason]]).where(
        ~MessageGrantEntry.matched,
        MessageGrantEntry.happened_at.between(at - SAME_ANSWER, at + SAME_ANSWER),
    )
    return session.scalars(halves.order_by(MessageGrantEntry.id).limit(1)).first()


def _granted_since(session: Session, grant: MessageGrant, at: datetime) -> bool:
    later = _entries(grant, list(OTHER)).where(MessageGrantEntry.happened_at > at)
    return session.scalars(later.limit(1)).first() is not None


def _entries(grant: MessageGrant, reasons: Sequence[GrantReason]) -> sa.Select[MessageGrantEntry]:
    return sa.select(MessageGrantEntry).where(
        MessageGrantEntry.account_id == grant.account_id,
        MessageGrantEntry.template_id == grant.template_id,
        MessageGrantEntry.reason.in_(reasons),
    )
