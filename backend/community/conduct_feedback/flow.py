"""What may happen to a feedback note (spec 3.4): the member first, then the home branch. Every
step locks the member first and the note second."""

from dataclasses import dataclass

from backend.community.conduct_feedback import kinds, news, policy, queries, reminders
from backend.community.conduct_feedback.models import ConductFeedback
from backend.community.conduct_feedback.models import FeedbackStatus as S
from backend.community.conduct_feedback.policy import MEMBER
from backend.core import clock, queue
from backend.flows.flow import Flow
from backend.flows.steps import CLOCK, Step, Taken
from backend.people.members.models import Member

HAND_OVER_TASK = "conduct_feedback:hand_over"


@dataclass(frozen=True)
class Replying:
    """What the member adds; an empty text says that there is nothing to add."""

    reply: str


def _replied_alike(taken: Taken[ConductFeedback]) -> bool:
    """What was answered may have been handed over since."""
    if taken.row.replied_at is None:
        return False
    if taken.row.reply != taken.said.reply:
        raise FLOW.done_otherwise()
    return True


def _pass_on(taken: Taken[ConductFeedback]) -> None:
    """What is answered goes to the home branch at once."""
    now = clock.now()
    taken.row.replied_at = now
    reminders.drop(taken.session, taken.row)
    queue.defer(taken.session, HAND_OVER_TASK, timestamp=int(now.timestamp()))


def _to_the_branch(taken: Taken[ConductFeedback]) -> None:
    """Name the branch before anything is written: a note handed over has one."""
    taken.row.branch_id = taken.row.member.branch_id
    taken.row.handed_over_at = clock.now()


FLOW: Flow[ConductFeedback] = Flow(
    "feedback",
    ConductFeedback,
    select=queries.shown,
    visible=policy.visible,
    missing="没有找到这份反馈。",
    texts=kinds.TEXTS,
    area_id=lambda row: row.community_id,
    lock_first=lambda session, row: session.get_one(Member, row.member_id, with_for_update=True),
    steps=[
        Step("reply", "reply",
             "Answer the own note, or say that there is nothing to add.",
             {S.AWAITING_REPLY: S.ANSWERED}, MEMBER, "or has nothing to add",
             says=Replying, again=_replied_alike, writes={"reply": "reply"}, then=_pass_on,
             past="answered", awaited=True),
        Step("hand_over", "", "Give the home branch what was answered or waited for in vain.",
             {S.AWAITING_REPLY: S.HANDED_OVER, S.ANSWERED: S.HANDED_OVER},
             CLOCK, "answered, or the term has passed",
             first=_to_the_branch, past="handed_over", tells=news.tell_branch),
    ],
)  # fmt: skip
