"""反馈: write, reply, hand over. Callers own the transaction.

Every step locks the member first and the note second.
"""

from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.community.conduct_feedback import facts, kinds, news, policy, queries, reminders
from backend.community.conduct_feedback.facts import Facts
from backend.community.conduct_feedback.models import ConductFeedback, FeedbackStatus
from backend.community.conduct_feedback.states import FEEDBACK
from backend.community.registrations.flow import FLOW as REGISTRATION
from backend.community.registrations.models import CommunityRegistration
from backend.core import clock, queue
from backend.core.actor import Actor
from backend.core.errors import Conflict, Forbidden, Invalid, NotFound
from backend.core.own import is_own
from backend.people.members.models import Member
from backend.support.text_checks import service as text_checks

HAND_OVER_TASK = "conduct_feedback:hand_over"
# How long the member is waited for (spec 3.4).
REPLY_WORKING_DAYS = 5


def preview(session: Session, *, actor: Actor, registration_id: int, year: int) -> Facts:
    """Return the facts a note would state now. Raises as `write` does."""
    registration = _writable(session, actor, registration_id, year)
    return facts.of(
        session,
        member_id=registration.member_id,
        community_id=registration.community_id or 0,
        year=year,
    )


def write(
    session: Session, *, actor: Actor, registration_id: int, year: int, comment: str
) -> ConductFeedback:
    """Write the note of a year about a registered member, who reads it first.

    Raises NotFound, Forbidden, Invalid, and Conflict for a second one.
    """
    registration = _writable(session, actor, registration_id, year)
    session.get_one(Member, registration.member_id, with_for_update=True)
    if _of_year(session, registration_id, year) is not None:
        raise Conflict("feedback_already_written", "这一年度的反馈已经写过，不能重复填写。")
    stated = preview(session, actor=actor, registration_id=registration_id, year=year)
    note = ConductFeedback(
        registration_id=registration_id,
        member_id=registration.member_id,
        community_id=registration.community_id,
        member=registration.member,
        community=registration.community,
        comment=comment,
        status=FeedbackStatus.AWAITING_REPLY,
        written_by=actor.account_id,
        written_at=clock.now(),
        reply_due_on=clock.add_working_days(clock.today(), REPLY_WORKING_DAYS),
        **vars(stated),
    )
    session.add(note)
    audit.record(session, actor, "feedback.written", note)
    _check(session, actor, note, "comment", comment)
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


def reply(session: Session, *, actor: Actor, note_id: int, reply: str) -> ConductFeedback:
    """Answer one's own note, or say by an empty text that there is nothing to add.

    What is answered goes to the home branch at once.
    """
    note = _visible(session, actor, note_id)
    if not is_own(note.member_id, actor.member_id):
        raise Forbidden("not_yours", "只有本人可以补充说明。")
    if note.status is not FeedbackStatus.AWAITING_REPLY and note.reply == reply:
        return note
    note.status = FEEDBACK.after(note.status, "reply")
    note.reply, note.replied_at = reply, clock.now()
    reminders.drop(session, note)
    audit.record(session, actor, "feedback.answered", note)
    _check(session, actor, note, "reply", reply)
    queue.defer(session, HAND_OVER_TASK, timestamp=int(clock.now().timestamp()))
    return note


def _visible(session: Session, actor: Actor, note_id: int) -> ConductFeedback:
    """Return the note, locked after its member, if it exists for the actor."""
    found = queries.shown().where(ConductFeedback.id == note_id, policy.visible(actor))
    note = session.scalars(found).first()
    if note is None:
        raise NotFound("feedback_not_found", "没有找到这份反馈。")
    session.get_one(Member, note.member_id, with_for_update=True)
    session.refresh(note, with_for_update=True, attribute_names=["status", "reply", "replied_at"])
    return note


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
        branch_id = note.member.branch_id  # read before anything is written
        note.status = FEEDBACK.after(note.status, "hand_over")
        note.branch_id, note.handed_over_at = branch_id, clock.now()
        audit.record(session, None, "feedback.handed_over", note)
        news.tell_branch(session, note)
    return len(notes)


def _check(session: Session, actor: Actor, note: ConductFeedback, part: str, text: str) -> None:
    text_checks.submit(
        session,
        actor,
        kind=kinds.TEXTS,
        subject=note.as_subject,
        part=part,
        area_id=note.community_id,
        texts=[text],
    )
