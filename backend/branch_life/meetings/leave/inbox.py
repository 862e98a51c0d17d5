"""What of requests for leave waits for people."""

import sqlalchemy as sa

from backend.branch_life.meetings import kinds
from backend.branch_life.meetings.leave.flow import FLOW
from backend.branch_life.meetings.leave.models import LeaveRequest
from backend.branch_life.meetings.models import AbsenceReason as A
from backend.branch_life.meetings.models import Meeting, MeetingStatus
from backend.core import clock
from backend.core.sentences import day
from backend.flows.tasks import of_flow
from backend.people.members import queries as members
from backend.support.text_checks import withheld

REASONS = {
    A.ILLNESS: "身体原因",
    A.FRAILTY: "年老体弱",
    A.WORK: "工作原因",
    A.TRAVEL: "外出",
    A.FAMILY: "家庭原因",
    A.OTHER: "其他",
    A.UNEXPLAINED: "未说明",
}

TASKS = (
    of_flow(
        kinds.LEAVE,
        FLOW,
        "approve",
        also=lambda _asker: Meeting.status == MeetingStatus.CONVENED,
        since=LeaveRequest.created_at,
        # Whoever asked must know before it begins.
        due=sa.cast(sa.func.timezone("Asia/Shanghai", Meeting.starts_at), sa.Date()),
        who=members.name_of(LeaveRequest.member_id),
        facts={
            "reason": LeaveRequest.reason,
            "meeting.title": Meeting.title,
            "meeting.status": Meeting.status,
            "meeting.starts_at": Meeting.starts_at,
            "meeting.ends_at": Meeting.ends_at,
        },
        withheld=withheld.of(Meeting.__tablename__, Meeting.id),
        parts={"plan": ["meeting.title"]},
        lines=lambda row: (
            row.meeting.title,
            f"{day(clock.local_date(row.meeting.starts_at))}召开",
            REASONS[row.reason],
        ),
    ),
)
