"""What a registration that stands does to the ledger and to the member's row; what ends it.

Callers have locked the member; who may, and when, stands in `flow`.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.registrations import queries
from backend.community.registrations.models import (
    CommunityRegistration,
    EndReason,
    PauseReason,
    RegistrationKind,
    RegistrationPause,
)
from backend.core import clock
from backend.ledger import service as ledger
from backend.ledger.models import SubjectKind
from backend.ledger.rulepack import RulePack
from backend.ledger.service import Source
from backend.ledger.subjects import Subject
from backend.people.members.models import Member

# Standing facts of rule 2i: accepted; and left without an answer beyond the term.
FACT, UNANSWERED = "community_registration", "community_registration_unanswered"
# What nobody owes while the primary registration rests (spec 3.2).
EXEMPT_FROM = ("2i", "2k")


def source_of(registration: CommunityRegistration) -> Source:
    return Source(CommunityRegistration.__tablename__, registration.id)


def source_of_pause(row: RegistrationPause) -> Source:
    return Source(RegistrationPause.__tablename__, row.id)


def subject_of(registration: CommunityRegistration) -> Subject:
    return Subject(SubjectKind.MEMBER, registration.member_id)


def _is_primary(registration: CommunityRegistration) -> bool:
    return registration.kind is RegistrationKind.PRIMARY


def lock_member(session: Session, member_id: int) -> Member:
    return session.get_one(Member, member_id, with_for_update=True, populate_existing=True)


def look_again(session: Session, registration: CommunityRegistration) -> None:
    """Have what was asked and what rests be read anew."""
    session.flush()
    session.expire(registration, ["request", "pause"])


def begin(session: Session, registration: CommunityRegistration) -> None:
    """Let it stand from today; the primary one says where the member belongs."""
    if _is_primary(registration):
        _hold(session, registration)
        registration.member.community_id = registration.community_id
    else:
        _say_also(session, registration, sa.func.array_append)


def _say_also(
    session: Session, registration: CommunityRegistration, change: Callable[..., Any]
) -> None:
    """Change where the member is registered besides, by one community and on the row itself: two
    communities may do so at once."""
    communities = change(Member.also_in, registration.community_id)
    session.execute(
        sa.update(Member).where(Member.id == registration.member_id).values(also_in=communities)
    )
    session.expire(registration.member, ["also_in"])


def _hold(session: Session, registration: CommunityRegistration) -> None:
    ledger.hold(
        session,
        FACT,
        subject_of(registration),
        source_of(registration),
        starts_on=clock.today(),
        area_id=registration.community_id,
    )


def release(session: Session, registration: CommunityRegistration) -> None:
    """Let it stand no longer than today."""
    ledger.release(session, FACT, source_of(registration), ends_on=clock.today())


def rest(
    session: Session, rules: RulePack, registration: CommunityRegistration, reason: PauseReason
) -> None:
    """Let it rest from today; what the member owes because of it rests, too."""
    today = clock.today()
    row = RegistrationPause(registration_id=registration.id, reason=reason, starts_on=today)
    session.add(row)
    session.flush()
    if _is_primary(registration):
        subject, source = subject_of(registration), source_of_pause(row)
        release(session, registration)
        ledger.exempt(session, rules, EXEMPT_FROM, subject, source, starts_on=today)
    look_again(session, registration)


def resume(session: Session, rules: RulePack, registration: CommunityRegistration) -> None:
    """Let it stand again from today."""
    _wake(session, rules, registration)
    if _is_primary(registration):
        _hold(session, registration)


def _wake(session: Session, rules: RulePack, registration: CommunityRegistration) -> None:
    row = registration.pause
    if row is None:
        return
    row.ends_on = clock.today()
    _bind_again(session, rules, registration, row, row.ends_on)
    look_again(session, registration)


def _bind_again(
    session: Session,
    rules: RulePack,
    registration: CommunityRegistration,
    row: RegistrationPause,
    ends_on: date,
) -> None:
    if _is_primary(registration):
        ledger.end_exemption(
            session,
            rules,
            EXEMPT_FROM,
            subject_of(registration),
            source_of_pause(row),
            starts_on=row.starts_on,
            ends_on=ends_on,
        )


def close(session: Session, rules: RulePack, registration: CommunityRegistration) -> None:
    """End what stands, leaving alone where the member belongs; the wrong person's never stood at
    all."""
    registration.ended_on = clock.today()
    _wake(session, rules, registration)
    if not _is_primary(registration):
        _say_also(session, registration, sa.func.array_remove)
    release(session, registration)
    if registration.end_reason is EndReason.DATA_ERROR:
        _void(session, rules, registration)
    session.flush()


def leave(registration: CommunityRegistration) -> None:
    """Take the member whose primary registration has ended out of the community."""
    if _is_primary(registration):
        registration.member.community_id = None


def _void(session: Session, rules: RulePack, registration: CommunityRegistration) -> None:
    ledger.void(session, FACT, source_of(registration))
    own = RegistrationPause.registration_id == registration.id
    for row in session.scalars(queries.pauses().where(own)).all():
        _bind_again(session, rules, registration, row, row.starts_on)
