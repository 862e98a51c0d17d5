"""WeChat's check of an image, from the question to the verdict. Callers own the transaction.

The verdict may come before the answer to the question is written down. Whoever comes first, verdict
or trace id, leaves it for the other; a lock on the trace id lets them not pass each other unseen.
"""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.core import clock
from backend.support.attachments import news, queries
from backend.support.attachments.models import Attachment, AttachmentStatus, EarlyVerdict
from backend.support.attachments.states import ATTACHMENT

# WeChat promises its verdict within 30 minutes.
NO_VERDICT_AFTER = timedelta(minutes=40)
PASS, REVIEW = "pass", "review"


def media_checked(session: Session, *, trace_id: str, suggest: str | None) -> None:
    """Take WeChat's verdict on an image; None (it could not look) is a matter for people.

    Never an error: what is repeated, late or about an image that is gone changes nothing, and what
    is about a trace id we do not know yet is kept until we do.
    """
    _lock(session, trace_id)
    by_trace = sa.select(Attachment).where(Attachment.trace_id == trace_id).with_for_update()
    attachment = session.scalars(by_trace).first()
    if attachment is None:
        early = insert(EarlyVerdict).values(trace_id=trace_id, suggest=suggest or REVIEW)
        session.execute(early.on_conflict_do_nothing())
        return
    _judge(session, attachment, suggest or REVIEW)


def asked(session: Session, *, attachment_id: int, trace_id: str) -> None:
    """Note under which trace id WeChat looks at an image, and heed a verdict that came before."""
    _lock(session, trace_id)
    attachment = session.get(Attachment, attachment_id, with_for_update=True)
    if attachment is None or attachment.trace_id is not None:
        return
    attachment.trace_id = trace_id
    early = session.get(EarlyVerdict, trace_id)
    if early is not None:
        _judge(session, attachment, early.suggest)
        session.delete(early)


def not_asked(session: Session, *, attachment_id: int, problem: str) -> None:
    """Hold an image that WeChat did not take."""
    attachment = session.get(Attachment, attachment_id, with_for_update=True)
    if attachment is not None and attachment.trace_id is None:
        _hold(session, attachment, problem)


def hold_unanswered(session: Session) -> int:
    """Hold the images for which no verdict came in time; return how many."""
    late = queries.unanswered(clock.now() - NO_VERDICT_AFTER)
    rows = session.scalars(late.with_for_update(skip_locked=True).limit(500)).all()
    for attachment in rows:
        _hold(session, attachment, "no verdict")
    return len(rows)


def _judge(session: Session, attachment: Attachment, suggest: str) -> None:
    if suggest != PASS:
        _hold(session, attachment, suggest)
    elif attachment.status is AttachmentStatus.CHECKING:
        attachment.status = ATTACHMENT.after(attachment.status, "pass")
        attachment.checked_at = clock.now()
        audit.record(session, None, "attachment.passed", attachment)


def _hold(session: Session, attachment: Attachment, problem: str) -> None:
    """Leave it to people, and tell them when it belongs to something already."""
    if attachment.status is not AttachmentStatus.CHECKING:
        return
    attachment.status = ATTACHMENT.after(attachment.status, "hold")
    attachment.problem, attachment.checked_at = problem, clock.now()
    audit.record(session, None, "attachment.held", attachment, problem=problem)
    if attachment.subject is not None:
        news.tell_reviewers(session, attachment)


def _lock(session: Session, trace_id: str) -> None:
    number = sa.func.hashtextextended(f"attachment:{trace_id}", 0)
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))
