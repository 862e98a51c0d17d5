"""The inbox in the app, complete whatever becomes of WeChat's messages."""

from typing import Any

from backend.notifications import service
from backend.notifications.models import Notification
from miniprogram_api.http import Blueprint, Page, actor, fetch_page, page_of, paging, session
from miniprogram_api.notifications.schemas import InboxQuery, NotificationOut

mine = Blueprint("my-notifications", __name__, description="消息")


@mine.get("")
@mine.arguments(InboxQuery, location="query")
@mine.response(200, page_of(NotificationOut))
def list_mine(query: dict[str, Any]) -> Page:
    """List the own inbox, newest first."""
    page = paging(query)
    return fetch_page(service.inbox(actor(), **query), Notification.id, **page)


@mine.post("/<int:notification_id>/reading")
@mine.response(200, NotificationOut)
def read(notification_id: int) -> Notification:
    """Mark one message as read."""
    return service.read(session(), actor=actor(), notification_id=notification_id)
