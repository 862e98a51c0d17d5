"""Organisational life: convene, call off, close, show. Callers own the transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.branch_life.meetings import (
    access,
    evidence,
    kinds,
    news,
    participants,
    policy,
    queries,
    reminders,
    seal,
)
from backend.branch_life.meetings.exemptions import queries as exemptions
from backend.branch_life.meetings.leave import service as leave
from backend.branch_life.meetings.models import (
    AbsenceReason,
    AttendanceRecord,
    AttendanceStatus,
    Gathering,
    Meeting,
    MeetingKind,
    MeetingMode,
    MeetingStatus,
)
from backend.branch_life.meetings.states import MEETING
from backend.branch_life.meetings.voting import service as voting
from backend.core import clock, references
from backend.core.actor import Actor
from backend.core.errors import Conflict, Invalid, NotFound
from backend.ledger import service as ledger
from backend.ledger.rulepack import RulePack
from backend.people.members import queries as members
from backend.people.members.models import Member
from backend.support.attachments import carried as attachments

LONGEST = timedelta(hours=24)


@dataclass(frozen=True)
class OnlinePlace:
    platform: str
    url: str


@dataclass(frozen=True)
class Plan:
    """What is convened: by which branch, when, how, for whom, who leads it and writes it down, and
    what is to be read for it."""

    organization_id: int
    kind: MeetingKind
    title: str
    mode: MeetingMode
    starts_at: datetime
    ends_at: datetime
    place: str | None = None
    agenda: Sequence[str] = ()
    online: OnlinePlace | None = None
    gathering: Gathering | None = None
    group_id: int | None = None
    chair_id: int | None = None
    recorder_id: int | None = None
    attachment_ids: Sequence[int] = ()


@dataclass(frozen=True)
class Preview:
    """How many are due, and how many of the meetings lie ahead; of others nobody would be told."""

    due: int
    to_come: int

    @property
    def recorded(self) -> bool:
        return not self.to_come


def convene(session: Session, *, actor: Actor, plan: Plan) -> Meeting:
    """Convene a meeting of the secretary's own branch and tell those who are due.

    One that has begun is recorded: nobody is called to what was held.

    Raises NotFound, Invalid, and Conflict where nobody would be due to attend.
    """
    meeting = write(session, actor=actor, plan=plan)
    _attach(session, actor, meeting, plan.attachment_ids)
    if meeting.starts_at > clock.now():
        news.tell_due(session, meeting)
        reminders.plan(session, meeting)
    return meeting


def write(session: Session, *, actor: Actor, plan: Plan) -> Meeting:
    """Write a meeting as it is planned, telling nobody. Raises as convening does."""
    meeting = _planned(session, actor, plan)
    session.add(meeting)
    audit.record(session, actor, "meeting.convened", meeting, kind=plan.kind)
    check_text(session, actor, meeting)
    return meeting


def preview(session: Session, *, actor: Actor, plan: Plan) -> Preview:
    """Say whom convening this would call, without writing anything. Raises as convening does."""
    meeting = _planned(session, actor, plan)
    due = session.scalars(participants.due_ids(meeting)).all()
    return Preview(len(due), to_come=int(meeting.starts_at > clock.now()))


def _planned(session: Session, actor: Actor, plan: Plan) -> Meeting:
    """Return the meeting that the plan describes, not written yet; somebody is due."""
    if not policy.may_convene(actor, plan.organization_id):
        raise NotFound("organization_not_found", "没有找到该党支部。")
    check_plan(plan)
    gathering = participants.gathering_of(plan.kind, plan.gathering)
    group_id = participants.group_of(session, plan.organization_id, gathering, plan.group_id)
    for field in ("chair_id", "recorder_id"):
        _check_member(session, plan.organization_id, field, getattr(plan, field))
    agenda, online = list(plan.agenda), plan.online
    values = {**vars(plan), "agenda": agenda, "gathering": gathering, "group_id": group_id}
    del values["online"], values["attachment_ids"]
    meeting = Meeting(
        **values,
        online_platform=online.platform if online else None,
        online_url=online.url if online else None,
        status=MeetingStatus.CONVENED,
        convened_by=actor.account_id,
    )
    participants.refuse_nobody(session, meeting)
    return meeting


def check_text(session: Session, actor: Actor, meeting: Meeting) -> None:
    """Have what is written about the meeting before it is held checked."""
    texts = [meeting.title, *([meeting.place] if meeting.place else []), *meeting.agenda]
    access.check_text(session, actor, meeting, "plan", *texts)


def check_plan(plan: Plan) -> None:
    """Raise Invalid, naming the field, for a plan that cannot be."""
    if plan.ends_at <= plan.starts_at:
        raise Invalid("ends_at", "结束时间必须晚于开始时间。")
    if plan.ends_at - plan.starts_at > LONGEST:
        raise Invalid("ends_at", "一次会议不能超过24小时。")
    if (plan.mode is MeetingMode.ONLINE) != (plan.online is not None):
        raise Invalid("online", "线上会议须填写平台和链接；现场会议不填。")
    if plan.mode is MeetingMode.IN_PERSON and not plan.place:
        raise Invalid("place", "现场会议须填写地点，请写明到哪里参加。")


def _check_member(session: Session, branch_id: int, field: str, member_id: int | None) -> None:
    known = members.active_members_of(branch_id).with_only_columns(Member.id).order_by(None)
    message = "主持人和记录人应为本支部的党员。"
    references.check(session, member_id, known, field=field, message=message)


def _attach(session: Session, actor: Actor, meeting: Meeting, ids: Sequence[int]) -> None:
    """Attach the material; the community where the branch is answers for what is held."""
    if ids:
        area_id = access.area_of(session, meeting)
        subject = meeting.as_subject
        attachments.attach(
            session, actor=actor, ids=ids, kind=kinds.FILES, subject=subject, area_id=area_id
        )


def cancel(session: Session, *, actor: Actor, meeting_id: int, reason: str) -> Meeting:
    """Call a meeting off and say why, to those who were called; again is no change."""
    meeting = access.led(session, actor, meeting_id)
    if meeting.status is MeetingStatus.CANCELLED and meeting.cancelled_by == actor.account_id:
        return meeting
    status = MEETING.after(meeting.status, "cancel")
    records = session.scalars(queries.attendance(meeting.id)).all()
    if any(record.status is AttendanceStatus.PRESENT for record in records):
        raise Conflict("meeting_took_place", "已有人到会，不能取消；请登记名单后结束会议。")
    meeting.status, meeting.cancel_reason = status, reason
    meeting.cancelled_by, meeting.cancelled_at = actor.account_id, clock.now()
    session.flush()
    leave.lapse(session, meeting)
    reminders.drop(session, meeting)
    audit.record(session, actor, "meeting.cancelled", meeting)
    access.check_text(session, actor, meeting, "cancel_reason", reason)
    # Of what was recorded after it was held nobody knows.
    if meeting.starts_at > meeting.created_at:
        news.tell_cancelled(session, meeting)
    return meeting


def close(
    session: Session,
    rules: RulePack,
    *,
    actor: Actor,
    meeting_id: int,
    appraised_count: int | None = None,
) -> Meeting:
    """Close: freeze list, votes and minutes, hash them, post to the branch's ledger.

    Whoever is on no line was absent. Closing again alike is no change. Raises Conflict while leave
    is undecided, or a vote was counted for another list than the one that is frozen; Invalid where
    it is not said of an appraisal how many were appraised, or said of anything else.
    """
    meeting = access.led(session, actor, meeting_id)
    if _closed_alike(meeting, actor, appraised_count):
        return meeting
    status = MEETING.after(meeting.status, "close")
    if meeting.starts_at > clock.now():
        raise Conflict("meeting_not_begun", "会议尚未开始，不能闭会。")
    due = session.scalars(participants.people(meeting)).all()
    lines = _completed(session, meeting, due)
    leave.refuse_undecided(session, meeting)
    voting.refuse_outdated(session, meeting, due)
    _freeze(meeting, due, lines)
    _appraise(meeting, appraised_count)
    meeting.closing_hash = seal.of_meeting(session, meeting)
    meeting.status = status
    meeting.closed_by, meeting.closed_at = actor.account_id, clock.now()
    session.flush()
    ledger.post(session, rules, evidence.entry_of(meeting))
    reminders.drop(session, meeting)
    counted = {"due": meeting.due_count, "present": meeting.present_count}
    if appraised_count is not None:
        counted["appraised"] = appraised_count
    audit.record(session, actor, "meeting.closed", meeting, **counted)
    return meeting


def _closed_alike(meeting: Meeting, actor: Actor, appraised_count: int | None) -> bool:
    by_actor = meeting.status is MeetingStatus.CLOSED and meeting.closed_by == actor.account_id
    return by_actor and meeting.appraised_count == appraised_count


def _appraise(meeting: Meeting, count: int | None) -> None:
    """Write how many of those due were appraised, which is more or fewer than were there."""
    field = "appraised_count"
    if meeting.kind is not MeetingKind.MEMBER_APPRAISAL:
        if count is not None:
            raise Invalid(field, "只有民主评议党员登记参评人数。")
        return
    if count is None:
        raise Invalid(field, "请填写参加评议的党员人数。")
    if count > (meeting.due_count or 0):
        raise Invalid(field, f"参评人数不能超过应参评的{meeting.due_count}人。")
    meeting.appraised_count = count


def _completed(
    session: Session, meeting: Meeting, due: Sequence[Member]
) -> Mapping[int, AttendanceRecord]:
    """Return the list with a line for everybody who is due and nobody else.

    Raises Conflict where nobody is present.
    """
    lines = {one.member_id: one for one in session.scalars(queries.attendance(meeting.id))}
    if not any(line.status is AttendanceStatus.PRESENT for line in lines.values()):
        raise Conflict("nobody_present", "到会名单为空，请先登记到会人员。")
    day = clock.local_date(meeting.starts_at)
    exempt = set(session.scalars(exemptions.exempt_on(day)))
    called = {member.id for member in due}
    for gone in lines.keys() - called:
        session.delete(lines.pop(gone))  # left before it began
    for member in due:
        if member.id not in lines:
            lines[member.id] = _unmarked(meeting, member, exempt=member.id in exempt)
            session.add(lines[member.id])
    session.flush()
    return lines


def _unmarked(meeting: Meeting, member: Member, *, exempt: bool) -> AttendanceRecord:
    """Return the line of somebody nobody marked: of who is exempt nothing was required."""
    line = AttendanceRecord(meeting_id=meeting.id, member_id=member.id)
    line.status = AttendanceStatus.EXCUSED if exempt else AttendanceStatus.ABSENT
    line.reason = AbsenceReason.FRAILTY if exempt else AbsenceReason.UNEXPLAINED
    return line


def _freeze(meeting: Meeting, due: Sequence[Member], lines: Mapping[int, AttendanceRecord]) -> None:
    """Count: present and excused are of those on the list, voters of those due who may vote."""
    present = {id_ for id_, line in lines.items() if line.status is AttendanceStatus.PRESENT}
    voters = participants.voters(due)
    meeting.due_count, meeting.present_count = len(due), len(present)
    meeting.excused_count = sum(line.status is AttendanceStatus.EXCUSED for line in lines.values())
    meeting.due_voters = len(voters)
    meeting.present_voters = sum(voter.id in present for voter in voters)
