"""请假: ask, decide, take back. Callers own the transaction; the meeting is locked first."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.branch_life.meetings import access, attendance, kinds, participants, policy
from backend.branch_life.meetings.attendance import Mark
from backend.branch_life.meetings.leave import news, queries
from backend.branch_life.meetings.leave.models import LeaveRequest, LeaveStatus
from backend.branch_life.meetings.models import (
    AbsenceReason,
    AttendanceRecord,
    AttendanceStatus,
    Meeting,
)
from backend.branch_life.meetings.states import LEAVE_REQUEST, MEETING
from backend.core import clock
from backend.core.actor import Actor, Role
from backend.core.errors import Conflict, Forbidden, Invalid, NotFound
from backend.core.own import is_own
from backend.people.members import queries as members
from backend.people.members.models import Member
from backend.support.text_checks import service as text_checks


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
    live = queries.of_meeting(meeting_id, member_id).where(LeaveRequest.status.in_(queries.LIVE))
    existing = session.scalars(live).first()
    if existing is not None:
        return existing, False
    deciders = _deciders(session, meeting, member_id)
    request = LeaveRequest(
        meeting=meeting,
        member=session.get_one(Member, member_id),
        reason=reason,
        status=LeaveStatus.SUBMITTED,
    )
    session.add(request)
    audit.record(session, actor, "leave.requested", request, reason=reason)
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
    if _is_present(session, meeting.id, member_id):
        raise Conflict("already_present", "您已登记到会，不需要请假。")


def _is_present(session: Session, meeting_id: int, member_id: int) -> bool:
    mark = sa.select(AttendanceRecord.status).where(
        AttendanceRecord.meeting_id == meeting_id, AttendanceRecord.member_id == member_id
    )
    return session.scalar(mark) is AttendanceStatus.PRESENT


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


def approve(session: Session, *, actor: Actor, request_id: int) -> LeaveRequest:
    """Excuse the member, with the reason, on the list; approving again is no change."""
    meeting, request = _decidable(session, actor, request_id)
    if request.status is LeaveStatus.APPROVED and request.decided_by == actor.account_id:
        return request
    _decide(session, actor, meeting, request, "approve")
    if not _is_present(session, meeting.id, request.member_id):
        mark = Mark(AttendanceStatus.EXCUSED, request.reason)
        attendance.write(session, meeting.id, {request.member_id: mark})
    news.tell_member(session, request)
    return request


def refuse(session: Session, *, actor: Actor, request_id: int, reason: str) -> LeaveRequest:
    """Say why somebody is expected all the same; refusing again is no change."""
    meeting, request = _decidable(session, actor, request_id)
    if request.status is LeaveStatus.REFUSED and request.decided_by == actor.account_id:
        return request
    request.refuse_reason = reason
    _decide(session, actor, meeting, request, "refuse")
    text_checks.submit(
        session,
        actor,
        kind=kinds.LEAVE_TEXTS,
        subject=request.as_subject,
        part="refuse_reason",
        area_id=access.area_of(session, meeting),
        texts=[reason],
    )
    news.tell_member(session, request)
    return request


def withdraw(session: Session, *, actor: Actor, request_id: int) -> LeaveRequest:
    """Come after all: an excuse that stood on the list is taken off it.

    Raises Conflict once the meeting is over: nobody can come to it any more.
    """
    meeting, request = _locked(session, actor, request_id)
    if not is_own(request.member_id, actor.member_id):
        raise Forbidden("not_yours", "只有本人可以撤回请假。")
    if request.status is LeaveStatus.WITHDRAWN:
        return request
    MEETING.after(meeting.status, "ask_for_leave")
    excused = request.status is LeaveStatus.APPROVED
    status = LEAVE_REQUEST.after(request.status, "withdraw")
    if meeting.ends_at <= clock.now():
        raise Conflict("meeting_over", "会议已经结束，不能再撤回请假；如已到会，请告诉记录人登记。")
    request.status = status
    if excused:
        session.execute(
            sa.delete(AttendanceRecord).where(
                AttendanceRecord.meeting_id == meeting.id,
                AttendanceRecord.member_id == request.member_id,
                AttendanceRecord.status == AttendanceStatus.EXCUSED,
            )
        )
    audit.record(session, actor, "leave.withdrawn", request)
    return request


def _decide(
    session: Session, actor: Actor, meeting: Meeting, request: LeaveRequest, event: str
) -> None:
    MEETING.after(meeting.status, "ask_for_leave")
    request.status = LEAVE_REQUEST.after(request.status, event)
    request.decided_by, request.decided_at = actor.account_id, clock.now()
    session.flush()
    audit.record(session, actor, f"leave.{request.status}", request)


def _decidable(session: Session, actor: Actor, request_id: int) -> tuple[Meeting, LeaveRequest]:
    meeting, request = _locked(session, actor, request_id)
    if not policy.may_decide_leave(actor, meeting, request.member_id):
        raise Forbidden("not_your_decision", "请假由党支部书记审批；书记本人的请假由副书记审批。")
    return meeting, request


def _locked(session: Session, actor: Actor, request_id: int) -> tuple[Meeting, LeaveRequest]:
    """Return the meeting, locked first, and the request as it stands under that lock."""
    found = queries.shown().where(LeaveRequest.id == request_id, queries.visible(actor))
    request = session.scalars(found).first()
    if request is None:
        raise NotFound("leave_request_not_found", "没有找到这份请假。")
    meeting = session.get_one(Meeting, request.meeting_id, with_for_update=True)
    session.refresh(request, attribute_names=["status", "decided_by", "refuse_reason"])
    return meeting, request


def refuse_undecided(session: Session, meeting: Meeting) -> None:
    """Raise Conflict while somebody waits for an answer: closing must not decide in silence."""
    waiting = _undecided(meeting)
    count = session.scalar(sa.select(sa.func.count()).select_from(waiting.subquery()))
    if count:
        raise Conflict("leave_undecided", f"还有{count}份请假没有答复，请先审批，再结束会议。")


def lapse(session: Session, meeting: Meeting) -> None:
    """Let the undecided requests of a cancelled meeting lapse: nobody is expected any more."""
    for request in session.scalars(_undecided(meeting)):
        request.status = LEAVE_REQUEST.after(request.status, "lapse")


def lapse_with_the_time(session: Session, meeting: Meeting) -> bool:
    """Let what was asked for another time lapse, decided or not: who can come then is new. Return
    whether there was any."""
    live = sa.select(LeaveRequest).where(
        LeaveRequest.meeting_id == meeting.id, LeaveRequest.status.in_(queries.LIVE)
    )
    found = session.scalars(live).all()
    for request in found:
        request.status = LEAVE_REQUEST.after(request.status, "lapse")
    return bool(found)


def _undecided(meeting: Meeting) -> sa.Select[LeaveRequest]:
    return sa.select(LeaveRequest).where(
        LeaveRequest.meeting_id == meeting.id, LeaveRequest.status == LeaveStatus.SUBMITTED
    )
