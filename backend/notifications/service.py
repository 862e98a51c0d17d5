"""Tell people what happened: in the app within the transaction, through WeChat after it."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.core import clock, queue
from backend.core.actor import Actor
from backend.core.errors import NotFound
from backend.members.models import Account
from backend.notifications.models import (
    MessageStatus,
    Notification,
    NotificationKind,
    SubscriptionMessage,
)

SEND_TASK = "notifications:send_subscription_message"


@dataclass(frozen=True)
class News:
    """What is told. `business_id` makes the same news reach an account once."""

    kind: NotificationKind
    business_id: str
    title: str
    body: str
    subject: str


def notify(session: Session, members: sa.Select[int], news: News) -> None:
    """Put `news` into the inbox of each selected member who has an account. One statement."""
    values = (
        sa.literal(getattr(news, name)) for name in ("business_id", "title", "body", "subject")
    )
    rows = sa.select(Account.id, sa.literal(news.kind.value), *values).where(
        Account.member_id.in_(members)
    )
    session.execute(
        insert(Notification)
        .from_select(["account_id", "kind", "business_id", "title", "body", "subject"], rows)
        .on_conflict_do_nothing()
    )


def notify_member(session: Session, member_id: int, news: News) -> None:
    """Put `news` into one member's inbox."""
    notify(session, sa.select(sa.literal(member_id)), news)


def notify_account(session: Session, account_id: int, news: News) -> None:
    """Put `news` into the inbox of an account that may not be linked to a member yet."""
    session.execute(
        insert(Notification).values(account_id=account_id, **news.__dict__).on_conflict_do_nothing()
    )


def message_member(
    session: Session, member_id: int, *, template: str, business_id: str, data: dict[str, object]
) -> None:
    """Have WeChat repeat some news to a member, at most once.

    `template` is our name of it; the job knows WeChat's id from the settings. `data` maps the
    template's fields to texts within WeChat's limits (thing: 20 characters, phrase: 5).
    """
    sent = session.scalar(
        insert(SubscriptionMessage)
        .from_select(
            ["account_id", "template", "business_id", "data", "status"],
            sa.select(
                Account.id,
                sa.literal(template),
                sa.literal(business_id),
                sa.literal(data, SubscriptionMessage.data.type),
                sa.literal(MessageStatus.QUEUED.value),
            ).where(Account.member_id == member_id),
        )
        .on_conflict_do_nothing()
        .returning(SubscriptionMessage.id)
    )
    if sent is not None:
        queue.defer(session, SEND_TASK, message_id=sent)


def inbox(actor: Actor, *, unread: bool | None = None) -> sa.Select[Notification]:
    """Select what stands in the actor's inbox."""
    mine = sa.select(Notification).where(Notification.account_id == actor.account_id)
    if unread is None:
        return mine
    return mine.where(
        Notification.read_at.is_(None) if unread else Notification.read_at.is_not(None)
    )


def read(session: Session, *, actor: Actor, notification_id: int) -> Notification:
    """Mark one entry of the actor's own inbox as read; again is no change. Raises NotFound."""
    row = session.scalars(
        inbox(actor).where(Notification.id == notification_id).with_for_update()
    ).first()
    if row is None:
        raise NotFound("notification_not_found", "没有找到这条消息。")
    row.read_at = row.read_at or clock.now()
    return row
