"""Questions about registrations."""

from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, with_expression
from sqlalchemy.orm.strategy_options import _AbstractLoad

from backend.community.registrations.models import (
    CommunityRegistration,
    RegistrationKind,
    RegistrationPause,
    RegistrationRequest,
    RegistrationStatus,
)
from backend.core.db import TODAY
from backend.people.members import queries as members
from backend.people.members.models import Member
from backend.support.text_checks import withheld

S = RegistrationStatus
STANDING = (S.ACTIVE, S.PAUSED, S.TRANSFER_PENDING)
WAITING = (S.SUBMITTED, S.RETURNED)


@cache
def shown() -> sa.Select[CommunityRegistration]:
    """Select registrations with what every answer shows of them."""
    return sa.select(CommunityRegistration).options(
        *_people(),
        joinedload(CommunityRegistration.entered_by),
        joinedload(CommunityRegistration.request),
        joinedload(CommunityRegistration.pause),
    )


def _people() -> tuple[_AbstractLoad, ...]:
    return (
        joinedload(CommunityRegistration.member).joinedload(Member.branch),
        joinedload(CommunityRegistration.community),
        with_expression(
            CommunityRegistration.withheld,
            withheld.of(CommunityRegistration.__tablename__, CommunityRegistration.id),
        ),
    )


@cache
def waits() -> sa.ColumnElement[bool]:
    """Return whether a registration waits for its answer."""
    return CommunityRegistration.status == S.SUBMITTED


@cache
def is_overdue() -> sa.ColumnElement[bool]:
    """Return whether the community has let its term pass without an answer."""
    return sa.and_(waits(), CommunityRegistration.answer_due_on < TODAY)


def of_member(member_id: int) -> sa.Select[CommunityRegistration]:
    return shown().where(CommunityRegistration.member_id == member_id)


def live_of_member(member_id: int) -> sa.Select[CommunityRegistration]:
    """Select what stands or waits for one member."""
    return of_member(member_id).where(CommunityRegistration.status.in_(STANDING + WAITING))


def standing_primary(member_id: int) -> sa.Select[CommunityRegistration]:
    """Select the one primary registration that stands; at most one exists."""
    return of_member(member_id).where(is_standing_primary())


def is_standing_primary() -> sa.ColumnElement[bool]:
    return sa.and_(
        CommunityRegistration.kind == RegistrationKind.PRIMARY,
        CommunityRegistration.status.in_(STANDING),
    )


def live_at(community_id: int) -> sa.Select[CommunityRegistration]:
    """Select what stands or waits at a community, member by member."""
    return (
        shown()
        .where(
            CommunityRegistration.community_id == community_id,
            CommunityRegistration.status.in_(STANDING + WAITING),
        )
        .order_by(CommunityRegistration.member_id)
    )


def deciders(registration: CommunityRegistration) -> sa.Select[int]:
    """Select the members who decide about a registration: `policy.DECIDER`, seen from it."""
    member = registration.member
    if registration.community is not None:
        return members.deciders(registration.community, member.id)
    return members.judges(member)


@cache
def requests() -> sa.Select[RegistrationRequest]:
    """Select requests with what every answer shows of them."""
    registration = contains_eager(RegistrationRequest.registration).options(*_people())
    return (
        sa.select(RegistrationRequest).join(RegistrationRequest.registration).options(registration)
    )


@cache
def pauses() -> sa.Select[RegistrationPause]:
    """Select all pauses, each registration's in the order in which they were."""
    return sa.select(RegistrationPause).order_by(
        RegistrationPause.registration_id, RegistrationPause.id
    )


def with_slip(community_id: int, slip_no: str) -> sa.Select[int]:
    """Select what was entered in a community from the slip of that number."""
    return sa.select(CommunityRegistration.id).where(
        CommunityRegistration.community_id == community_id,
        CommunityRegistration.slip_no == slip_no,
    )
