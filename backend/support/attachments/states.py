"""What may happen to an attachment. Nothing is ever refused by a machine alone."""

from backend.core.states import Machine, Transition
from backend.support.attachments.models import AttachmentStatus as S

CHECK, REVIEWER, SENDER = "WeChat's check", "community secretary", "who sent it"
INSIDE = "attached to what only a branch's own people see"

ATTACHMENT = Machine(
    "attachment",
    [
        Transition(S.CHECKING, "pass", S.AVAILABLE, CHECK),
        Transition(S.CHECKING, "hold", S.HELD, CHECK, "risky, unsure, or no verdict in time"),
        Transition(S.CHECKING, "keep_inside", S.AVAILABLE, SENDER, INSIDE),
        Transition(S.HELD, "keep_inside", S.AVAILABLE, SENDER, INSIDE),
        Transition(S.HELD, "release", S.AVAILABLE, REVIEWER, "never one's own"),
        Transition(S.HELD, "remove", S.REMOVED, REVIEWER, "with a reason; the bytes go"),
    ],
)
