"""The hash of what closing freezes, and the chain of amendments that begins with it."""

import hashlib
import json
from datetime import datetime

from sqlalchemy.orm import Session

from backend.branch_life.meetings import queries
from backend.branch_life.meetings.minutes import queries as minutes
from backend.branch_life.meetings.models import Meeting
from backend.branch_life.meetings.voting import queries as voting
from backend.branch_life.meetings.voting.models import Resolution
from backend.core import clock


def of_meeting(session: Session, meeting: Meeting) -> str:
    """Return the SHA-256 of meeting, list, standing votes and minutes, as canonical JSON.

    Computed again later it says whether anything of it was touched.
    """
    lines = session.scalars(queries.attendance(meeting.id)).all()
    votes = session.scalars(voting.standing(meeting.id)).all()
    kept = session.scalars(minutes.of_meeting(meeting.id)).first()
    frozen: dict[str, object] = {
        "meeting": meeting.id,
        "organization": meeting.organization_id,
        "kind": meeting.kind,
        "gathering": [meeting.gathering, meeting.group_id],
        "starts_at": _moment(meeting.starts_at),
        "ends_at": _moment(meeting.ends_at),
        "attendance": sorted(
            [line.member_id, str(line.status), str(line.reason or "")] for line in lines
        ),
        "counts": [meeting.due_count, meeting.present_count, meeting.excused_count],
        "voters": [meeting.due_voters, meeting.present_voters],
        "votes": [_totals(vote) for vote in votes],
        "minutes": sha256(kept.content) if kept else "",
    }
    # What was sealed before these were asked for stays as it was.
    if meeting.place is not None:
        frozen["place"] = meeting.place
    if meeting.appraised_count is not None:
        frozen["appraised"] = meeting.appraised_count
    return sha256(json.dumps(frozen, sort_keys=True))


def _moment(moment: datetime) -> str:
    return moment.astimezone(clock.SHANGHAI).isoformat()


def _totals(vote: Resolution) -> list[object]:
    papers = [vote.issued, vote.returned, vote.valid, vote.seats]
    written = [vote.written_yes, vote.written_no, vote.written_abstain]
    names = [[c.name, c.yes, c.no, c.abstain, c.elected] for c in vote.candidates]
    spoken = [vote.yes, vote.no, vote.abstain]
    told = [vote.kind, vote.title, vote.due, vote.present, vote.outcome]
    return [vote.id, *told, spoken, written, papers, names]


def of_amendment(before: str, content: str) -> str:
    """Return the hash of an amendment that follows what `before` is the hash of."""
    return sha256(f"{before}\n{content}")


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
