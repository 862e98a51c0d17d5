"""Who may see and decide about attachments. Everything not named here is refused."""

import sqlalchemy as sa

from backend.core.asker import ACCOUNT, Asker
from backend.people.members import policy as members
from backend.people.members.models import Account
from backend.support.attachments.models import Attachment, AttachmentStatus

UNDECIDED = (AttachmentStatus.CHECKING, AttachmentStatus.HELD, AttachmentStatus.REMOVED)


def decides(asker: Asker) -> sa.ColumnElement[bool]:
    """Return whether the asker is a reviewer of a row; statements join the uploader's account."""
    return sa.and_(
        ~Attachment.of_branch,
        members.decided_by(asker, member_id=Account.member_id, area_id=Attachment.area_id),
    )


def own_or_reviewed(asker: Asker) -> sa.ColumnElement[bool]:
    """Say whether the asker sent, reviews or has reviewed the file (a repeat is answered)."""
    under_review = sa.or_(Attachment.status.in_(UNDECIDED), Attachment.decided_by == ACCOUNT)
    return sa.or_(Attachment.account_id == ACCOUNT, sa.and_(decides(asker), under_review))


def shown_with_subject(asker: Asker) -> sa.ColumnElement[bool]:
    """Say whether a row shows beside its subject, to an asker for whom the subject exists."""
    return sa.or_(Attachment.status == AttachmentStatus.AVAILABLE, own_or_reviewed(asker))


def visible(asker: Asker, open_subjects: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Say whether an attachment exists for the asker.

    `open_subjects` says whether the row's subject does; who that is, the subjects' own policies
    know (`capabilities.open_files`).
    """
    return sa.or_(
        sa.and_(Attachment.status == AttachmentStatus.AVAILABLE, open_subjects),
        own_or_reviewed(asker),
    )
