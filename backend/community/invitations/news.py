"""What an invited member is told."""

from sqlalchemy.orm import Session

from backend.community.invitations import kinds
from backend.community.invitations.models import Invitation
from backend.community.volunteering.activities.models import Activity
from backend.core import clock
from backend.support.notifications import service as notifications
from backend.support.notifications.service import Message, News

FREE = "是否参加由您决定，不方便时不用说明原因。"


def tell_member(session: Session, invitation: Invitation) -> None:
    """Put the invitation into the member's inbox, and have WeChat repeat it to who wants that."""
    thing = invitation.thing
    what, when = "项目", ""
    if isinstance(thing, Activity):
        begins = thing.starts_at.astimezone(clock.SHANGHAI)
        what, when = "活动", f"（{begins.month}月{begins.day}日{begins:%H:%M}）"
    text = f"{invitation.community.name}邀请您参加“{thing.title}”{when}。{FREE}"
    quotes = [thing.text("plan")]
    news = News(
        kinds.INVITED,
        str(invitation.id),
        f"社区邀请您参加{what}",
        text,
        invitation.as_subject,
        quotes,
    )
    notifications.notify_member(session, invitation.member_id, news)
    notifications.send_to_member(session, invitation.member_id, _message(invitation))


def _message(invitation: Invitation) -> Message:
    """Say what it is and until when; nothing is sent once it is too late to come."""
    thing = invitation.thing
    if isinstance(thing, Activity):
        what, moment, last = "邀请您参加志愿服务活动", thing.starts_at, thing.ends_at
    else:
        what, moment, last = (
            "邀请您认领项目，截止时间如下",
            thing.claim_deadline,
            thing.claim_deadline,
        )
    time = f"{moment.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}"
    texts = (what, time, "是否参加由您决定，可在小程序中回复")
    until = min(last, clock.now() + notifications.LASTS)
    return notifications.message(kinds.INVITED, str(invitation.id), *texts, expires_at=until)
