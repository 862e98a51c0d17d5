"""What must be so of a meeting for what belongs to it."""

from backend.branch_life.meetings.models import MeetingStatus
from backend.core.states import Guard

OPEN = Guard(
    "meeting_state_forbids",
    "the meeting is neither closed nor cancelled",
    "当前状态不允许此操作，请刷新后查看最新状态。",
    lambda row: row.meeting.status is MeetingStatus.CONVENED,
)
