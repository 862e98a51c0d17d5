"""请假: ask, and let lapse. What else may happen stands in `flow`. Callers own the transaction; the
meeting is locked first."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.branch_life.meetings import access, attendance, participants
from backend.branch_life.meetings.leave import lists, news, queries
from backend.branch_life.meetings.leave.flow import FLOW
from backend.branch_life.meetings.leave.models import LeaveRequest, LeaveStatus
from backend.branch_life.meetings.models import AbsenceReason, Meeting
from backend.branch_life.meetings.states import MEETING
from backend.core import clock
from backend.core.actor import Actor, Role
from backend.core.asker import asked_by
from backend.core.errors import Conflict, Forbidden, Invalid
from backend.people.members import queries as members
from backend.people.members.models import Member

approve = FLOW.step("approve", "request_id")
refuse = FLOW.step("refuse", "request_id")
withdraw = FLOW.step("withdraw", "request_id")


def ask(
    session: Session, *, actor: Actor, meeting_id: int, reason: AbsenceReason
) -> tuple[LeaveRequest, bool]:
    """Ask to be excused; asking again while a request is live is no change. Return the request and
    whether it is new.

    Raises Conflict once the meeting is over, when one is present already, or where nobody but
    oneself could decide.
    """
    meeting, member_id = access.locked(session, actor, meeting_id), actor.as_member()
    _check_ask(session, meeting, member_id, reason)
    own = lists.of_meeting(actor, meeting_id, own=True)
    live = own.where(LeaveRequest.status.in_(queries.LIVE))
    existing = session.scalars(live, asked_by(actor)).first()
    if existing is not None:
        return existing, False
    deciders = _deciders(session, meeting, member_id)
    request = LeaveRequest(
        meeting=meeting,
        member=session.get_one(Member, member_id),
        reason=reason,
        status=LeaveStatus.SUBMITTED,
    )
    FLOW.begin(session, actor, request, "requested", reason=reason)
    news.tell_deciders(session, request, deciders)
    return request, True


def _check_ask(session: Session, meeting: Meeting, member_id: int, reason: AbsenceReason) -> None:
    MEETING.after(meeting.status, "ask_for_leave")
    if reason is AbsenceReason.UNEXPLAINED:
        raise Invalid("reason_code", "请选择请假原因。")
    due = participants.due(meeting).where(Member.id == member_id)
    if session.scalar(due.with_only_columns(Member.id)) is None:
        raise Forbidden("not_a_participant", "您不是本次会议的应到人员，不需要请假。")
    if meeting.ends_at <= clock.now():
        raise Conflict("meeting_over", "会议已经结束，不能再请假；如有情况请告诉党支部书记。")
    if attendance.is_present(session, meeting.id, member_id):
        raise Conflict("already_present", "您已登记到会，不需要请假。")


def _deciders(session: Session, meeting: Meeting, member_id: int) -> list[int]:
    """Return who may decide: the secretaries, for a secretary's own request the deputies."""
    branch = meeting.organization_id
    secretaries = members.holders(Role.BRANCH_SECRETARY, organization_id=branch)
    found = [id_ for id_ in session.scalars(secretaries) if id_ != member_id]
    if not found:
        deputies = session.scalars(members.deputies_of(branch))
        found = [id_ for id_ in deputies if id_ != member_id]
    if not found:
        raise Conflict("nobody_decides", "没有可以审批您请假的人，请由记录人在名单中登记请假。")
    return found


def refuse_undecided(session: Session, meeting: Meeting) -> None:
    """Raise Conflict while somebody waits for an answer: closing must not decide in silence."""
    waiting = queries.undecided(meeting.id).subquery()
    count = session.scalar(sa.select(sa.func.count()).select_from(waiting))
    if count:
        raise Conflict("leave_undecided", f"还有{count}份请假没有答复，请先审批，再结束会议。")


def lapse(session: Session, meeting: Meeting) -> None:
    """Let the undecided requests of a cancelled meeting lapse: nobody is expected any more."""
    for request in session.scalars(queries.undecided(meeting.id)).all():
        FLOW.turn(session, request, "lapse")


def lapse_with_the_time(session: Session, meeting: Meeting) -> bool:
    """Let what was asked for another time lapse, decided or not: who can come then is new. Return
    whether there was any."""
    live = sa.select(LeaveRequest).where(
        LeaveRequest.meeting_id == meeting.id, LeaveRequest.status.in_(queries.LIVE)
    )
    found = session.scalars(live).all()
    for request in found:
        FLOW.turn(session, request, "lapse")
    return bool(found)
