"""What may happen to a meeting (spec 2)."""

from backend.branch_life.meetings.models import MeetingStatus as S
from backend.core.states import Machine, Transition

SECRETARY, RECORDER, MEMBER = "branch secretary", "recorder or branch secretary", "member due"

MEETING = Machine(
    "meeting",
    [
        Transition(
            S.CONVENED,
            "change",
            S.CONVENED,
            SECRETARY,
            "not to another time once somebody voted; list and leave go with the old time",
        ),
        Transition(S.CONVENED, "ask_for_leave", S.CONVENED, MEMBER, "not over; once"),
        Transition(S.CONVENED, "write_list", S.CONVENED, RECORDER, "has begun"),
        Transition(S.CONVENED, "exclude_voter", S.CONVENED, SECRETARY, "the superior agreed"),
        Transition(S.CONVENED, "vote", S.CONVENED, RECORDER, "has begun; may vote in this form"),
        Transition(S.CONVENED, "write_minutes", S.CONVENED, RECORDER, "of the version read"),
        Transition(S.CONVENED, "cancel", S.CANCELLED, SECRETARY, "a reason; nobody was present"),
        Transition(
            S.CONVENED,
            "close",
            S.CLOSED,
            SECRETARY,
            "has begun, somebody was present, no leave is undecided, votes fit the list; "
            "of 民主评议党员 says how many were appraised",
        ),
        Transition(S.CLOSED, "amend", S.CLOSED, RECORDER),
    ],
)
