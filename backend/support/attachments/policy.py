"""Who may see and decide about attachments. Everything not named here is refused."""

import sqlalchemy as sa

from backend.core.actor import Actor
from backend.people.members import policy as members
from backend.people.members.models import Account
from backend.support.attachments.models import Attachment, AttachmentStatus

UNDECIDED = (AttachmentStatus.CHECKING, AttachmentStatus.HELD, AttachmentStatus.REMOVED)


def decides(actor: Actor) -> sa.ColumnElement[bool]:
    """Whether the actor is a reviewer of a row; statements join the uploader's account."""
    return sa.and_(
        ~Attachment.of_branch,
        members.decides(actor, member_id=Account.member_id, area_id=Attachment.area_id),
    )


def own_or_reviewed(actor: Actor) -> sa.ColumnElement[bool]:
    """Say whether the actor sent, reviews or has reviewed the file (a repeat is answered)."""
    under_review = sa.or_(
        Attachment.status.in_(UNDECIDED), Attachment.decided_by == actor.account_id
    )
    return sa.or_(Attachment.account_id == actor.account_id, sa.and_(decides(actor), under_review))


def shown_with_subject(actor: Actor) -> sa.ColumnElement[bool]:
    """Say whether a row shows beside its subject, to an actor for whom the subject exists."""
    return sa.or_(Attachment.status == AttachmentStatus.AVAILABLE, own_or_reviewed(actor))


def visible(actor: Actor, open_subjects: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Say whether an attachment exists for the actor.

    `open_subjects` says whether the row's subject does; who that is, the subjects' own policies
    know (`capabilities.open_files`).
    """
    return sa.or_(
        sa.and_(Attachment.status == AttachmentStatus.AVAILABLE, open_subjects),
        own_or_reviewed(actor),
    )
