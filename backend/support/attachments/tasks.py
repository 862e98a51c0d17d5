"""Jobs of the attachments: have WeChat look, delete bytes, tidy up. Each may run twice."""

import logging
from datetime import timedelta
from typing import Any

import procrastinate
import sqlalchemy as sa
from procrastinate import JobContext, RetryStrategy
from sqlalchemy.orm import Session

from backend.core import clock, queue
from backend.core.crypto import Crypto
from backend.core.db import Database
from backend.core.settings import Settings
from backend.people.members.models import Account
from backend.support.attachments import checks, links, purge
from backend.support.attachments.models import Attachment, AttachmentStatus
from backend.support.attachments.service import CHECK_TASK
from backend.support.attachments.store import Store
from backend.wechat.client import WechatClient
from backend.wechat.errors import WechatRefused, WechatUnavailable

log = logging.getLogger("jobs")

blueprint = procrastinate.Blueprint()

# After 20 and 80 seconds; WeChat's minute quota is over by then.
TRIES = 3
# More of them: what is told of the last try needs a database, which may be away for some minutes.
AGAIN = RetryStrategy(max_attempts=TRIES + 6, wait=20, linear_wait=60)
# A job is there from the commit on; what is older and has none lost it.
LOST_AFTER = timedelta(minutes=5)
PERSISTENT = RetryStrategy(max_attempts=12, wait=60)


class NotChecked(Exception):
    """WeChat did not take the image; the text is a code and nothing else."""


@blueprint.task(name="check_image", pass_context=True, retry=AGAIN)
def check_image(context: JobContext, attachment_id: int) -> None:
    """Ask WeChat to look; when it will not even after several tries, leave it to people."""
    ask_wechat(context.additional_context, attachment_id, last=context.job.attempts >= TRIES - 1)


def ask_wechat(worker: dict[str, Any], attachment_id: int, *, last: bool) -> None:
    """Try once. Raises NotChecked, except for the last time."""
    database: Database = worker["database"]
    question = _question(database, worker["settings"], worker["crypto"], attachment_id)
    if question is None:
        return
    wechat: WechatClient = worker["wechat"]
    try:
        trace_id = wechat.check_image(*question)
    except (WechatRefused, WechatUnavailable) as failure:
        problem = getattr(failure, "problem", None) or str(failure)
    else:
        with database.transaction() as session:
            checks.asked(session, attachment_id=attachment_id, trace_id=trace_id)
        return
    log.warning("image not checked: %s", problem, extra={"attachment_id": attachment_id})
    if not last:
        raise NotChecked(problem)
    with database.transaction() as session:
        checks.not_asked(session, attachment_id=attachment_id, problem=problem)


def _question(
    database: Database, settings: Settings, keys: Crypto, attachment_id: int
) -> tuple[str, str] | None:
    """Return openid and address; None when there is nothing to ask (any more)."""
    with database.transaction() as session:
        row = session.get(Attachment, attachment_id)
        if row is None or row.status is not AttachmentStatus.CHECKING or row.trace_id:
            return None
        account = session.get(Account, row.account_id) if row.account_id else None
        if account is None or account.openid_encrypted is None:
            checks.not_asked(session, attachment_id=attachment_id, problem="no account")
            return None
        openid = keys.decrypt(account.openid_encrypted, purpose="account.openid")
        path = links.path(keys, row, clock.now() + links.FOR_WECHAT)
        return openid, settings.public_base_url + path


@blueprint.task(name="delete_bytes", pass_context=True, retry=PERSISTENT)
def delete_bytes(context: JobContext, storage_key: str) -> None:
    """Delete what a committed transaction gave up; what this never manages, the night does."""
    store: Store = context.additional_context["store"]
    store.delete(storage_key)


@blueprint.periodic(cron="*/5 * * * *")
@blueprint.task(name="take_up", queueing_lock="attachments_take_up", pass_context=True)
def take_up(context: JobContext, timestamp: int) -> None:  # noqa: ARG001  # by contract
    """Ask about the images whose job was lost, before they are left to people."""
    database: Database = context.additional_context["database"]
    with database.transaction() as session:
        sweep(session)


def sweep(session: Session) -> int:
    """Put the images nobody has asked about, and no job will, into the queue; return how many."""
    pending = sa.select(Attachment).where(
        Attachment.status == AttachmentStatus.CHECKING,
        Attachment.trace_id.is_(None),
        Attachment.updated_at < clock.now() - LOST_AFTER,
    )
    return queue.take_up(session, CHECK_TASK, "attachment_id", pending, Attachment.id)


@blueprint.periodic(cron="* * * * *")
@blueprint.task(name="hold_unanswered", queueing_lock="hold_unanswered", pass_context=True)
def hold_unanswered(context: JobContext, timestamp: int) -> None:  # noqa: ARG001  # by contract
    """Leave to people what WeChat has not judged in time."""
    database: Database = context.additional_context["database"]
    with database.transaction() as session:
        held = checks.hold_unanswered(session)
    if held:
        log.warning("no verdict on images", extra={"count": held})


@blueprint.periodic(cron=queue.at(3, 37))
@blueprint.task(name="purge", queueing_lock="purge_attachments", pass_context=True)
def purge_attachments(context: JobContext, timestamp: int) -> None:  # noqa: ARG001  # by contract
    """Delete what nobody used and what no row knows."""
    worker = context.additional_context
    purge.purge(worker["database"], worker["store"])
