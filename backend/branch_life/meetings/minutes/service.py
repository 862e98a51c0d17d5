"""会议记录: read, save what one has read, add to what is closed. Callers own the transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.branch_life.meetings import access, kinds, policy, seal
from backend.branch_life.meetings.minutes import queries
from backend.branch_life.meetings.minutes.models import MeetingMinutes, MinutesAmendment
from backend.branch_life.meetings.models import Meeting, MeetingStatus
from backend.branch_life.meetings.states import MEETING
from backend.core.actor import Actor
from backend.core.errors import Forbidden, Stale
from backend.support.text_checks import service as text_checks


@dataclass(frozen=True)
class Minutes:
    """The text as it stands, empty before anybody wrote; `version` is 0 then."""

    meeting: Meeting
    kept: MeetingMinutes | None
    amendments: Sequence[MinutesAmendment]

    @property
    def version(self) -> int:
        return self.kept.version if self.kept else 0

    @property
    def content(self) -> str:
        return self.kept.content if self.kept else ""

    @property
    def saved_at(self) -> datetime | None:
        return self.kept.updated_at if self.kept else None

    @property
    def withheld(self) -> list[dict[str, object]] | None:
        return self.kept.withheld if self.kept else None

    @property
    def closed(self) -> bool:
        return self.meeting.status is MeetingStatus.CLOSED


def read(session: Session, *, actor: Actor, meeting_id: int) -> Minutes:
    """Return the minutes: to who keeps them while they are written, then to all who were due."""
    meeting = access.find(session, actor, meeting_id)
    if meeting.status is not MeetingStatus.CLOSED and not policy.RECORDER.stands(meeting):
        raise Forbidden("minutes_not_closed", "会议结束并归档后才能查阅会议记录。")
    return _minutes(session, meeting)


def _minutes(session: Session, meeting: Meeting) -> Minutes:
    kept = session.scalars(queries.of_meeting(meeting.id)).first()
    return Minutes(meeting, kept, session.scalars(queries.amendments(meeting.id)).all())


def save(session: Session, *, actor: Actor, meeting_id: int, version: int, content: str) -> Minutes:
    """Save over the version one has read; raises Stale when somebody saved in between."""
    meeting = access.recordable(session, actor, meeting_id)
    MEETING.after(meeting.status, "write_minutes")
    before = _minutes(session, meeting)
    if before.version != version:
        raise Stale("minutes_changed", "会议记录已被他人修改，请重新打开，核对后再保存。")
    kept = before.kept or MeetingMinutes(meeting_id=meeting_id, version=0)
    kept.content, kept.version, kept.edited_by = content, version + 1, actor.account_id
    session.add(kept)
    session.flush()
    audit.record(session, actor, "minutes.saved", kept, version=kept.version)
    _check(session, actor, meeting, kept, content)
    return Minutes(meeting, kept, before.amendments)


def amend(session: Session, *, actor: Actor, meeting_id: int, content: str) -> MinutesAmendment:
    """Add to closed minutes: nothing that was sealed changes, the chain grows by one."""
    meeting = access.recordable(session, actor, meeting_id)
    MEETING.after(meeting.status, "amend")
    before = session.scalars(queries.amendments(meeting_id)).all()
    last = before[-1].hash if before else meeting.closing_hash or ""
    row = MinutesAmendment(
        meeting_id=meeting_id,
        number=len(before) + 1,
        content=content,
        added_by=actor.account_id,
        hash=seal.of_amendment(last, content),
    )
    session.add(row)
    audit.record(session, actor, "minutes.amended", row, number=row.number)
    _check(session, actor, meeting, row, content)
    return row


def _check(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    row: MeetingMinutes | MinutesAmendment,
    content: str,
) -> None:
    text_checks.submit(
        session,
        actor,
        kind=kinds.MINUTES_TEXTS,
        subject=row.as_subject,
        part="content",
        area_id=access.area_of(session, meeting),
        texts=[content],
    )
