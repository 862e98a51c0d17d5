"""What may happen to a vote once it is recorded (spec 2.3). The meeting is locked first."""

from backend.branch_life.meetings import kinds, policy
from backend.branch_life.meetings.guards import OPEN
from backend.branch_life.meetings.models import Meeting
from backend.branch_life.meetings.policy import RECORDER
from backend.branch_life.meetings.voting import queries
from backend.branch_life.meetings.voting.models import Resolution
from backend.branch_life.meetings.voting.models import ResolutionStatus as S
from backend.flows.flow import Flow
from backend.flows.steps import Reason, Step, Taken


def _voided_alike(taken: Taken[Resolution]) -> bool:
    """Who voided it is in the audit log alone: the same reason is no change, whoever gives it."""
    return taken.row.status is S.VOIDED and taken.row.void_reason == taken.said.reason


FLOW = Flow(
    "resolution",
    Resolution,
    select=queries.shown,
    visible=policy.visible,
    missing="没有找到这项表决。",
    texts=kinds.RESOLUTION_TEXTS,
    area_id=lambda row: row.meeting.organization.area_id,
    lock_first=lambda session, row: session.get_one(Meeting, row.meeting_id, with_for_update=True),
    steps=[
        Step("void", "voiding",
             "Take out what was recorded wrongly, before the meeting is closed.",
             {S.RECORDED: S.VOIDED}, RECORDER, "with a reason", guards=[OPEN],
             says=Reason, again=_voided_alike, writes={"reason": "void_reason"}, past="voided"),
    ],
)  # fmt: skip
