"""What an invited member is told."""

from sqlalchemy.orm import Session

from backend.core import clock
from backend.invitations.models import Invitation
from backend.notifications import service as notifications
from backend.notifications.models import NotificationKind
from backend.notifications.service import News
from backend.volunteering.activities.models import Activity

FREE = "是否参加由您决定，不方便时不用说明原因。"


def tell_member(session: Session, invitation: Invitation) -> None:
    """Put the invitation into the member's inbox."""
    thing = invitation.thing
    what, when = "项目", ""
    if isinstance(thing, Activity):
        begins = thing.starts_at.astimezone(clock.SHANGHAI)
        what, when = "活动", f"（{begins.month}月{begins.day}日{begins:%H:%M}）"
    text = f"{invitation.community.name}邀请您参加“{thing.title}”{when}。{FREE}"
    quotes = [thing.text("plan")]
    news = News(
        NotificationKind.INVITED,
        str(invitation.id),
        f"社区邀请您参加{what}",
        text,
        invitation.as_subject,
        quotes,
    )
    notifications.notify_member(session, invitation.member_id, news)
