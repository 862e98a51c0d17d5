"""What may happen to an appointment: one proposes it, another approves it, and it ends with its
term or at once."""

from typing import Any

from sqlalchemy.orm import Session, object_session

from backend.accounts.appointments import eligibility, kinds, news, policy, queries
from backend.accounts.appointments.policy import DECIDER, GRANTOR, PROPOSER
from backend.core import clock
from backend.core.states import Guard
from backend.flows.flow import Flow
from backend.flows.steps import CLOCK, Reason, Step, Taken
from backend.people.areas import service as areas
from backend.people.members import proof
from backend.people.members.models import Appointment
from backend.people.members.models import AppointmentStatus as S


def _not_over(row: Any) -> bool:
    return row.ends_on is None or row.ends_on >= clock.today()


TERM_LEFT = Guard("term_over", "its term is not over", "任期已经届满，请重新提名。", _not_over)


def _today(row: Any) -> S:
    """Where it stands today: an approved one whose term is over has ended."""
    return row.status if row.status is not S.APPROVED or _not_over(row) else S.ENDED


def _area_id(row: Appointment) -> int | None:
    """Where the texts about it belong; nobody there is asked about them."""
    if row.area_id is not None:
        return row.area_id
    if row.organization is not None:
        return row.organization.area_id
    session = object_session(row)
    return session.scalar(areas.whole_city()) if session else None


def _see_that_it_may_be(taken: Taken[Appointment]) -> None:
    """Raise Forbidden unless it was proven lately who decides, and Conflict where what has come
    since it was proposed forbids it."""
    proof.require(taken.actor)
    eligibility.check(taken.session, taken.row)


def _forget_decision(taken: Taken[Appointment]) -> None:
    taken.row.decided_by = taken.row.decided_at = None


def _say_why(taken: Taken[Appointment]) -> None:
    """In words of our own: nobody's are to be checked."""
    taken.row.ended_at, taken.row.ending_reason = clock.now(), taken.said.reason


def _tell_if_ended(session: Session, row: Appointment) -> None:
    """What was only proposed has given nobody anything."""
    if row.status is S.ENDED:
        news.tell_ended(session, row)


def _lock_holder(session: Session, row: Appointment) -> object:
    return eligibility.lock_holder(session, row)


FLOW = Flow(
    "appointment",
    Appointment,
    select=queries.shown,
    visible=policy.visible,
    missing="没有找到这项任职。",
    texts=kinds.TEXTS,
    area_id=_area_id,
    # Who holds it first: what excludes each other is decided in a row.
    lock_first=_lock_holder,
    others=[GRANTOR],
    state=_today,
    steps=[
        Step("approve", "approval",
             "Approve an appointment that somebody else proposed; it is in force from its first "
             "day.",
             {S.PROPOSED: S.APPROVED}, DECIDER, "the place and the holder still are",
             guards=[TERM_LEFT], first=_see_that_it_may_be, signs="decided", past="approved",
             tells=news.tell_approved, awaited=True),
        Step("refuse", "refusal",
             "Refuse an appointment that somebody else proposed, with a reason.",
             {S.PROPOSED: S.REFUSED}, DECIDER, "with a reason", says=Reason,
             writes={"reason": "refusal_reason"}, signs="decided", past="refused",
             tells=news.tell_refused),
        Step("withdraw", "withdrawal",
             "Take back what one has proposed.",
             {S.PROPOSED: S.WITHDRAWN}, PROPOSER, past="withdrawn"),
        Step("end", "ending",
             "End an appointment at once, with a reason: from now on it gives no right.",
             {S.APPROVED: S.ENDED}, GRANTOR, "with a reason", says=Reason,
             writes={"reason": "ending_reason"}, signs="ended", past="ended",
             tells=news.tell_ended),
        Step("fall_away", "", "End with what it is held over, or with who holds it.",
             {S.APPROVED: S.ENDED, S.PROPOSED: S.WITHDRAWN}, CLOCK,
             "the organisation, the unit or the roster entry has ended", says=Reason,
             then=_say_why, past="fell_away",
             tells=_tell_if_ended),
        Step("renew", "", "Have it approved anew: its account was handed over to somebody.",
             {S.APPROVED: S.PROPOSED}, GRANTOR, "a security administrator has reset the account",
             first=_forget_decision, signs="proposed", past="proposed_anew",
             tells=news.tell_deciders),
    ],
)  # fmt: skip
