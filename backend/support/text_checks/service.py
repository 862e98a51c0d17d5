"""Have what people write checked, and decide about what is held. Callers own the transaction."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.core import clock, queue
from backend.core.actor import Actor
from backend.core.asker import asked_by, asker_of
from backend.core.errors import NotFound
from backend.support.notifications import service as notifications
from backend.support.text_checks import kinds, news, policy, queries, withheld
from backend.support.text_checks.declared import Audience, TextKind
from backend.support.text_checks.models import TextCheck, TextCheckStatus
from backend.support.text_checks.states import TEXT_CHECK

CHECK_TASK = "text_checks:check"
REWRITTEN = "内容已由填写人修改，请打开查看。"

_by_nobody: ContextVar[bool] = ContextVar("by_nobody", default=False)


@contextmanager
def written_by_nobody() -> Iterator[None]:
    """Check nothing within this block: the demo city's texts are the product's own."""
    token = _by_nobody.set(True)
    try:
        yield
    finally:
        _by_nobody.reset(token)


def submit(
    session: Session,
    actor: Actor,
    *,
    kind: TextKind,
    subject: str,
    part: str,
    area_id: int | None,
    texts: Iterable[str | None],
) -> None:
    """Have a text of `subject` (`table:id`) checked; it takes the place of what stood there before.

    `area_id` is the community that answers for it; where there is none, nobody could decide. What
    stays in a branch is shown to nobody outside it, so nobody is asked.
    """
    if area_id is None or _by_nobody.get():
        return
    content = "\n".join(filter(None, texts))
    _supersede(session, TextCheck.subject == subject, TextCheck.part == part)
    if not content or kind.audience is Audience.BRANCH:
        return
    row = TextCheck(
        account_id=actor.account_id,
        subject=subject,
        part=part,
        kind=kind.name,
        audience=kind.audience,
        nameless=kind.nameless,
        area_id=area_id,
        content=content,
        status=TextCheckStatus.PENDING,
    )
    session.add(row)
    session.flush()
    queue.defer(session, CHECK_TASK, check_id=row.id)


def hand_over(session: Session, old_area_id: int, new_area_id: int) -> None:
    """Let another community answer for whatever is not decided yet: the old one is no more."""
    undecided = (TextCheckStatus.PENDING, *policy.WAITING)
    session.execute(
        sa.update(TextCheck)
        .where(TextCheck.area_id == old_area_id, TextCheck.status.in_(undecided))
        .values(area_id=new_area_id)
    )


def _supersede(session: Session, *which: sa.ColumnElement[bool]) -> None:
    current = sa.select(TextCheck).where(*which, TextCheck.status != TextCheckStatus.SUPERSEDED)
    for before in session.scalars(current.with_for_update()):
        if before.status in withheld.SENTENCES:
            # What was written first stays out of sight, whatever is thought of the second.
            notifications.unquote(session, f"{before.subject}#{before.part}", REWRITTEN)
        before.status, before.content = TEXT_CHECK.after(before.status, "rewrite"), ""
    session.flush()


def forget(session: Session, *, subject: str) -> None:
    """Let nobody be asked about the texts of what does not exist any more."""
    _supersede(session, TextCheck.subject == subject)


def hold(session: Session, row: TextCheck, event: str) -> None:
    """Put a text before those who decide, and tell them once."""
    row.status = TEXT_CHECK.after(row.status, event)
    session.flush()
    audit.record(session, None, f"text_check.{row.status}", row)
    news.tell_reviewers(session, row)


def release(session: Session, *, actor: Actor, check_id: int) -> TextCheck:
    """Let a text be read by all; a second tap of the same person is no change."""
    row = _decidable(session, actor, check_id)
    if row.status is TextCheckStatus.RELEASED and row.decided_by == actor.account_id:
        return row
    _decide(session, actor, row, "release")
    return row


def remove(session: Session, *, actor: Actor, check_id: int, reason: str) -> TextCheck:
    """Keep a text from everybody but its author, who is told why and may write anew."""
    row = _decidable(session, actor, check_id)
    if row.status is TextCheckStatus.REMOVED and row.decided_by == actor.account_id:
        return row
    _decide(session, actor, row, "remove")
    row.reason = reason
    submit(
        session,
        actor,
        kind=kinds.TEXTS,
        subject=row.as_subject,
        part="reason",
        area_id=row.area_id,
        texts=[reason],
    )
    news.tell_author(session, row)
    return row


def _decidable(session: Session, actor: Actor, check_id: int) -> TextCheck:
    found = queries.shown(asker_of(actor)).where(TextCheck.id == check_id)
    row = session.scalars(found.with_for_update(of=TextCheck), asked_by(actor)).first()
    if row is None:
        raise NotFound("text_check_not_found", "没有找到这项核查。")
    return row


def _decide(session: Session, actor: Actor, row: TextCheck, event: str) -> None:
    row.status = TEXT_CHECK.after(row.status, event)
    row.decided_by, row.decided_at, row.content = actor.account_id, clock.now(), ""
    session.flush()
    audit.record(session, actor, f"text_check.{row.status}", row)
