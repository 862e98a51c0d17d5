"""Jobs of the notifications: pass a message on to WeChat, at most once."""

import logging
from dataclasses import dataclass
from datetime import timedelta

import procrastinate
import sqlalchemy as sa
from procrastinate import JobContext
from sqlalchemy.orm import Session

from backend.core import clock, queue
from backend.core.crypto import Crypto
from backend.core.db import Database
from backend.core.settings import Settings
from backend.people.members.models import Account
from backend.support.notifications import grants
from backend.support.notifications.models import GrantReason, SubscriptionMessage
from backend.support.notifications.models import MessageStatus as Status
from backend.support.notifications.service import SEND_TASK, consents
from backend.support.notifications.states import SUBSCRIPTION_MESSAGE
from backend.support.notifications.templates import Configured, Template, configured
from backend.wechat.client import Outcome, Sent, WechatClient
from backend.wechat.template_fields import UnfitField

log = logging.getLogger("jobs")

blueprint = procrastinate.Blueprint()

# With pauses of 1, 2, 4 ... minutes: an hour. After that the inbox alone has to do.
MOST_TRIES = 7
# A job is there from the commit on; what is older and has none lost it.
LOST_AFTER = timedelta(minutes=5)

EVENT = {
    Outcome.SENT: "arrive",
    Outcome.NOT_SENT: "postpone",
    Outcome.NO_GRANT: "refuse",
    Outcome.REFUSED: "refuse",
    Outcome.UNKNOWN: "lose_track",
}


@dataclass(frozen=True)
class Prepared:
    openid: str
    template_id: str
    data: dict[str, str]


@blueprint.task(name="send_subscription_message", pass_context=True)
def send_subscription_message(context: JobContext, message_id: int) -> None:
    """Send a queued message. Found in `sending`, an earlier run died on the way: never again."""
    worker = context.additional_context
    database: Database = worker["database"]
    settings: Settings = worker["settings"]
    with database.transaction() as session:
        prepared = _take(session, settings, worker["crypto"], message_id)
    if prepared is None:
        return
    wechat: WechatClient = worker["wechat"]
    sent = wechat.send_subscription(prepared.openid, prepared.template_id, prepared.data)
    with database.transaction() as session:
        _settle(session, settings, message_id, sent)
    log.info("subscription message %s", sent.outcome, extra={"message_id": message_id})


@blueprint.periodic(cron="*/5 * * * *")
@blueprint.task(name="take_up", queueing_lock="messages_take_up", pass_context=True)
def take_up(context: JobContext, timestamp: int) -> None:  # noqa: ARG001  # by contract
    """Go on with the messages whose job was lost; one that was on its way is marked, not sent."""
    database: Database = context.additional_context["database"]
    with database.transaction() as session:
        sweep(session)


def sweep(session: Session) -> int:
    """Put the open messages that no job is about into the queue; return how many."""
    pending = sa.select(SubscriptionMessage).where(
        SubscriptionMessage.status.in_((Status.QUEUED, Status.SENDING)),
        SubscriptionMessage.updated_at < clock.now() - LOST_AFTER,
    )
    return queue.take_up(session, SEND_TASK, "message_id", pending, SubscriptionMessage.id)


def _take(session: Session, settings: Settings, keys: Crypto, message_id: int) -> Prepared | None:
    """Put the message into `sending`, committed before the call; None: there is nothing to do."""
    row = session.get(SubscriptionMessage, message_id, with_for_update=True)
    if row is None or row.status not in (Status.QUEUED, Status.SENDING):
        return None
    if row.status is Status.SENDING:
        _change(row, "lose_track", "interrupted")
        return None
    template = configured(settings, Template(row.template))
    data, problem = _checked(session, row, template)
    if template is None or data is None:
        _change(row, "give_up", problem)
        return None
    if grants.is_exhausted(session, row.account_id, template.id):
        _change(row, "lack_grant", "no grant left")
        return None
    sealed = session.get_one(Account, row.account_id).openid_encrypted
    if sealed is None:
        _change(row, "give_up", "no WeChat identity")
        return None
    _change(row, "take", None)
    row.template_id, row.tries = template.id, row.tries + 1
    openid = keys.decrypt(sealed, purpose="account.openid")
    return Prepared(openid, template.id, data)


def _checked(
    session: Session, row: SubscriptionMessage, template: Configured | None
) -> tuple[dict[str, str] | None, str]:
    """Return the fields to send, or None and why nothing may be sent."""
    if template is None:
        return None, "no template configured"
    if row.expires_at <= clock.now():
        return None, "too late"
    if not session.scalar(sa.select(consents(row.account_id))):
        return None, "no consent"
    texts = row.data.get("texts")
    try:
        return template.fill(texts if isinstance(texts, list) else []), ""
    except UnfitField as unfit:
        return None, f"field {unfit}"


def _settle(session: Session, settings: Settings, message_id: int, sent: Sent) -> None:
    row = session.get(SubscriptionMessage, message_id, with_for_update=True)
    if row is None or row.template_id is None:
        return  # the account was closed meanwhile
    if sent.outcome is Outcome.SENT:
        grants.spend(session, row.account_id, row.template_id)
    if sent.outcome is Outcome.NO_GRANT:
        reason = GrantReason.NO_GRANT
        grants.empty(session, row.account_id, row.template_id, reason, clock.now())
    if row.status is not Status.SENDING:
        return  # a push was faster, and knows better
    row.msgid = sent.msgid
    if sent.outcome is Outcome.NOT_SENT and row.tries >= MOST_TRIES:
        _change(row, "give_up", sent.problem)
        return
    _change(row, EVENT[sent.outcome], sent.problem)
    if sent.outcome is Outcome.NOT_SENT:
        pause = settings.wechat_retry_seconds * 2 ** (row.tries - 1)
        queue.defer(session, SEND_TASK, in_seconds=pause, message_id=message_id)


def _change(row: SubscriptionMessage, event: str, problem: str | None) -> None:
    row.status, row.problem = SUBSCRIPTION_MESSAGE.after(row.status, event), problem
