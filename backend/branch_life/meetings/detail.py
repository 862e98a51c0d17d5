"""One meeting as the actor may see it."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.branch_life.meetings import access, participants, policy, queries
from backend.branch_life.meetings.leave import lists as leave
from backend.branch_life.meetings.leave.models import LeaveRequest
from backend.branch_life.meetings.models import (
    AttendanceRecord,
    AttendanceStatus,
    Meeting,
    MeetingMode,
    MeetingStatus,
)
from backend.branch_life.meetings.voting import arithmetic, forms
from backend.branch_life.meetings.voting import queries as votes
from backend.branch_life.meetings.voting.arithmetic import Voters
from backend.branch_life.meetings.voting.flow import FLOW as RESOLUTION
from backend.branch_life.meetings.voting.models import DecisionKind, Resolution, VoterExclusion
from backend.core.actor import Actor
from backend.core.asker import asked_by, asker_of
from backend.core.own import is_own
from backend.people.members.models import Member
from backend.support.attachments import queries as attached


@dataclass(frozen=True)
class Outlook:
    """Whether a vote of that kind can be held with those present, and carry anything; both
    denominators with it, so that the chair sees why."""

    kind: DecisionKind
    due: int
    present: int
    least_present: int
    least_yes: int
    quorate: bool
    can_carry: bool


@dataclass(frozen=True)
class MeetingDetail:
    """Names on the list, leave and exclusions are for who keeps the record; others see their own.

    `outlook` is for the recorder while a vote can still be taken.
    """

    meeting: Meeting
    attendance: Sequence[AttendanceRecord]
    due: Sequence[Member]
    leave_requests: Sequence[LeaveRequest]
    resolutions: Sequence[Resolution]
    exclusions: Sequence[VoterExclusion]
    outlook: Sequence[Outlook]
    may_record: bool
    is_due: bool

    def __getattr__(self, name: str) -> object:
        return getattr(self.meeting, name)


def of(session: Session, *, actor: Actor, meeting_id: int) -> MeetingDetail:
    """Return a meeting that exists for the actor; raises NotFound."""
    meeting = access.find(session, actor, meeting_id)
    attached.fill(session, actor, [meeting])
    records = policy.RECORDER.stands(meeting)
    due = session.scalars(participants.people(meeting)).all()
    resolutions = session.scalars(_votes(actor, meeting_id), asked_by(actor)).all()
    lines = queries.attendance(meeting_id)
    if not records:
        lines = lines.where(is_own(AttendanceRecord.member_id, actor.member_id))
    marks = session.scalars(lines).all()
    exclusions = _exclusions(session, meeting) if records else []
    return MeetingDetail(
        meeting=meeting,
        attendance=marks,
        due=due if records else (),
        leave_requests=_leave(session, actor, meeting, all_=records),
        resolutions=resolutions,
        exclusions=exclusions if policy.SECRETARY.stands(meeting) else (),
        outlook=_outlooks(meeting, due, marks, exclusions) if records else (),
        may_record=records,
        is_due=any(is_own(one.id, actor.member_id) for one in due),
    )


def _votes(actor: Actor, meeting_id: int) -> sa.Select[Resolution]:
    votes = RESOLUTION.selected(asker_of(actor)).where(Resolution.meeting_id == meeting_id)
    return votes.order_by(Resolution.id)


def _leave(
    session: Session, actor: Actor, meeting: Meeting, *, all_: bool
) -> Sequence[LeaveRequest]:
    requests = leave.of_meeting(actor, meeting.id, own=not all_)
    return session.scalars(requests, asked_by(actor)).all()


def _exclusions(session: Session, meeting: Meeting) -> Sequence[VoterExclusion]:
    if DecisionKind.ELECTION not in forms.DECISIONS.get(meeting.kind, ()):
        return ()
    return session.scalars(votes.exclusions(meeting.id)).all()


def _outlooks(
    meeting: Meeting,
    due: Sequence[Member],
    marks: Sequence[AttendanceRecord],
    exclusions: Sequence[VoterExclusion],
) -> list[Outlook]:
    if meeting.status is not MeetingStatus.CONVENED:
        return []
    there = {one.member_id for one in marks if one.status is AttendanceStatus.PRESENT}
    return [
        _outlook(kind, due, there, {one.member_id for one in exclusions})
        for kind in forms.DECISIONS.get(meeting.kind, ())
        if not (kind is DecisionKind.ELECTION and meeting.mode is MeetingMode.ONLINE)
    ]


def _outlook(
    kind: DecisionKind, due: Sequence[Member], there: set[int], left_out: set[int]
) -> Outlook:
    excluded = left_out if kind is DecisionKind.ELECTION else set()
    voting = participants.voters(due, excluded)
    voters = Voters(len(voting), sum(one.id in there for one in voting))
    return Outlook(
        kind,
        voters.due,
        voters.present,
        arithmetic.least_present(kind, voters.due),
        arithmetic.least_yes(kind, voters),
        arithmetic.is_quorate(kind, voters),
        arithmetic.can_carry(kind, voters),
    )
