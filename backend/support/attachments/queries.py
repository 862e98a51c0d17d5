"""Questions about attachments."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, with_expression

from backend.core.actor import Actor
from backend.core.asker import asked_by, asker_of
from backend.people.members.models import Account
from backend.support.attachments import policy
from backend.support.attachments.models import (
    Attachment,
    AttachmentKind,
    AttachmentStatus,
    EarlyVerdict,
)
from backend.support.text_checks import withheld


@cache
def shown() -> sa.Select[Attachment]:
    """Select attachments with who sent them."""
    return (
        sa.select(Attachment)
        .outerjoin(Attachment.account)
        .outerjoin(Account.member)
        .options(
            contains_eager(Attachment.account).contains_eager(Account.member),
            with_expression(
                Attachment.withheld, withheld.of(Attachment.__tablename__, Attachment.id)
            ),
        )
    )


def listed(
    actor: Actor, *, status: AttachmentStatus | None = None, decidable: bool = False
) -> sa.Select[Attachment]:
    """Select what the actor sent or reviews; `decidable`: what waits for the own decision."""
    asker = asker_of(actor)
    statement = shown().where(policy.own_or_reviewed(asker))
    if decidable:
        held = Attachment.status == AttachmentStatus.HELD
        statement = statement.where(policy.decides(asker), held)
    if status is not None:
        statement = statement.where(Attachment.status == status)
    return statement


def fill(session: Session, actor: Actor, rows: Sequence[Any]) -> None:
    """Give each row its attachments as the actor may see them, in one statement.

    The rows must exist for the actor; whether they show more of themselves is theirs to say.
    """
    found: defaultdict[str, list[Attachment]] = defaultdict(list)
    if rows:
        statement = shown().where(
            Attachment.subject.in_([row.as_subject for row in rows]),
            policy.shown_with_subject(asker_of(actor)),
        )
        for attachment in session.scalars(statement.order_by(Attachment.id), asked_by(actor)):
            found[str(attachment.subject)].append(attachment)
    for row in rows:
        row.attachments = found[row.as_subject]


def fill_with_itself(session: Session, actor: Actor, rows: Sequence[Any]) -> None:
    """Give each of the rows, which wait for review, the attachment that it is."""
    found: dict[int, Attachment] = {}
    if rows:
        reviewed = policy.own_or_reviewed(asker_of(actor))
        statement = shown().where(Attachment.id.in_([row.id for row in rows]), reviewed)
        found = {one.id: one for one in session.scalars(statement, asked_by(actor))}
    for row in rows:
        row.attachments = [found[row.id]]


def chosen(account_id: int, *, pictures: bool) -> sa.Select[Attachment]:
    """Select, locked, the images an account sent, or its other files, that belong to the person and
    not to a branch."""
    is_picture = Attachment.kind == AttachmentKind.IMAGE
    return (
        sa.select(Attachment)
        .where(
            Attachment.account_id == account_id,
            is_picture if pictures else ~is_picture,
            Attachment.status != AttachmentStatus.REMOVED,
            ~Attachment.of_branch,
        )
        .order_by(Attachment.id)
        .with_for_update()
    )


def of_subject(subject: str) -> sa.Select[Attachment]:
    """Select what belongs to a subject, whoever may see it; removed ones are gone from it."""
    return (
        sa.select(Attachment)
        .where(Attachment.subject == subject, Attachment.status != AttachmentStatus.REMOVED)
        .order_by(Attachment.id)
    )


def removed_from(subject: str, ids: Sequence[int]) -> sa.Select[int]:
    """Select the ids of those of `ids` that a reviewer removed from the subject."""
    return sa.select(Attachment.id).where(
        Attachment.subject == subject,
        Attachment.id.in_(ids),
        Attachment.status == AttachmentStatus.REMOVED,
    )


def unattached(account_id: int) -> sa.Select[Attachment]:
    """Select what an account has sent and not used yet."""
    return sa.select(Attachment).where(
        Attachment.account_id == account_id, Attachment.subject.is_(None)
    )


def abandoned(before: datetime) -> sa.Select[Attachment]:
    """Select what nobody has attached since."""
    return sa.select(Attachment).where(Attachment.subject.is_(None), Attachment.created_at < before)


def unanswered(before: datetime) -> sa.Select[Attachment]:
    """Select the images that belong to something and for which no verdict has come since."""
    return sa.select(Attachment).where(
        Attachment.status == AttachmentStatus.CHECKING,
        Attachment.subject.is_not(None),
        Attachment.created_at < before,
        Attachment.updated_at < before,
    )


def stored_keys(keys: Sequence[str]) -> sa.Select[str]:
    """Select those of `keys` under which bytes ought to lie."""
    return sa.select(Attachment.storage_key).where(
        Attachment.storage_key.in_(keys), Attachment.status != AttachmentStatus.REMOVED
    )


def early_verdicts(before: datetime) -> sa.Delete:
    """Forget verdicts whose image never came."""
    return sa.delete(EarlyVerdict).where(EarlyVerdict.created_at < before)
