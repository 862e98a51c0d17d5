"""Jobs of the notifications: pass a message on to WeChat, at most once."""

import logging

import procrastinate
import sqlalchemy as sa
from procrastinate import JobContext
from sqlalchemy.orm import joinedload

from backend.core.crypto import Crypto
from backend.core.db import Database
from backend.core.settings import Settings
from backend.members.models import Account, Consent, Purpose
from backend.notifications.models import MessageStatus, SubscriptionMessage
from backend.wechat.client import Outcome, WechatClient

log = logging.getLogger("jobs")

blueprint = procrastinate.Blueprint()

STATUS = {
    Outcome.SENT: MessageStatus.SENT,
    Outcome.REFUSED: MessageStatus.REFUSED,
    Outcome.UNKNOWN: MessageStatus.UNKNOWN,
}


@blueprint.task(name="send_subscription_message", pass_context=True)
def send_subscription_message(context: JobContext, message_id: int) -> None:
    """Send a queued message. Found in `sending`, an earlier run died on the way: never again."""
    worker = context.additional_context
    database: Database = worker["database"]
    prepared = _claim(database, worker["settings"], worker["crypto"], message_id)
    if prepared is None:
        return
    openid, template_id, data = prepared
    wechat: WechatClient = worker["wechat"]
    sent = wechat.send_subscription(openid, template_id, data)
    with database.transaction() as session:
        row = session.get_one(SubscriptionMessage, message_id)
        row.status, row.problem = STATUS[sent.outcome], sent.problem
    log.info("subscription message %s", sent.outcome, extra={"message_id": message_id})


def _claim(
    database: Database, settings: Settings, keys: Crypto, message_id: int
) -> tuple[str, str, dict[str, object]] | None:
    """Commit `sending` before the call; return what to send, None when there is nothing to do."""
    with database.transaction() as session:
        row = session.get(SubscriptionMessage, message_id, with_for_update=True)
        if row is None or row.status not in (MessageStatus.QUEUED, MessageStatus.SENDING):
            return None
        if row.status is MessageStatus.SENDING:
            row.status, row.problem = MessageStatus.UNKNOWN, "interrupted"
            return None
        template_id = settings.template_id(row.template)
        account = session.get_one(Account, row.account_id, options=[joinedload(Account.member)])
        if not template_id or not session.scalar(_consents(account.id)):
            row.status = MessageStatus.FAILED
            row.problem = "no consent" if template_id else "no template configured"
            return None
        row.status = MessageStatus.SENDING
        openid = keys.decrypt(account.openid_encrypted, purpose="account.openid")
        return openid, template_id, dict(row.data)


def _consents(account_id: int) -> sa.Select[bool]:
    return sa.select(
        sa.exists().where(
            Consent.account_id == account_id,
            Consent.purpose == Purpose.SUBSCRIPTION_MESSAGES,
            Consent.withdrawn_at.is_(None),
        )
    )
