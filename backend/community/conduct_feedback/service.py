"""反馈: write, hand over what is due. What else may happen stands in `flow`. Callers own the
transaction."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from backend.community.conduct_feedback import facts, news, policy, queries, reminders
from backend.community.conduct_feedback.facts import Facts
from backend.community.conduct_feedback.flow import FLOW
from backend.community.conduct_feedback.models import ConductFeedback, FeedbackStatus
from backend.community.registrations.flow import FLOW as REGISTRATION
from backend.community.registrations.models import CommunityRegistration
from backend.core import clock
from backend.core.actor import Actor
from backend.core.errors import Conflict, Forbidden, Invalid
from backend.people.members.models import Member

# How long the member is waited for (spec 3.4).
REPLY_WORKING_DAYS = 5

reply = FLOW.step("reply", "note_id")


def preview(
    session: Session, *, actor: Actor, registration_id: int, year: int
) -> tuple[Member, Facts]:
    """Return of whom a note would be, and the facts it would state now. Raises as `write` does."""
    registration = _writable(session, actor, registration_id, year)
    return registration.member, _stated(session, registration, year)


def _stated(session: Session, registration: CommunityRegistration, year: int) -> Facts:
    return facts.of(
        session,
        member_id=registration.member_id,
        community_id=registration.community_id or 0,
        year=year,
    )


@dataclass(frozen=True)
class Note:
    """A short comment beside the facts of a year."""

    year: int
    comment: str


def write(session: Session, *, actor: Actor, registration_id: int, said: Note) -> ConductFeedback:
    """Write the note of a year about a registered member, who reads it first.

    Raises NotFound, Forbidden, Invalid, and Conflict for a second one.
    """
    registration = _writable(session, actor, registration_id, said.year)
    session.get_one(Member, registration.member_id, with_for_update=True)
    if _of_year(session, registration_id, said.year) is not None:
        raise Conflict("feedback_already_written", "这一年度的反馈已经写过，不能重复填写。")
    note = ConductFeedback(
        registration_id=registration_id,
        member_id=registration.member_id,
        community_id=registration.community_id,
        member=registration.member,
        community=registration.community,
        comment=said.comment,
        status=FeedbackStatus.AWAITING_REPLY,
        written_by=actor.account_id,
        written_at=clock.now(),
        reply_due_on=clock.add_working_days(clock.today(), REPLY_WORKING_DAYS),
        **vars(_stated(session, registration, said.year)),
    )
    FLOW.begin(session, actor, note, "written").check("comment", said.comment)
    news.tell_member(session, note)
    reminders.plan(session, note)
    return note


def _writable(
    session: Session, actor: Actor, registration_id: int, year: int
) -> CommunityRegistration:
    registration = REGISTRATION.show(session, actor, registration_id)
    if not policy.may_write(actor, registration):
        raise Forbidden("not_your_feedback", "只有接收社区的书记可以填写反馈，且不能填写本人的。")
    _refuse_year(registration, year)
    return registration


def _refuse_year(registration: CommunityRegistration, year: int) -> None:
    """A note is about this year, in January still about the last one, and about time spent here."""
    today, accepted, ended = clock.today(), registration.accepted_on, registration.ended_on
    if year != today.year and not (today.month == 1 and year == today.year - 1):
        raise Invalid("year", "只能填写本年度的反馈；每年1月可补写上一年度的。")
    if accepted is None:
        raise Conflict("feedback_too_early", "社区接收报到后才能填写反馈。")
    if accepted.year > year or (ended is not None and ended.year < year):
        raise Invalid("year", "该党员这一年度没有在本社区报到。")


def _of_year(session: Session, registration_id: int, year: int) -> ConductFeedback | None:
    found = queries.shown().where(
        ConductFeedback.registration_id == registration_id, ConductFeedback.year == year
    )
    return session.scalars(found).first()


def ask_for_the_year(session: Session) -> int:
    """Ask each community where members are registered for the year's notes; return how many."""
    areas = session.scalars(queries.communities_with_members()).all()
    for area_id in areas:
        news.ask_secretaries(session, area_id, clock.today().year)
    return len(areas)


def hand_over_due(session: Session) -> int:
    """Give the home branches what was answered or waited for in vain; return how many."""
    due = queries.to_be_handed_over(clock.today()).with_for_update(skip_locked=True)
    notes = session.scalars(due).all()
    for note in notes:
        FLOW.turn(session, note, "hand_over")
    return len(notes)
