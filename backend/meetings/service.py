"""Organisational life: convene, attend, keep the list, close. Callers own the transaction."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.attachments import carried as attachments
from backend.attachments import queries as attached
from backend.audit import service as audit
from backend.core import clock
from backend.core.actor import Actor
from backend.core.errors import Conflict, Forbidden, Invalid, NotFound
from backend.duties import service as ledger
from backend.duties.models import SubjectKind
from backend.duties.rulepack import RulePack
from backend.duties.service import Entry, Source
from backend.duties.subjects import Subject
from backend.meetings import news, policy, queries, reminders
from backend.meetings.models import (
    AttendanceRecord,
    AttendanceStatus,
    Meeting,
    MeetingKind,
    MeetingMode,
    MeetingStatus,
)
from backend.meetings.states import MEETING
from backend.members import queries as members
from backend.members.models import Member
from backend.organizations.models import Organization
from backend.text_checks import service as text_checks

# People join a little before the beginning, and some only find the link after the end.
OPENS_BEFORE, OPEN_AFTER = timedelta(minutes=30), timedelta(hours=2)
LONGEST = timedelta(hours=24)


@dataclass(frozen=True)
class OnlinePlace:
    platform: str
    url: str


def convene(
    session: Session,
    *,
    actor: Actor,
    organization_id: int,
    kind: MeetingKind,
    title: str,
    mode: MeetingMode,
    starts_at: datetime,
    ends_at: datetime,
    agenda: Sequence[str],
    online: OnlinePlace | None,
    attachment_ids: Sequence[int] = (),
) -> Meeting:
    """Convene a meeting of the secretary's own branch and tell its members."""
    if not policy.may_convene(actor, organization_id):
        raise NotFound("organization_not_found", "没有找到该党支部。")
    _check_plan(mode, starts_at, ends_at, online)
    meeting = Meeting(
        organization_id=organization_id,
        kind=kind,
        title=title,
        mode=mode,
        starts_at=starts_at,
        ends_at=ends_at,
        agenda=list(agenda),
        online_platform=online.platform if online else None,
        online_url=online.url if online else None,
        status=MeetingStatus.CONVENED,
        convened_by=actor.account_id,
    )
    session.add(meeting)
    audit.record(session, actor, "meeting.convened", meeting, kind=kind)
    _check(session, actor, meeting, "plan", title, *agenda)
    _attach(session, actor, meeting, attachment_ids)
    news.tell_members(session, meeting)
    reminders.plan(session, meeting)
    return meeting


def _attach(session: Session, actor: Actor, meeting: Meeting, ids: Sequence[int]) -> None:
    """Attach the material; the community where the branch is answers for what is held."""
    if ids:
        branch = session.get_one(Organization, meeting.organization_id)
        subject = meeting.as_subject
        attachments.attach(session, actor=actor, ids=ids, subject=subject, area_id=branch.area_id)


def _check_plan(
    mode: MeetingMode, starts_at: datetime, ends_at: datetime, online: OnlinePlace | None
) -> None:
    if ends_at <= starts_at:
        raise Invalid("ends_at", "结束时间必须晚于开始时间。")
    if ends_at - starts_at > LONGEST:
        raise Invalid("ends_at", "一次会议不能超过24小时。")
    if (mode is MeetingMode.ONLINE) != (online is not None):
        raise Invalid("online", "线上会议须填写平台和链接；现场会议不填。")


def attend(session: Session, *, actor: Actor, meeting_id: int) -> AttendanceRecord:
    """Join: the own mark, which the recorder's list may correct. Repeating is no change."""
    meeting, member_id = _locked(session, actor, meeting_id), actor.as_member()
    if actor.branch_id != meeting.organization_id:
        raise Forbidden("not_a_participant", "您不是本次会议的应到人员。")
    mine = queries.attendance(meeting_id).where(AttendanceRecord.member_id == member_id)
    record = session.scalars(mine).first()
    if record is not None and record.status is AttendanceStatus.PRESENT:
        return record
    if not _is_open(meeting):
        raise Conflict("meeting_not_open", "会议尚未开始签到或已经结束，请与党支部书记联系。")
    if record is None:
        record = AttendanceRecord(meeting_id=meeting_id, member_id=member_id)
        session.add(record)
    record.status, record.self_joined = AttendanceStatus.PRESENT, True
    session.flush()
    audit.record(session, actor, "meeting.joined", meeting)
    return record


