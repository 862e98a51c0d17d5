"""到会: join, with the code at the venue or without; and the recorder's list, the record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.branch_life.meetings import access, participants, queries
from backend.branch_life.meetings.models import (
    AbsenceReason,
    AttendanceRecord,
    AttendanceStatus,
    Meeting,
    MeetingMode,
    MeetingStatus,
)
from backend.branch_life.meetings.states import MEETING
from backend.core import clock, rotating_code
from backend.core.actor import Actor
from backend.core.crypto import Crypto
from backend.core.errors import Conflict, Forbidden, Invalid
from backend.core.own import is_own
from backend.core.rotating_code import Code, Venue
from backend.people.members.models import Member

VENUE = Venue("meeting", "场会议")
# People join a little before the beginning, and some only find the link after the end.
OPENS_BEFORE, OPEN_AFTER = timedelta(minutes=30), timedelta(hours=2)


@dataclass(frozen=True)
class Mark:
    """What the list says of one member. Who is away without a word given is `unexplained` when
    absent, `other` when excused."""

    status: AttendanceStatus
    reason: AbsenceReason | None = None


def show_code(session: Session, keys: Crypto, *, actor: Actor, meeting_id: int) -> Code:
    """Return the code of this moment for the recorder to show at the venue."""
    meeting = access.recorded(session, actor, meeting_id)
    if meeting.mode is MeetingMode.ONLINE:
        raise Conflict("meeting_is_online", "线上会议不用签到码，请参会人员直接登记到会。")
    _check_open(meeting)
    return rotating_code.issue(keys, VENUE, meeting_id, clock.now())


@dataclass(frozen=True)
class ShownCode:
    """What somebody scanned or typed at the venue, and the keys that can tell whether it is one."""

    keys: Crypto
    text: str


def attend(
    session: Session, *, actor: Actor, meeting_id: int, code: ShownCode | None = None
) -> AttendanceRecord:
    """Join: the own mark, which the recorder's list may correct. Repeating is no change.

    A code is never asked for; one that is given must be alive.
    """
    meeting, member_id = access.locked(session, actor, meeting_id), actor.as_member()
    due = participants.due(meeting).where(Member.id == member_id)
    if session.scalar(due.with_only_columns(Member.id)) is None:
        raise Forbidden("not_a_participant", "您不是本次会议的应到人员。")
    mine = queries.attendance(meeting_id).where(AttendanceRecord.member_id == member_id)
    record = session.scalars(mine).first()
    if record is not None and record.status is AttendanceStatus.PRESENT:
        return record
    _check_open(meeting)
    if code is not None:
        rotating_code.tried(
            session, code.keys, VENUE, meeting_id, code.text, account_id=actor.account_id
        )
    if record is None:
        record = AttendanceRecord(meeting_id=meeting_id, member_id=member_id)
        session.add(record)
    record.status, record.reason, record.self_joined = AttendanceStatus.PRESENT, None, True
    session.flush()
    audit.record(session, actor, "meeting.joined", meeting, by_code=code is not None)
    return record


def _check_open(meeting: Meeting) -> None:
    opens, closes = meeting.starts_at - OPENS_BEFORE, meeting.ends_at + OPEN_AFTER
    if meeting.status is not MeetingStatus.CONVENED or not opens <= clock.now() <= closes:
        raise Conflict("meeting_not_open", "会议尚未开始签到或已经结束，请与党支部书记联系。")


def write_list(
    session: Session, *, actor: Actor, meeting_id: int, entries: Mapping[int, Mark]
) -> Meeting:
    """Write the recorder's list over what stands; members not named keep their mark."""
    meeting = access.recordable(session, actor, meeting_id)
    MEETING.after(meeting.status, "write_list")
    if meeting.starts_at > clock.now():
        raise Conflict("meeting_not_begun", "会议尚未开始，暂不能登记名单。")
    due = set(session.scalars(participants.due_ids(meeting)).all())
    if unknown := entries.keys() - due:
        raise Invalid("present", f"名单中有 {len(unknown)} 人不是本次会议的应到人员，请核对。")
    known = {one.member_id: one for one in session.scalars(queries.attendance(meeting.id))}
    _refuse_own_excuse(actor, known, entries)
    write(session, meeting.id, _with_known_reasons(known, entries))
    audit.record(session, actor, "meeting.list_written", meeting, entries=len(entries))
    return meeting


def _refuse_own_excuse(
    actor: Actor, known: Mapping[int, AttendanceRecord], entries: Mapping[int, Mark]
) -> None:
    """Raise Forbidden where one excuses oneself; an excuse that stands was another's decision."""
    excused = AttendanceStatus.EXCUSED
    before = {member_id for member_id, row in known.items() if row.status is excused}
    anew = {member_id for member_id, mark in entries.items() if mark.status is excused} - before
    if any(is_own(member_id, actor.member_id) for member_id in anew):
        raise Forbidden(
            "not_about_oneself",
            "不能登记本人请假：记录人请向党支部书记请假，书记请由副书记审批或由记录人登记。",
        )


def _with_known_reasons(
    known: Mapping[int, AttendanceRecord], entries: Mapping[int, Mark]
) -> dict[int, Mark]:
    """Give a mark without a reason the one that the same mark had, from the leave mostly."""
    marks = dict(entries)
    for id_, mark in entries.items():
        before = known.get(id_)
        if mark.reason is None and before is not None and before.status is mark.status:
            marks[id_] = Mark(mark.status, before.reason)
    return marks


def is_present(session: Session, meeting_id: int, member_id: int) -> bool:
    """Return whether the list says of a member that they are there."""
    mark = sa.select(AttendanceRecord.status).where(
        AttendanceRecord.meeting_id == meeting_id, AttendanceRecord.member_id == member_id
    )
    return session.scalar(mark) is AttendanceStatus.PRESENT


_LINES = insert(AttendanceRecord)
_OVER_WHAT_STANDS = _LINES.on_conflict_do_update(
    constraint="uq_attendance_record_meeting_id_member_id",
    set_={
        "status": _LINES.excluded.status,
        "reason": _LINES.excluded.reason,
        "updated_at": _LINES.excluded.updated_at,
    },
)


def write(session: Session, meeting_id: int, entries: Mapping[int, Mark]) -> None:
    """Write these lines, without asking who may."""
    if not entries:
        return
    rows = [
        {"meeting_id": meeting_id, "member_id": id_, **_values(mark)}
        for id_, mark in sorted(entries.items())
    ]
    session.execute(_OVER_WHAT_STANDS, rows)


_UNSAID = {
    AttendanceStatus.EXCUSED: AbsenceReason.OTHER,
    AttendanceStatus.ABSENT: AbsenceReason.UNEXPLAINED,
}


def _values(mark: Mark) -> dict[str, object]:
    return {"status": mark.status, "reason": mark.reason or _UNSAID.get(mark.status)}
