"""What a registration that stands does to the ledger and to the member's row; what ends it.

Callers have locked the member; who may, and when, stands in `flow`.
"""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.registrations import evidence, queries
from backend.community.registrations.models import (
    CommunityRegistration,
    EndReason,
    PauseReason,
    RegistrationKind,
    RegistrationPause,
)
from backend.core import clock
from backend.ledger.changes import one_change
from backend.ledger.rulepack import RulePack
from backend.people.members.models import Member


def _is_primary(registration: CommunityRegistration) -> bool:
    return registration.kind is RegistrationKind.PRIMARY


def lock_member(session: Session, member_id: int) -> Member:
    return session.get_one(Member, member_id, with_for_update=True, populate_existing=True)


def look_again(session: Session, registration: CommunityRegistration) -> None:
    """Have what was asked and what rests be read anew."""
    session.flush()
    session.expire(registration, ["request", "pause"])


def begin(session: Session, rules: RulePack, registration: CommunityRegistration) -> None:
    """Let it stand from today; the primary one says where the member belongs."""
    if _is_primary(registration):
        evidence.hold(session, rules, registration)
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


def rest(
    session: Session, rules: RulePack, registration: CommunityRegistration, reason: PauseReason
) -> None:
    """Let it rest from today; what the member owes because of it rests, too."""
    row = RegistrationPause(registration_id=registration.id, reason=reason)
    row.starts_on = clock.today()
    session.add(row)
    session.flush()
    if _is_primary(registration):
        with one_change(session, rules):
            evidence.release(session, rules, registration)
            evidence.exempt(session, rules, registration, row)
    look_again(session, registration)


def resume(session: Session, rules: RulePack, registration: CommunityRegistration) -> None:
    """Let it stand again from today."""
    with one_change(session, rules):
        _wake(session, rules, registration)
        if _is_primary(registration):
            evidence.hold(session, rules, registration)


def _wake(session: Session, rules: RulePack, registration: CommunityRegistration) -> None:
    row = registration.pause
    if row is None:
        return
    row.ends_on = clock.today()
    if _is_primary(registration):
        evidence.bind_again(session, rules, registration, row, row.ends_on)
    look_again(session, registration)


def close(session: Session, rules: RulePack, registration: CommunityRegistration) -> None:
    """End what stands, leaving alone where the member belongs; the wrong person's never stood at
    all."""
    registration.ended_on = clock.today()
    if not _is_primary(registration):
        _say_also(session, registration, sa.func.array_remove)
    with one_change(session, rules):
        _wake(session, rules, registration)
        evidence.release(session, rules, registration)
        if registration.end_reason is EndReason.DATA_ERROR:
            _void(session, rules, registration)


def leave(registration: CommunityRegistration) -> None:
    """Take the member whose primary registration has ended out of the community."""
    if _is_primary(registration):
        registration.member.community_id = None


def _void(session: Session, rules: RulePack, registration: CommunityRegistration) -> None:
    evidence.void(session, rules, registration)
    own = RegistrationPause.registration_id == registration.id
    if _is_primary(registration):
        for row in session.scalars(queries.pauses().where(own)).all():
            evidence.bind_again(session, rules, registration, row, row.starts_on)
