"""What may happen to an activity, who does it, and what follows (spec 4.1, 4.4).

Lock order: the activity, then its shifts, then what hangs on them. Whoever counts places or writes
the list holds the activity.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial

from backend.community.volunteering import kinds
from backend.community.volunteering.activities import (
    changing,
    guards,
    news,
    places,
    policy,
    queries,
    reminders,
)
from backend.community.volunteering.activities.changing import Amendment, InvitedTo
from backend.community.volunteering.activities.models import BEFORE_BEGIN, BEFORE_END, Activity
from backend.community.volunteering.activities.models import ActivityStatus as A
from backend.community.volunteering.activities.places import Leaving, Wish
from backend.community.volunteering.activities.policy import COMER, MEMBER, ORGANISER, SYSTEM
from backend.core import clock
from backend.core.errors import Forbidden
from backend.core.states import Guard
from backend.flows.flow import Flow
from backend.flows.steps import CLOCK, Step, Taken, never

REGISTERED = Guard(
    "registration_required",
    "registered with a community of the city",
    "请先完成社区报到，再报名参加活动。",
    policy.REGISTERED.stands,
    Forbidden,
)


@dataclass(frozen=True)
class CallingOff:
    """Why it does not take place; `invited`: who is told of it, too."""

    reason: str
    invited: InvitedTo | None = None


def _staying(states: Iterable[A]) -> dict[A, A]:
    return {state: state for state in states}


def _published_before(taken: Taken[Activity]) -> bool:
    return taken.row.published_at is not None and taken.row.status is not A.CANCELLED


def _open(taken: Taken[Activity]) -> None:
    """It may have begun already. Nobody is told unasked."""
    taken.row.published_at = clock.now()
    taken.row.status = taken.row.current_status
    reminders.plan(taken.session, taken.row)


def _call_off(taken: Taken[Activity]) -> None:
    session, row, invited = taken.session, taken.row, taken.said.invited
    reminders.drop(session, row)
    if invited is not None:
        news.tell_invited_of_cancelling(session, row, invited(row.id))


FLOW: Flow[Activity] = Flow(
    "activity",
    Activity,
    select=queries.shown,
    visible=policy.visible,
    missing="没有找到这个活动。",
    texts=kinds.ACTIVITY_TEXTS,
    area_id=lambda row: row.community_id,
    state=lambda row: row.current_status,
    fill=places.fill,
    others=[policy.REGISTERED, policy.STREET],
    steps=[
        Step("amend", "amendment",
             "Change an activity; whoever signed up is told when time or place moved.",
             _staying([A.DRAFT, *BEFORE_END]), ORGANISER,
             "every shift ends after it begins; whoever signed up or was invited is told of a move",
             [guards.SHIFT_TO_COME, guards.PLACES_KEPT, guards.SHIFT_FREE, guards.UNIT_STANDS,
              guards.INSURED],
             says=Amendment, again=never, then=changing.rewrite),
        Step("publish", "publication",
             "Open an activity for sign-ups.",
             {A.DRAFT: A.PUBLISHED}, ORGANISER,
             guards=[replace(guards.INSURED, holds=changing.is_insured)],
             again=_published_before, then=_open, past="published"),
        Step("cancel", "cancellation",
             "Call an activity off, which whoever signed up is told with the reason.",
             dict.fromkeys([A.DRAFT, *BEFORE_END], A.CANCELLED), ORGANISER, "with a reason",
             [guards.NOBODY_CAME],
             says=CallingOff, first=partial(changing.check_nobody_came, guards.NOBODY_CAME),
             writes={"reason": "cancel_reason"}, signs="cancelled", then=_call_off,
             past="cancelled", tells=news.tell_cancelled),
        Step("sign_up", "sign-ups",
             "Sign up for shifts; where all places are taken one waits, in order.",
             _staying(BEFORE_END), COMER,
             guards=[REGISTERED, guards.NOT_OVER, guards.ONCE, guards.NO_CLASH,
                     guards.WAITED_FOR],
             says=Wish, again=never, then=places.take),
        Step("withdraw", "",
             "Withdraw from shifts.",
             _staying(BEFORE_END), MEMBER, "each sign-up by its own step",
             says=Leaving, again=never, then=places.give_back),
        Step("write_list", "",
             "Write the list, which is the record: see `attendance`.",
             _staying([A.RUNNING, A.FINISHED]), policy.WRITES_LIST,
             guards=[guards.BEGUN, guards.IN_TIME]),
        # What the places and the clock say: `places.restate`, `Activity.current_status`.
        Step("fill", "", "Say so.", {A.PUBLISHED: A.FULL}, SYSTEM, "the last place is taken"),
        Step("free", "", "Say so.", {A.FULL: A.PUBLISHED}, SYSTEM, "a place is free"),
        Step("begin", "", "Begin.", dict.fromkeys(BEFORE_BEGIN, A.RUNNING), CLOCK,
             "the first shift begins"),
        Step("end", "", "End.", {A.RUNNING: A.FINISHED}, CLOCK, "the last shift ends"),
    ],
)  # fmt: skip
