"""What a capability does with the attachments of its own rows: attach, replace."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.core import queue
from backend.core.actor import Actor
from backend.core.errors import Invalid
from backend.support.attachments import news, queries, service
from backend.support.attachments.declared import FileKind
from backend.support.attachments.models import Attachment, AttachmentStatus
from backend.support.attachments.states import ATTACHMENT


def attach(
    session: Session, *, actor: Actor, ids: Sequence[int], kind: FileKind, subject: str,
    area_id: int, inside: bool = False,
) -> None:  # fmt: skip
    """Give the actor's own unattached files to a subject; raises Invalid `attachment_ids`.

    `area_id` is the community answerable for the subject: its secretary reviews what is held.
    `inside`: nobody but the people of a branch sees the subject, so nobody outside is asked.
    """
    wanted = set(ids)
    if not wanted:
        return
    own = queries.unattached(actor.account_id).where(Attachment.id.in_(wanted))
    rows = session.scalars(own.order_by(Attachment.id).with_for_update()).all()
    if len(rows) != len(wanted):
        raise Invalid("attachment_ids", "附件不存在或已被使用，请重新上传。")
    for row in rows:
        row.subject, row.area_id = subject, area_id
        row.carried_as, row.of_branch = kind.name, kind.of_branch
        audit.record(session, actor, "attachment.attached", row, to=subject)
        if inside or kind.of_branch:
            _keep_inside(row)
        else:
            _have_checked(session, actor, row)


def _keep_inside(row: Attachment) -> None:
    if row.status is not AttachmentStatus.AVAILABLE:
        row.status = ATTACHMENT.after(row.status, "keep_inside")


def _have_checked(session: Session, actor: Actor, row: Attachment) -> None:
    service.check_name(session, actor, row)
    if row.status is AttachmentStatus.CHECKING:
        queue.defer(session, service.CHECK_TASK, attachment_id=row.id)
    elif row.status is AttachmentStatus.HELD:
        news.tell_reviewers(session, row)


def replace(
    session: Session, *, actor: Actor, ids: Sequence[int] | None, kind: FileKind,
    subject: str, area_id: int, inside: bool = False,
) -> None:  # fmt: skip
    """Let a subject have exactly `ids`: others are deleted, new ones attached; None: no change.

    What a reviewer removed stays where it is, as a record of that.
    """
    if ids is None:
        return
    there = session.scalars(queries.of_subject(subject).with_for_update()).all()
    kept = {row.id for row in there} & set(ids)
    gone = queries.removed_from(subject, ids)
    for row in there:
        if row.id not in kept:
            service.delete(session, actor, row)
    new = set(ids) - kept - set(session.scalars(gone))
    attach(
        session,
        actor=actor,
        ids=sorted(new),
        kind=kind,
        subject=subject,
        area_id=area_id,
        inside=inside,
    )
