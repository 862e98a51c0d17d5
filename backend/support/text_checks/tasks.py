"""The job that asks WeChat about a text. No transaction is open while it asks."""

from datetime import timedelta

import procrastinate
import sqlalchemy as sa
from procrastinate import JobContext
from sqlalchemy.orm import Session

from backend.core import clock, queue
from backend.core.crypto import Crypto
from backend.core.db import Database
from backend.core.settings import Settings
from backend.support.text_checks import service
from backend.support.text_checks.models import TextCheck, TextCheckStatus
from backend.support.text_checks.service import CHECK_TASK
from backend.support.text_checks.states import TEXT_CHECK
from backend.wechat.client import TextVerdict, WechatClient
from backend.wechat.errors import WechatRefused, WechatUnavailable

blueprint = procrastinate.Blueprint()

# A job is there from the commit on; what is older and has none lost it.
LOST_AFTER = timedelta(minutes=5)

# WeChat checks what somebody writes within two hours of a visit (61010 after that).
LONGEST = timedelta(hours=2)
LONGEST_PAUSE_SECONDS = 600


@blueprint.task(name="check", pass_context=True)
def check(context: JobContext, check_id: int) -> None:
    """Ask WeChat about a pending text. Asking twice does no harm: one answer is written."""
    worker = context.additional_context
    database: Database = worker["database"]
    with database.transaction() as session:
        asked = _question(session, worker["crypto"], check_id)
    if asked is None:
        return
    wechat: WechatClient = worker["wechat"]
    verdict: TextVerdict | None = None
    problem = ""
    try:
        verdict = wechat.check_text(*asked)
    except WechatRefused as refusal:
        problem = str(refusal)
    except WechatUnavailable as failure:
        problem = failure.problem
    with database.transaction() as session:
        _settle(session, worker["settings"], check_id, verdict, problem)


@blueprint.periodic(cron="*/5 * * * *")
@blueprint.task(name="take_up", queueing_lock="text_checks_take_up", pass_context=True)
def take_up(context: JobContext, timestamp: int) -> None:  # noqa: ARG001  # by contract
    """Ask about the texts whose job was lost: nobody else would ever decide about them."""
    database: Database = context.additional_context["database"]
    with database.transaction() as session:
        sweep(session)


def sweep(session: Session) -> int:
    """Put the pending texts that no job is about into the queue; return how many."""
    pending = sa.select(TextCheck).where(
        TextCheck.status == TextCheckStatus.PENDING,
        TextCheck.updated_at < clock.now() - LOST_AFTER,
    )
    return queue.take_up(session, CHECK_TASK, "check_id", pending, TextCheck.id)


def _question(session: Session, keys: Crypto, check_id: int) -> tuple[str, str] | None:
    row = session.get(TextCheck, check_id)
    if row is None or row.status is not TextCheckStatus.PENDING:
        return None
    sealed = row.account.openid_encrypted
    if sealed is None:  # WeChat judges what its own users write
        row.problem = "no WeChat identity"
        service.hold(session, row, "leave_unchecked")
        return None
    return row.content, keys.decrypt(sealed, purpose="account.openid")


def _settle(
    session: Session,
    settings: Settings,
    check_id: int,
    verdict: TextVerdict | None,
    problem: str,
) -> None:
    row = session.get(TextCheck, check_id, with_for_update=True)
    if row is None or row.status is not TextCheckStatus.PENDING:
        return  # written anew meanwhile, or asked twice
    row.tries += 1
    if verdict is None:
        _ask_again(session, settings, row, problem)
    elif verdict.passed:
        row.status, row.content = TEXT_CHECK.after(row.status, "pass"), ""
    else:
        row.label = verdict.label
        service.hold(session, row, "hold")


def _ask_again(session: Session, settings: Settings, row: TextCheck, problem: str) -> None:
    row.problem = problem
    if clock.now() - row.created_at >= LONGEST:
        service.hold(session, row, "leave_unchecked")
        return
    pause = min(settings.wechat_retry_seconds * 2 ** (row.tries - 1), LONGEST_PAUSE_SECONDS)
    queue.defer(session, CHECK_TASK, in_seconds=pause, check_id=row.id)