def _is_open(meeting: Meeting) -> bool:
    opens, closes = meeting.starts_at - OPENS_BEFORE, meeting.ends_at + OPEN_AFTER
    return meeting.status is MeetingStatus.CONVENED and opens <= clock.now() <= closes


def write_list(
    session: Session, *, actor: Actor, meeting_id: int, entries: Mapping[int, AttendanceStatus]
) -> Meeting:
    """Write the recorder's list over what stands; members not named keep their mark."""
    meeting = _recordable(session, actor, meeting_id)
    MEETING.after(meeting.status, "write_list")
    if meeting.starts_at > clock.now():
        raise Conflict("meeting_not_begun", "会议尚未开始，暂不能登记名单。")
    due = set(_due(session, meeting))
    if unknown := entries.keys() - due:
        raise Invalid("present", f"名单中有 {len(unknown)} 人不属于本支部，请核对。")
    _write(session, meeting, entries)
    audit.record(session, actor, "meeting.list_written", meeting, entries=len(entries))
    return meeting


def _due(session: Session, meeting: Meeting) -> Sequence[int]:
    """Return who is due to attend: the branch's active members."""
    due = members.active_members_of(meeting.organization_id).with_only_columns(Member.id)
    return session.scalars(due).all()


def _write(session: Session, meeting: Meeting, entries: Mapping[int, AttendanceStatus]) -> None:
    if not entries:
        return
    rows = [
        {"meeting_id": meeting.id, "member_id": member_id, "status": status}
        for member_id, status in sorted(entries.items())
    ]
    statement = insert(AttendanceRecord).values(rows)
    session.execute(
        statement.on_conflict_do_update(
            constraint="uq_attendance_record_meeting_id_member_id",
            set_={"status": statement.excluded.status, "updated_at": clock.now()},
        )
    )


def close(session: Session, rules: RulePack, *, actor: Actor, meeting_id: int) -> Meeting:
    """Close: freeze and hash the list, post to the branch's ledger. Closing again is no change."""
    meeting = _recordable(session, actor, meeting_id)
    if meeting.status is MeetingStatus.CLOSED and meeting.closed_by == actor.account_id:
        return meeting
    status = MEETING.after(meeting.status, "close")
    if meeting.starts_at > clock.now():
        raise Conflict("meeting_not_begun", "会议尚未开始，不能闭会。")
    records = session.scalars(queries.attendance(meeting.id)).all()
    marked = {record.member_id: record.status for record in records}
    present = sum(mark is AttendanceStatus.PRESENT for mark in marked.values())
    if not present:
        raise Conflict("nobody_present", "到会名单为空，请先登记到会人员。")
    due = _due(session, meeting)
    missing = {member: AttendanceStatus.ABSENT for member in due if member not in marked}
    _write(session, meeting, missing)
    meeting.closing_hash = closing_hash(meeting, marked | missing)
    meeting.status, meeting.due_count, meeting.present_count = status, len(due), present
    meeting.closed_by, meeting.closed_at = actor.account_id, clock.now()
    session.flush()
    ledger.post(session, rules, entry_of(meeting))
    reminders.drop(session, meeting)
    audit.record(session, actor, "meeting.closed", meeting, due=len(due), present=present)
    return meeting


