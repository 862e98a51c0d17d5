"""What of attachments waits for people."""

import sqlalchemy as sa

from backend.core.asker import Asker
from backend.core.tasks import Task
from backend.people.members import queries as members
from backend.people.members.models import Account
from backend.support.attachments import kinds, policy, queries
from backend.support.attachments.models import Attachment, AttachmentStatus


def _select() -> sa.Select[Attachment]:
    return sa.select(Attachment).outerjoin(Attachment.account)


def _waits(asker: Asker) -> sa.ColumnElement[bool]:
    return sa.and_(Attachment.status == AttachmentStatus.HELD, policy.decides(asker))


TASKS = (
    Task(
        kinds.REVIEW,
        Attachment,
        "release",
        select=_select,
        waits=_waits,
        standing=lambda _asker: sa.null(),
        can=lambda _row: ["release", "removal"],
        since=Attachment.created_at,
        who=members.name_of(Account.member_id),
        lines=lambda _row: ["这张图片需要人工核查，请打开看看。"],
        beside=queries.fill_with_itself,
    ),
)
