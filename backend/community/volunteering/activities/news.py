"""What people are told about activities, in words. Nobody is told of one unasked."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.volunteering import kinds
from backend.community.volunteering.activities import queries
from backend.community.volunteering.activities.models import Activity, ActivityShift, ActivitySignUp
from backend.core import clock
from backend.core.sentences import sentence
from backend.support.notifications import service as notifications
from backend.support.notifications.declared import NewsKind
from backend.support.notifications.service import Message, News
from backend.support.text_checks import withheld


def tell_changed(session: Session, activity: Activity) -> None:
    """Tell whoever holds a place or waits that time or place moved."""
    news = News(
        kinds.ACTIVITY_CHANGED,
        f"{activity.id}:{activity.changes}",
        "活动安排有变动",
        f"“{_title(activity)}”的时间或地点有变动，请查看；不便参加的，可以退出报名。",
        activity.as_subject,
        quotes=[activity.text("plan")],
    )
    _tell_all(session, activity, news, "时间或地点有变动，请查看")


def tell_invited_of_change(session: Session, activity: Activity, invited: sa.Select[int]) -> None:
    """Tell whoever was invited and has not answered that time or place moved."""
    news = News(
        kinds.ACTIVITY_CHANGED,
        f"{activity.id}:{activity.changes}",
        "邀请您参加的活动有变动",
        f"社区邀请您参加的“{_title(activity)}”时间或地点有变动，请查看；是否参加由您决定。",
        activity.as_subject,
        quotes=[activity.text("plan")],
    )
    notifications.notify(session, invited, news)


def tell_invited_of_cancelling(
    session: Session, activity: Activity, invited: sa.Select[int]
) -> None:
    """Tell whoever was invited and has not answered that there is nothing to come to."""
    news = News(
        kinds.ACTIVITY_CANCELLED,
        str(activity.id),
        "邀请您参加的活动取消",
        f"社区邀请您参加的“{_title(activity)}”不再举行。原因：{sentence(activity.cancel_reason)}",
        activity.as_subject,
        quotes=[activity.text("plan"), activity.text("cancel_reason")],
    )
    notifications.notify(session, invited, news)


def tell_cancelled(session: Session, activity: Activity) -> None:
    """Tell whoever held a place or waited that the activity does not take place."""
    news = News(
        kinds.ACTIVITY_CANCELLED,
        str(activity.id),
        "活动取消",
        f"“{_title(activity)}”不再举行，请不要前往。原因：{sentence(activity.cancel_reason)}",
        activity.as_subject,
        quotes=[activity.text("plan"), activity.text("cancel_reason")],
    )
    _tell_all(session, activity, news, "活动取消，请不要前往")


def _tell_all(session: Session, activity: Activity, news: News, hint: str) -> None:
    concerned = queries.members_signed_up(ActivitySignUp.activity_id == activity.id)
    notifications.notify(session, concerned, news)
    begins = activity.starts_at.astimezone(clock.SHANGHAI)
    texts = ("志愿服务活动", f"{begins:%Y-%m-%d %H:%M}", hint)
    business_id = f"{news.kind}:{news.business_id}"
    message = notifications.message(news.kind, business_id, *texts)
    notifications.send(session, concerned, message)


def tell_moved_up(session: Session, sign_up: ActivitySignUp) -> None:
    """Tell somebody who waited that a place is theirs."""
    activity, shift = sign_up.activity, sign_up.shift
    news = News(
        kinds.SIGN_UP_MOVED_UP,
        str(sign_up.id),
        "候补已转为报名",
        f"“{_title(activity)}”{_when(shift)}的班次已为您留出名额；不便参加的，请尽早退出报名。",
        activity.as_subject,
        quotes=[activity.text("plan")],
    )
    notifications.notify_member(session, sign_up.member_id, news)
    hint = "候补已转为报名，不便参加请退出"
    message = _about(shift, news.kind, news.business_id, hint)
    notifications.send_to_member(session, sign_up.member_id, message)


def remind(
    session: Session, activity: Activity, shift: ActivityShift, expected: sa.Select[int]
) -> None:
    """Remind those who hold a place, in the app and through WeChat, once for this beginning."""
    news = News(
        kinds.ACTIVITY_REMINDER,
        f"{shift.id}:{shift.starts_at.timestamp():.0f}",
        "活动提醒",
        f"您报名的活动{_when(shift)}开始，请按时参加；不便参加的，可以退出报名。",
        activity.as_subject,
    )
    notifications.notify(session, expected, news)
    message = _about(shift, news.kind, news.business_id, "请按时参加，不便参加请退出报名")
    notifications.send(session, expected, message)


def _about(shift: ActivityShift, kind: NewsKind, business_id: str, hint: str) -> Message:
    begins = shift.starts_at.astimezone(clock.SHANGHAI)
    texts = ("志愿服务活动", f"{begins:%Y-%m-%d %H:%M}", hint)
    return notifications.message(kind, f"{kind}:{business_id}", *texts, expires_at=shift.ends_at)


def _title(activity: Activity) -> str:
    """The title, unless a person has still to look at it."""
    return withheld.text_for_all(activity.withheld, "plan", activity.title)


def _when(shift: ActivityShift) -> str:
    begins = shift.starts_at.astimezone(clock.SHANGHAI)
    return f"{begins.month}月{begins.day}日{begins:%H:%M}"