def cancel(session: Session, *, actor: Actor, meeting_id: int, reason: str) -> Meeting:
    """Call a meeting off and say why; cancelling again is no change."""
    meeting = _recordable(session, actor, meeting_id)
    if meeting.status is MeetingStatus.CANCELLED and meeting.cancelled_by == actor.account_id:
        return meeting
    status = MEETING.after(meeting.status, "cancel")
    records = session.scalars(queries.attendance(meeting.id)).all()
    if any(record.status is AttendanceStatus.PRESENT for record in records):
        raise Conflict("meeting_took_place", "已有人到会，不能取消；请登记名单后结束会议。")
    meeting.status, meeting.cancel_reason = status, reason
    meeting.cancelled_by, meeting.cancelled_at = actor.account_id, clock.now()
    session.flush()
    reminders.drop(session, meeting)
    audit.record(session, actor, "meeting.cancelled", meeting)
    _check(session, actor, meeting, "cancel_reason", reason)
    news.tell_cancelled(session, meeting)
    return meeting


def _check(session: Session, actor: Actor, meeting: Meeting, part: str, *texts: str) -> None:
    text_checks.submit(
        session,
        actor,
        subject=meeting.as_subject,
        part=part,
        area_id=session.get_one(Organization, meeting.organization_id).area_id,
        texts=texts,
    )


def closing_hash(meeting: Meeting, marks: Mapping[int, AttendanceStatus]) -> str:
    """Return the SHA-256 of what closing freezes, as canonical JSON."""
    frozen = {
        "meeting": meeting.id,
        "organization": meeting.organization_id,
        "kind": meeting.kind,
        "starts_at": meeting.starts_at.astimezone(clock.SHANGHAI).isoformat(),
        "ends_at": meeting.ends_at.astimezone(clock.SHANGHAI).isoformat(),
        "attendance": sorted((member, str(mark)) for member, mark in marks.items()),
    }
    return hashlib.sha256(json.dumps(frozen, sort_keys=True).encode()).hexdigest()


def entry_of(meeting: Meeting) -> Entry:
    """Return what a closed meeting posts; the kind of meeting is the kind of posting."""
    day = clock.local_date(meeting.starts_at)
    closed_at = meeting.closed_at or clock.now()
    return Entry(
        kind=str(meeting.kind),
        subject=Subject(SubjectKind.ORGANIZATION, meeting.organization_id),
        source=source_of(meeting),
        occurred_on=day,
        recorded_on=clock.local_date(closed_at),
        occasion=f"meeting:{meeting.kind}:{day}",
        amount=1,
    )


def source_of(meeting: Meeting) -> Source:
    return Source(Meeting.__tablename__, meeting.id)


@dataclass(frozen=True)
class MeetingDetail:
    """A meeting, the lines of its list the actor may see, and for the recorder who is due."""

    meeting: Meeting
    attendance: Sequence[AttendanceRecord]
    due: Sequence[Member]

    def __getattr__(self, name: str) -> object:
        return getattr(self.meeting, name)


def detail(session: Session, *, actor: Actor, meeting_id: int) -> MeetingDetail:
    """Return a meeting that exists for the actor; raises NotFound."""
    meeting = _found(session, queries.shown(), actor, meeting_id)
    attached.fill(session, actor, [meeting])
    lines = queries.attendance(meeting_id)
    if not policy.may_record(actor, meeting):
        own = lines.where(AttendanceRecord.member_id == actor.member_id)
        return MeetingDetail(meeting, session.scalars(own).all(), ())
    due = session.scalars(members.active_members_of(meeting.organization_id)).all()
    return MeetingDetail(meeting, session.scalars(lines).all(), due)


def _found(
    session: Session, statement: sa.Select[Meeting], actor: Actor, meeting_id: int
) -> Meeting:
    found = statement.where(Meeting.id == meeting_id, policy.visible(actor))
    meeting = session.scalars(found).first()
    if meeting is None:
        raise NotFound("meeting_not_found", "没有找到这次会议。")
    return meeting


def _locked(session: Session, actor: Actor, meeting_id: int) -> Meeting:
    return _found(session, queries.shown().with_for_update(of=Meeting), actor, meeting_id)


def _recordable(session: Session, actor: Actor, meeting_id: int) -> Meeting:
    meeting = _locked(session, actor, meeting_id)
    if not policy.may_record(actor, meeting):
        raise Forbidden("not_the_recorder", "只有党支部书记可以登记名单和闭会。")
    return meeting
