"""Who is left out of those due in an election: decisions that are recorded, never a checkbox."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.branch_life.meetings import access, kinds, participants
from backend.branch_life.meetings.models import Meeting
from backend.branch_life.meetings.states import MEETING
from backend.branch_life.meetings.voting import queries
from backend.branch_life.meetings.voting.models import (
    DecisionKind,
    ExclusionGround,
    Resolution,
    ResolutionStatus,
    VoterExclusion,
)
from backend.core import clock
from backend.core.actor import Actor
from backend.core.errors import Conflict, Forbidden, Invalid, NotFound
from backend.core.own import is_own
from backend.people.members.models import Member
from backend.support.text_checks import service as text_checks


@dataclass(frozen=True)
class Decision:
    """`agreement` names the paper in which the next-higher Party organisation agreed; `adopted`
    says that the members' assembly adopted it."""

    member_id: int
    ground: ExclusionGround
    agreement: str
    agreed_on: date
    adopted: bool


def exclude(
    session: Session, *, actor: Actor, meeting_id: int, decision: Decision
) -> tuple[VoterExclusion, bool]:
    """Leave a member out of the elections of one meeting; the same again is no change. Return the
    decision and whether it is new.

    Raises Invalid unless the superior agreed and the meeting adopted it, Forbidden about oneself,
    Conflict once this meeting has elected.
    """
    meeting = access.led(session, actor, meeting_id)
    MEETING.after(meeting.status, "exclude_voter")
    _refuse_oneself(actor, decision.member_id)
    member = _voter(session, meeting, decision.member_id)
    _check(decision)
    standing = queries.exclusions(meeting_id).where(VoterExclusion.member_id == member.id)
    existing = session.scalars(standing).first()
    if existing is not None:
        return existing, False
    _refuse_after_election(session, meeting_id)
    row = VoterExclusion(
        meeting_id=meeting_id,
        member=member,
        ground=decision.ground,
        agreement=decision.agreement,
        agreed_on=decision.agreed_on,
        recorded_by=actor.account_id,
    )
    session.add(row)
    audit.record(session, actor, "voter.excluded", row)
    text_checks.submit(
        session,
        actor,
        kind=kinds.EXCLUSION_TEXTS,
        subject=row.as_subject,
        part="agreement",
        area_id=access.area_of(session, meeting),
        texts=[decision.agreement],
    )
    return row, True


def withdraw(session: Session, *, actor: Actor, meeting_id: int, exclusion_id: int) -> None:
    """Count the member among those due again; the row stays."""
    meeting = access.led(session, actor, meeting_id)
    MEETING.after(meeting.status, "exclude_voter")
    found = queries.exclusions(meeting_id).where(VoterExclusion.id == exclusion_id)
    row = session.scalars(found).first()
    if row is None:
        raise NotFound("exclusion_not_found", "没有找到这项决定。")
    _refuse_oneself(actor, row.member_id)
    _refuse_after_election(session, meeting_id)
    row.withdrawn_at = clock.now()
    audit.record(session, actor, "voter.included", row)


def _refuse_oneself(actor: Actor, member_id: int) -> None:
    if is_own(member_id, actor.member_id):
        raise Forbidden(
            "not_about_oneself", "不能登记或撤销对本人的决定，请由本支部其他书记或上级党组织办理。"
        )


def _voter(session: Session, meeting: Meeting, member_id: int) -> Member:
    member = session.scalars(participants.people(meeting).where(Member.id == member_id)).first()
    if member is None or not participants.may_vote(member):
        raise Invalid("member_id", "该同志不在有选举权的应到党员之列，不需要办理。")
    return member


def _check(decision: Decision) -> None:
    if not decision.adopted:
        raise Invalid("adopted", "须经上级党组织同意并由党员大会通过后，才能不计入应到人数。")
    if decision.agreed_on > clock.today():
        raise Invalid("agreed_on", "上级同意的日期不能晚于今天。")


def _refuse_after_election(session: Session, meeting_id: int) -> None:
    elections = sa.exists().where(
        Resolution.meeting_id == meeting_id,
        Resolution.kind == DecisionKind.ELECTION,
        Resolution.status == ResolutionStatus.RECORDED,
    )
    if session.scalar(sa.select(elections)):
        raise Conflict("election_recorded", "本次会议已登记选举结果，请先撤销再调整应到人数。")
