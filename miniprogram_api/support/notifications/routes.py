"""The inbox in the app, complete whatever becomes of WeChat's messages, and leave for those."""

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import with_expression

from backend.support.notifications import asked, service
from backend.support.notifications.asked import Answered
from backend.support.notifications.models import Notification
from backend.support.text_checks import withheld
from miniprogram_api.http import (
    Blueprint,
    Page,
    PageQuery,
    actor,
    fetch_page,
    page_of,
    paging,
    services,
    session,
    slice_page,
)
from miniprogram_api.idempotency import idempotent
from miniprogram_api.support.notifications.schemas import (
    AnswersIn,
    GrantOut,
    InboxQuery,
    NotificationOut,
    ReadOut,
)

mine = Blueprint("my-notifications", __name__, description="消息")
grants = Blueprint("my-message-grants", __name__, description="消息")


@mine.get("")
@mine.arguments(InboxQuery, location="query")
@mine.response(200, page_of(NotificationOut))
def list_mine(query: dict[str, Any]) -> Page:
    """List the own inbox, newest first."""
    page, mine = paging(query), {"account_id": actor().account_id}
    return fetch_page(_inbox(**query), Notification.id, **page, values=mine)


@cache
def _inbox(*, unread: bool | None) -> sa.Select[Notification]:
    quoting = with_expression(Notification.withheld, withheld.quoted(Notification.quotes))
    return service.inbox(unread=unread).options(quoting)


@mine.post("/<int:notification_id>/reading")
@mine.response(200, NotificationOut)
def read(notification_id: int) -> Notification:
    """Mark one message as read."""
    return service.read(session(), actor=actor(), notification_id=notification_id)


@mine.post("/reading")
@mine.response(200, ReadOut)
def read_all() -> dict[str, int]:
    """Mark the whole inbox as read."""
    return {"read": service.read_all(session(), actor=actor())}


@grants.get("")
@grants.arguments(PageQuery, location="query")
@grants.response(200, page_of(GrantOut))
def list_grants(query: dict[str, Any]) -> Page:
    """List the messages WeChat may pass on, and how many of each are still to come."""
    return slice_page(asked.grants(session(), services().settings, actor=actor()), **query)


@grants.post("")
@idempotent
@grants.arguments(AnswersIn)
@grants.response(200, page_of(GrantOut))
def report(answers: list[Answered]) -> Page:
    """Report what the user answered when WeChat asked for leave."""
    asked.report(session(), services().settings, actor=actor(), answers=answers)
    rows = asked.grants(session(), services().settings, actor=actor())
    return slice_page(rows, limit=len(rows) or 1, cursor=None, with_total=False)
