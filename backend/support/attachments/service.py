"""附件: send, see, take back; release and remove. Callers own the transaction."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.core import clock, queue
from backend.core.actor import Actor
from backend.core.asker import asked_by, asker_of
from backend.core.crypto import Crypto
from backend.core.errors import Conflict, Forbidden
from backend.people.members.models import Account
from backend.support.attachments import content, kinds, links, news, policy, queries
from backend.support.attachments.models import Attachment, AttachmentKind, AttachmentStatus
from backend.support.attachments.states import ATTACHMENT
from backend.support.attachments.store import Store, missing, new_key
from backend.support.text_checks import service as text_checks

CHECK_TASK, DELETE_TASK = "attachments:check_image", "attachments:delete_bytes"
MOST_UNATTACHED = 20


def upload(
    session: Session, store: Store, *, actor: Actor, name: str, data: bytes, checked_by_wechat: bool
) -> Attachment:
    """Check, write anew and keep what somebody sent; the same bytes again are the same attachment.

    No statement runs while the bytes are worked on and stored, so no connection waits for that.
    Without a check of WeChat's an image is held for a person. Raises Invalid, TooLarge, Conflict.
    """
    actor.as_member()
    ready = content.prepare(name, data)
    key = new_key()
    store.put(key, ready.data, content_type=ready.content_type, disposition=ready.disposition)
    try:
        found, made = _keep(session, actor, ready, hashlib.sha256(data).hexdigest(), key)
    except BaseException:
        store.delete(key)
        raise
    if not made:
        store.delete(key)
        return found
    if found.kind is AttachmentKind.IMAGE:
        _leave_for_check(found, by_wechat=checked_by_wechat)
    audit.record(session, actor, "attachment.uploaded", found, kind=found.kind, size=found.size)
    return found


def _keep(
    session: Session, actor: Actor, ready: content.Ready, sha256: str, key: str
) -> tuple[Attachment, bool]:
    """Return the attachment and whether it is new. Two at once of one account wait in line."""
    line = sa.select(Account.id).where(Account.id == actor.account_id)
    session.execute(line.with_for_update(key_share=True))
    waiting = session.scalars(queries.unattached(actor.account_id)).all()
    for attachment in waiting:
        if attachment.sha256 == sha256:
            return attachment, False
    if len(waiting) >= MOST_UNATTACHED:
        raise Conflict(
            "too_many_unattached", f"未使用的附件已有 {MOST_UNATTACHED} 个，请先使用或删除。"
        )
    attachment = Attachment(
        account_id=actor.account_id,
        status=AttachmentStatus.AVAILABLE,
        kind=ready.kind,
        content_type=ready.content_type,
        name=ready.name,
        size=len(ready.data),
        sha256=sha256,
        storage_key=key,
    )
    session.add(attachment)
    session.flush()
    return attachment, True


def _leave_for_check(attachment: Attachment, *, by_wechat: bool) -> None:
    """Let an image wait until it belongs to something: only then is it known who will see it."""
    if by_wechat:
        attachment.status = AttachmentStatus.CHECKING
    else:
        attachment.status, attachment.problem = AttachmentStatus.HELD, "not configured"


@dataclass(frozen=True)
class Opened:
    """An attachment with the address that opens it for a while; a removed one has none."""

    attachment: Attachment
    url: str | None = None
    url_expires_at: datetime | None = None

    def __getattr__(self, name: str) -> object:
        return getattr(self.attachment, name)


def show(
    session: Session,
    store: Store,
    keys: Crypto,
    *,
    actor: Actor,
    open_subjects: sa.ColumnElement[bool],
    attachment_id: int,
) -> Opened:
    """Return an attachment that exists for the actor, with a fresh link. Raises NotFound."""
    attachment = _visible(session, queries.shown(), actor, open_subjects, attachment_id)
    if attachment.status is AttachmentStatus.REMOVED:
        return Opened(attachment)
    expires_at = clock.now() + links.FOR_PEOPLE
    url = store.link(attachment.storage_key, links.FOR_PEOPLE)
    return Opened(attachment, url or links.path(keys, attachment, expires_at), expires_at)


@dataclass(frozen=True)
class Stored:
    """What is needed to hand out the bytes, when the transaction that read it is over."""

    storage_key: str
    content_type: str
    disposition: str
    size: int


def by_link(
    session: Session, keys: Crypto, *, attachment_id: int, expires: str, signature: str
) -> Stored:
    """Return what a link opens. Raises NotFound, whatever is wrong with it."""
    attachment = session.get(Attachment, attachment_id)
    if (
        attachment is None
        or attachment.status is AttachmentStatus.REMOVED
        or not links.opens(keys, attachment, expires=expires, signature=signature)
    ):
        raise missing()
    return Stored(
        attachment.storage_key,
        attachment.content_type,
        content.disposition(attachment.kind, attachment.name),
        attachment.size,
    )


def take_back(
    session: Session, *, actor: Actor, open_subjects: sa.ColumnElement[bool], attachment_id: int
) -> None:
    """Delete what one sent and has not used. Raises NotFound, Forbidden, Conflict."""
    attachment = _locked(session, actor, open_subjects, attachment_id)
    if attachment.account_id != actor.account_id:
        raise Forbidden("not_yours", "只能删除本人上传的附件。")
    if attachment.subject is not None:
        raise Conflict("attachment_in_use", "附件已随材料提交，不能单独删除。")
    delete(session, actor, attachment)


def delete(session: Session, actor: Actor | None, attachment: Attachment) -> None:
    """Forget row and bytes; the bytes go after the commit."""
    audit.record(session, actor, "attachment.deleted", attachment)
    text_checks.forget(session, subject=attachment.as_subject)
    queue.defer(session, DELETE_TASK, storage_key=attachment.storage_key)
    session.delete(attachment)
    session.flush()


def forget_chosen(session: Session, account_id: int, *, pictures: bool) -> None:
    """Delete the pictures, or the other files, somebody chose for own things or for nothing.

    What the branch gave out as material of a meeting is the branch's and stays.
    """
    for attachment in session.scalars(queries.chosen(account_id, pictures=pictures)).all():
        delete(session, None, attachment)


def release(
    session: Session, *, actor: Actor, open_subjects: sa.ColumnElement[bool], attachment_id: int
) -> Attachment:
    """Let an image that was held be seen by those its subject is open to."""
    attachment = _decidable(session, actor, open_subjects, attachment_id)
    if _decided_alike(attachment, actor, AttachmentStatus.AVAILABLE):
        return attachment
    _decide(attachment, actor, "release")
    audit.record(session, actor, "attachment.released", attachment)
    return attachment


def remove(
    session: Session,
    *,
    actor: Actor,
    open_subjects: sa.ColumnElement[bool],
    attachment_id: int,
    reason: str,
) -> Attachment:
    """Remove an image that was held: its bytes go, its row stays, its sender is told."""
    attachment = _decidable(session, actor, open_subjects, attachment_id)
    if _decided_alike(attachment, actor, AttachmentStatus.REMOVED):
        return attachment
    attachment.reason = reason
    _decide(attachment, actor, "remove")
    _check(session, actor, attachment, "reason", reason)
    queue.defer(session, DELETE_TASK, storage_key=attachment.storage_key)
    audit.record(session, actor, "attachment.removed", attachment)
    news.tell_uploader(session, attachment)
    return attachment


def check_name(session: Session, actor: Actor, attachment: Attachment) -> None:
    """Have checked what somebody called a file, once a community answers for it."""
    _check(session, actor, attachment, "name", attachment.name)


def _check(session: Session, actor: Actor, attachment: Attachment, part: str, text: str) -> None:
    text_checks.submit(
        session,
        actor,
        kind=kinds.TEXTS,
        subject=attachment.as_subject,
        part=part,
        area_id=attachment.area_id,
        texts=[text],
    )


def _decide(attachment: Attachment, actor: Actor, event: str) -> None:
    attachment.status = ATTACHMENT.after(attachment.status, event)
    attachment.decided_by, attachment.decided_at = actor.account_id, clock.now()


def _decided_alike(attachment: Attachment, actor: Actor, status: AttachmentStatus) -> bool:
    """A second tap of the same person finds the work done."""
    return attachment.status is status and attachment.decided_by == actor.account_id


def _visible(
    session: Session,
    statement: sa.Select[Attachment],
    actor: Actor,
    open_subjects: sa.ColumnElement[bool],
    attachment_id: int,
) -> Attachment:
    seen = policy.visible(asker_of(actor), open_subjects)
    found = statement.where(Attachment.id == attachment_id, seen)
    attachment = session.scalars(found, asked_by(actor)).first()
    if attachment is None:
        raise missing()
    return attachment


def _locked(
    session: Session, actor: Actor, open_subjects: sa.ColumnElement[bool], attachment_id: int
) -> Attachment:
    statement = queries.shown().with_for_update(of=Attachment)
    return _visible(
        session,
        statement.execution_options(populate_existing=True),
        actor,
        open_subjects,
        attachment_id,
    )


def _decidable(
    session: Session, actor: Actor, open_subjects: sa.ColumnElement[bool], attachment_id: int
) -> Attachment:
    attachment = _locked(session, actor, open_subjects, attachment_id)
    mine = queries.shown().where(Attachment.id == attachment_id, policy.decides(asker_of(actor)))
    if session.scalars(mine, asked_by(actor)).first() is None:
        raise Forbidden("not_your_decision", "只有所在社区的书记可以办理，且不能办理本人的附件。")
    return attachment
