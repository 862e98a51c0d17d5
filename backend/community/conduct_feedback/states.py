"""What may happen to a feedback note (spec 3.4): the member first, then the home branch."""

from backend.community.conduct_feedback.models import FeedbackStatus as S
from backend.core.states import Machine, Transition

MEMBER, WORKER = "member", "worker"

FEEDBACK = Machine(
    "feedback",
    [
        Transition(S.AWAITING_REPLY, "reply", S.ANSWERED, MEMBER, "or has nothing to add"),
        Transition(S.AWAITING_REPLY, "hand_over", S.HANDED_OVER, WORKER, "the term has passed"),
        Transition(S.ANSWERED, "hand_over", S.HANDED_OVER, WORKER),
    ],
)
