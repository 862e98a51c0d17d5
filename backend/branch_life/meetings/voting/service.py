"""表决、选举: record totals, let the arithmetic judge. Voiding stands in `flow`.

Callers own the transaction; the meeting is locked first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.branch_life.meetings import access, participants
from backend.branch_life.meetings.models import AttendanceRecord, AttendanceStatus, Meeting
from backend.branch_life.meetings.states import MEETING
from backend.branch_life.meetings.voting import arithmetic, forms, queries
from backend.branch_life.meetings.voting.arithmetic import Count, Voters
from backend.branch_life.meetings.voting.flow import FLOW
from backend.branch_life.meetings.voting.models import (
    DecisionKind,
    ElectionCandidate,
    Resolution,
    ResolutionStatus,
)
from backend.core import clock
from backend.core.actor import Actor
from backend.core.errors import Conflict, Invalid
from backend.people.members.models import Member

void = FLOW.step("void", "resolution_id")


@dataclass(frozen=True)
class Vote:
    """What the recorder enters; `scrutineers` are members, none of them a candidate."""

    title: str
    count: Count
    scrutineers: Sequence[int] = field(default=())


def record(session: Session, *, actor: Actor, meeting_id: int, vote: Vote) -> Resolution:
    """Record a vote by its totals; how many were due and present is read from the list.

    Raises Invalid for totals that cannot be, Conflict for a meeting that may not vote.
    """
    meeting = access.recordable(session, actor, meeting_id)
    MEETING.after(meeting.status, "vote")
    if meeting.starts_at > clock.now():
        raise Conflict("meeting_not_begun", "会议尚未开始，不能登记表决。")
    count = vote.count
    forms.check_kind(meeting, count.kind)
    allowed = session.scalars(queries.online_voting()).first()
    forms.check_online(meeting, count.kind, allowed=bool(allowed and allowed.allowed))
    due = session.scalars(participants.people(meeting)).all()
    voters = voters_of(session, meeting, due, count.kind)
    forms.check_totals(count, voters)
    _check_scrutineers(vote, due)
    resolution = _written(actor, meeting, vote, voters)
    kind, outcome = str(count.kind), str(resolution.outcome)
    taken = FLOW.begin(session, actor, resolution, "recorded", kind=kind, outcome=outcome)
    taken.check("title", vote.title)
    taken.check("candidates", *(one.name for one in count.candidates))
    return resolution


def voters_of(
    session: Session, meeting: Meeting, due: Sequence[Member], kind: DecisionKind
) -> Voters:
    """Count who may vote and who of them is there, as the list stands."""
    left_out: Sequence[int] = ()
    if kind is DecisionKind.ELECTION:
        left_out = [one.member_id for one in session.scalars(queries.exclusions(meeting.id))]
    ids = {one.id for one in participants.voters(due, left_out)}
    there = sa.select(AttendanceRecord.member_id).where(
        AttendanceRecord.meeting_id == meeting.id,
        AttendanceRecord.status == AttendanceStatus.PRESENT,
    )
    return Voters(len(ids), len(ids.intersection(session.scalars(there))))


def _check_scrutineers(vote: Vote, due: Sequence[Member]) -> None:
    people = {one.id: one.name for one in due}
    names = {one.name for one in vote.count.candidates}
    for member_id in vote.scrutineers:
        if member_id not in people:
            raise Invalid("scrutineer_ids", "监票人应从本次会议的应到党员中推选。")
        if people[member_id] in names:
            raise Invalid("scrutineer_ids", "候选人不能担任监票人。")


def _written(actor: Actor, meeting: Meeting, vote: Vote, voters: Voters) -> Resolution:
    count = vote.count
    elected = arithmetic.elected(count, voters)
    papers = vars(count.papers) if count.papers else {}
    written = {f"written_{name}": number for name, number in vars(count.written).items()}
    return Resolution(
        meeting=meeting,
        kind=count.kind,
        title=vote.title,
        **vars(voters),
        **vars(count.votes),
        **written,
        **papers,
        seats=count.seats,
        scrutineers=list(vote.scrutineers),
        outcome=arithmetic.outcome_of(count, voters),
        status=ResolutionStatus.RECORDED,
        recorded_by=actor.account_id,
        candidates=[
            ElectionCandidate(
                name=one.name,
                written_in=one.written_in,
                **vars(one.votes),
                elected=one.name in elected,
            )
            for one in count.candidates
        ],
    )


def refuse_outdated(session: Session, meeting: Meeting, due: Sequence[Member]) -> None:
    """Raise Conflict where the list no longer bears out a vote that stands.

    People may come after a vote, so that more can be present now than were counted then; fewer, or
    others due, means that list or vote is wrong.
    """
    votes = session.scalars(queries.standing(meeting.id)).all()
    for kind in {vote.kind for vote in votes}:
        now = voters_of(session, meeting, due, kind)
        for vote in votes:
            if vote.kind is kind and (vote.due != now.due or vote.present > now.present):
                raise Conflict(
                    "vote_outdated",
                    f"“{vote.title}”登记表决后，到会名单有改动，请撤销后重新登记表决。",
                )
