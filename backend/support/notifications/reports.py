"""What WeChat's pushes say about messages: who accepts them, and what became of those sent."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core import clock
from backend.support.notifications import grants
from backend.support.notifications.models import GrantReason, SubscriptionMessage
from backend.support.notifications.models import MessageStatus as Status
from backend.support.notifications.states import SUBSCRIPTION_MESSAGE

# A push about a message whose number we never learnt comes this soon after it.
SOON = timedelta(hours=1)


def answered(
    session: Session, account_id: int, template_id: str, *, accepted: bool, at: datetime
) -> None:
    """Enter what was accepted; a question refused takes nothing (`subscribe_msg_popup_event`)."""
    if accepted:
        grants.accept(session, account_id, template_id, GrantReason.PUSHED, at)


def switched_off(session: Session, account_id: int, template_id: str, *, at: datetime) -> None:
    """Empty the balance: the user refuses the template in WeChat (`subscribe_msg_change_event`)."""
    grants.empty(session, account_id, template_id, GrantReason.REJECTED, at)


def delivered(
    session: Session, account_id: int, template_id: str, *, msgid: str, errcode: str
) -> None:
    """Settle a message (`subscribe_msg_sent_event`), also one of which we lost track."""
    row = _message(session, account_id, template_id, msgid)
    if row is None:
        return
    row.msgid = msgid
    if errcode != "0":
        row.status = SUBSCRIPTION_MESSAGE.after(row.status, "report_failed")
        row.problem = f"delivery errcode {errcode}"[:60]
    elif row.status is not Status.SENT:
        row.status, row.problem = SUBSCRIPTION_MESSAGE.after(row.status, "report_arrived"), None


def _message(
    session: Session, account_id: int, template_id: str, msgid: str
) -> SubscriptionMessage | None:
    """Return the message of that number, else the latest of its kind that has none, locked.

    The push comes seconds after the sending: the latest one is meant.
    """
    own = sa.select(SubscriptionMessage).where(SubscriptionMessage.account_id == account_id)
    numbered = own.where(
        SubscriptionMessage.msgid == msgid, SubscriptionMessage.status != Status.FAILED
    )
    found = session.scalars(numbered.with_for_update()).first()
    if found is not None or session.scalar(_known(msgid)):
        return found
    without = own.where(
        SubscriptionMessage.template_id == template_id,
        SubscriptionMessage.msgid.is_(None),
        SubscriptionMessage.status.in_((Status.SENDING, Status.UNKNOWN)),
        SubscriptionMessage.updated_at > clock.now() - SOON,
    ).order_by(SubscriptionMessage.id.desc())
    return session.scalars(without.limit(1).with_for_update()).first()


def _known(msgid: str) -> sa.Select[bool]:
    return sa.select(sa.exists().where(SubscriptionMessage.msgid == msgid))
