"""Find a meeting as the actor may see it, and lock it before anything of it changes.

The meeting is the first lock of whatever is written about it: list, leave, votes, minutes.
"""

import sqlalchemy as sa
from sqlalchemy.orm import Session, with_expression

from backend.branch_life.meetings import kinds, policy, queries
from backend.branch_life.meetings.models import Meeting
from backend.core.actor import Actor
from backend.core.asker import asked_by, asker_of
from backend.core.errors import NotFound
from backend.flows.steps import Party, standing
from backend.people.organizations.models import Organization
from backend.support.text_checks import service as text_checks


def find(session: Session, actor: Actor, meeting_id: int) -> Meeting:
    """Return a meeting that exists for the actor; raises NotFound."""
    return _found(session, queries.shown(), actor, meeting_id)


def locked(session: Session, actor: Actor, meeting_id: int) -> Meeting:
    statement = queries.shown().with_for_update(of=Meeting)
    return _found(session, statement, actor, meeting_id)


def recordable(session: Session, actor: Actor, meeting_id: int) -> Meeting:
    """Return it locked for its recorder; raises Forbidden."""
    return _of(policy.RECORDER, locked(session, actor, meeting_id))


def recorded(session: Session, actor: Actor, meeting_id: int) -> Meeting:
    """Return it for its recorder, not locked; raises Forbidden."""
    return _of(policy.RECORDER, find(session, actor, meeting_id))


def led(session: Session, actor: Actor, meeting_id: int) -> Meeting:
    """Return it locked for the branch secretary; raises Forbidden."""
    return _of(policy.SECRETARY, locked(session, actor, meeting_id))


def _of(party: Party, meeting: Meeting) -> Meeting:
    if not party.stands(meeting):
        raise party.refusal()
    return meeting


def check_text(session: Session, actor: Actor, meeting: Meeting, part: str, *texts: str) -> None:
    """Have a text of the meeting itself checked."""
    text_checks.submit(
        session,
        actor,
        kind=kinds.TEXTS,
        subject=meeting.as_subject,
        part=part,
        area_id=area_of(session, meeting),
        texts=texts,
    )


def area_of(session: Session, meeting: Meeting) -> int:
    """Return the community where the branch is: it answers for what is held."""
    return session.get_one(Organization, meeting.organization_id).area_id


def _found(
    session: Session, statement: sa.Select[Meeting], actor: Actor, meeting_id: int
) -> Meeting:
    asker = asker_of(actor)
    held = with_expression(Meeting.parties, standing(asker, (policy.RECORDER, policy.SECRETARY)))
    found = statement.options(held).where(Meeting.id == meeting_id, policy.visible(asker))
    found = found.execution_options(populate_existing=True)
    meeting = session.scalars(found, asked_by(actor)).first()
    if meeting is None:
        raise NotFound("meeting_not_found", "没有找到这次会议。")
    return meeting
