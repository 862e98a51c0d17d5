"""What may happen to a meeting (spec 2)."""

from backend.core.states import Machine, Transition
from backend.meetings.models import MeetingStatus as S

SECRETARY = "branch secretary"

MEETING = Machine(
    "meeting",
    [
        Transition(S.CONVENED, "write_list", S.CONVENED, SECRETARY, "has begun"),
        Transition(S.CONVENED, "cancel", S.CANCELLED, SECRETARY, "a reason; nobody was present"),
        Transition(S.CONVENED, "close", S.CLOSED, SECRETARY, "has begun, somebody was present"),
    ],
)
