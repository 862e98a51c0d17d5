"""What people are told about leave. The reason is a code on the request, never in news."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.branch_life.meetings import kinds
from backend.branch_life.meetings.leave.models import LeaveRequest, LeaveStatus
from backend.branch_life.meetings.news import when
from backend.core.sentences import sentence
from backend.people.members.models import Member
from backend.support.notifications import service as notifications
from backend.support.notifications.service import News


def tell_deciders(session: Session, request: LeaveRequest, deciders: Sequence[int]) -> None:
    """Put the request into the inbox of those who may decide it."""
    news = News(
        kinds.LEAVE_REQUESTED,
        str(request.id),
        "请假待审批",
        f"{request.member.name}因故不能参加{when(request.meeting)}的会议，请审批。",
        request.meeting.as_subject,
    )
    notifications.notify(session, sa.select(Member.id).where(Member.id.in_(deciders)), news)


def tell_member(session: Session, request: LeaveRequest) -> None:
    """Tell who asked what was decided."""
    begins = when(request.meeting)
    if request.status is LeaveStatus.APPROVED:
        kind, body = kinds.LEAVE_APPROVED, f"{begins}的会议，您的请假已同意。"
    else:
        kind = kinds.LEAVE_REFUSED
        body = (
            f"{begins}的会议，您的请假未获同意，请按时参加。原因：{sentence(request.refuse_reason)}"
        )
    notifications.notify_member(
        session,
        request.member_id,
        News(
            kind,
            str(request.id),
            "请假结果",
            body,
            request.meeting.as_subject,
            quotes=[request.text("refuse_reason")] if request.refuse_reason else (),
        ),
    )
