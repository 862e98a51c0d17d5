"""What may happen to a text that is checked. Nothing is ever refused by a program."""

from backend.core.states import Machine, Transition
from backend.support.text_checks.models import TextCheckStatus as S

WECHAT, WORKER, REVIEWER, AUTHOR = "WeChat", "worker", "who decides at the community", "author"

TEXT_CHECK = Machine(
    "text_check",
    [
        Transition(S.PENDING, "pass", S.PASSED, WECHAT),
        Transition(S.PENDING, "hold", S.HELD, WECHAT, "risky, review or no verdict; withheld"),
        Transition(S.PENDING, "leave_unchecked", S.UNCHECKED, WORKER, "not asked within two hours"),
        Transition(S.HELD, "release", S.RELEASED, REVIEWER, "never one's own"),
        Transition(S.HELD, "remove", S.REMOVED, REVIEWER, "with a reason; never one's own"),
        Transition(S.UNCHECKED, "release", S.RELEASED, REVIEWER, "never one's own"),
        Transition(S.UNCHECKED, "remove", S.REMOVED, REVIEWER, "with a reason; never one's own"),
        *(
            Transition(state, "rewrite", S.SUPERSEDED, AUTHOR)
            for state in S
            if state is not S.SUPERSEDED
        ),
    ],
)
