"""Tell people what happened: in the app within the transaction, through WeChat after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.core import clock, queue
from backend.core.actor import Actor
from backend.core.errors import NotFound
from backend.people.members.models import Account, Consent, Member, Purpose
from backend.support.notifications.declared import NewsKind
from backend.support.notifications.models import (
    MessageStatus,
    Notification,
    SubscriptionMessage,
)
from backend.support.notifications.templates import Template

SEND_TASK = "notifications:send_subscription_message"
# After this long the answer to something is no news.
LASTS = timedelta(hours=24)


@dataclass(frozen=True)
class News:
    """What is told. `business_id` makes the same news reach an account once; `quotes` names each
    text of a person that stands in the body, so that it goes when that text is withheld."""

    kind: NewsKind
    business_id: str
    title: str
    body: str
    subject: str
    quotes: Sequence[str] = ()


def notify(session: Session, members: sa.Select[int], news: News) -> None:
    """Put `news` into the inbox of each selected active member who has an account, in one
    statement."""
    _put(session, _active(members), news)


def _active(members: sa.Select[int]) -> sa.ColumnElement[bool]:
    """Whether an account is that of a selected member who is active: others are told nothing,
    since they could not open it either."""
    active = sa.select(Member.id).where(Member.active).correlate(None)
    return sa.and_(Account.member_id.in_(members), Account.member_id.in_(active))


def notify_accounts(session: Session, accounts: sa.Select[int], news: News) -> None:
    """Tell accounts, which need not belong to anybody on a roster."""
    _put(session, Account.id.in_(accounts), news)


def _put(session: Session, which: sa.ColumnElement[bool], news: News) -> None:
    columns = Notification.__table__.c
    values = {name: sa.literal(value, columns[name].type) for name, value in _values(news).items()}
    rows = sa.select(Account.id, *values.values()).where(which)
    session.execute(
        insert(Notification).from_select(["account_id", *values], rows).on_conflict_do_nothing()
    )


def _values(news: News) -> dict[str, object]:
    return {**news.__dict__, "kind": news.kind.name, "quotes": list(news.quotes)}


def notify_member(session: Session, member_id: int, news: News) -> None:
    """Put `news` into one member's inbox."""
    notify(session, sa.select(sa.literal(member_id)), news)


def notify_account(session: Session, account_id: int, news: News) -> None:
    """Put `news` into the inbox of an account that may not be linked to a member yet."""
    session.execute(
        insert(Notification).values(account_id=account_id, **_values(news)).on_conflict_do_nothing()
    )


def unquote(session: Session, text: str, sentence: str) -> None:
    """Put `sentence` in the place of all news that quote `text` (`table:id#part`) for good."""
    session.execute(
        sa.update(Notification)
        .where(Notification.quotes.contains([text]), Notification.quotes != [])
        .values(body=sentence, quotes=[])
    )


@dataclass(frozen=True)
class Message:
    """What WeChat is to repeat: one text for each field of the template, in its order.

    The job makes them fit and knows WeChat's id; nothing is sent from `expires_at` on.
    """

    template: Template
    business_id: str
    texts: Sequence[str]
    expires_at: datetime


def message(
    kind: NewsKind, business_id: str, *texts: str, expires_at: datetime | None = None
) -> Message:
    """Return how WeChat repeats news of a kind: for a day, unless `expires_at` says otherwise."""
    if kind.template is None:
        raise ValueError(f"the inbox alone has news of {kind}")
    return Message(kind.template, business_id, texts, expires_at or clock.now() + LASTS)


def send(session: Session, members: sa.Select[int], message: Message) -> None:
    """Have WeChat repeat some news to each selected member who agreed to it, at most once."""
    values: dict[str, sa.ColumnElement[object]] = {
        "template": sa.literal(message.template.value),
        "business_id": sa.literal(message.business_id),
        "data": sa.literal({"texts": list(message.texts)}, SubscriptionMessage.data.type),
        "status": sa.literal(MessageStatus.QUEUED.value),
        "expires_at": sa.literal(message.expires_at),
    }
    rows = sa.select(Account.id, *values.values()).where(_active(members), consents(Account.id))
    queued = session.scalars(
        insert(SubscriptionMessage)
        .from_select(["account_id", *values], rows)
        .on_conflict_do_nothing()
        .returning(SubscriptionMessage.id)
    ).all()
    for message_id in queued:
        queue.defer(session, SEND_TASK, message_id=message_id)


def send_to_member(session: Session, member_id: int, message: Message) -> None:
    """Have WeChat repeat some news to one member."""
    send(session, sa.select(sa.literal(member_id)), message)


def consents(account_id: sa.SQLColumnExpression[int] | int) -> sa.ColumnElement[bool]:
    """Say whether an account agrees to messages through WeChat."""
    return sa.exists().where(
        Consent.account_id == account_id,
        Consent.purpose == Purpose.SUBSCRIPTION_MESSAGES,
        Consent.withdrawn_at.is_(None),
    )


@cache
def inbox(*, unread: bool | None = None) -> sa.Select[Notification]:
    """Select what stands in the inbox of the account `account_id`."""
    mine = sa.select(Notification).where(Notification.account_id == sa.bindparam("account_id"))
    if unread is None:
        return mine
    return mine.where(
        Notification.read_at.is_(None) if unread else Notification.read_at.is_not(None)
    )


def read_all(session: Session, *, actor: Actor) -> int:
    """Mark the actor's whole inbox as read; return how many entries were not."""
    done = session.execute(
        sa.update(Notification)
        .where(Notification.account_id == actor.account_id, Notification.read_at.is_(None))
        .values(read_at=clock.now())
    )
    return int(done.rowcount)  # type: ignore[attr-defined]  # an UPDATE yields a CursorResult


def read(session: Session, *, actor: Actor, notification_id: int) -> Notification:
    """Mark one entry of the actor's own inbox as read; again is no change. Raises NotFound."""
    one = inbox().where(Notification.id == notification_id).with_for_update()
    row = session.scalars(one, {"account_id": actor.account_id}).first()
    if row is None:
        raise NotFound("notification_not_found", "没有找到这条消息。")
    row.read_at = row.read_at or clock.now()
    return row
