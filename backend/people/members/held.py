"""Who belonged to a branch, a committee or a Party group at a moment, whatever is so today.

Of the day on which a body came onto the roster only that is known: whoever was there on it counts
as having been there before, so that what was held earlier can still be recorded.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, aliased

from backend.core import clock
from backend.core.actor import Role
from backend.people.members.models import (
    Appointment,
    AppointmentStatus,
    Member,
    MemberCategory,
    Membership,
    Position,
)
from backend.people.members.queries import COMMITTEE


@dataclass(frozen=True)
class Then:
    """The moment asked about, and when somebody first wrote down what happened at it: who came
    onto the roster later than that was not there."""

    moment: datetime
    known: datetime


def of_branch(branch_id: int, then: Then) -> sa.Select[int]:
    """Select the ids of a branch's members at that moment."""
    return _belonging("branch_id", branch_id, then)


def of_group(group_id: int, then: Then) -> sa.Select[int]:
    """Select the ids of the members of a Party group at that moment."""
    return _belonging("group_id", group_id, then)


def of_committee(branch_id: int, then: Then) -> sa.Select[int]:
    """Select the ids of a branch's committee at that moment.

    The appointed secretary is one of them as soon as anybody else is.
    """
    seated, day = _seats(branch_id, then), clock.local_date(then.moment)
    secretaries = sa.select(Appointment.member_id).where(
        Appointment.role == Role.BRANCH_SECRETARY,
        Appointment.organization_id == branch_id,
        Appointment.status.in_((AppointmentStatus.APPROVED, AppointmentStatus.ENDED)),
        Appointment.starts_on <= day,
        sa.or_(Appointment.ends_on.is_(None), Appointment.ends_on >= day),
        sa.or_(Appointment.ended_at.is_(None), Appointment.ended_at > then.moment),
        seated.correlate(None).exists(),
    )
    of_the_branch = seated.where(Position.member_id.in_(of_branch(branch_id, then)))
    return sa.select(sa.union(of_the_branch, secretaries).subquery().c.member_id)


def _seats(branch_id: int, then: Then) -> sa.Select[int]:
    day, any_seat = clock.local_date(then.moment), aliased(Position)
    first = (
        sa.select(sa.func.min(any_seat.starts_on))
        .where(any_seat.organization_id == branch_id, any_seat.kind.in_(COMMITTEE))
        .scalar_subquery()
    )
    in_time = Position.created_at <= max(then.moment, then.known)
    return sa.select(Position.member_id).where(
        Position.organization_id == branch_id,
        Position.kind.in_(COMMITTEE),
        sa.or_(
            Position.starts_on < day,
            sa.and_(sa.or_(Position.starts_on == day, Position.starts_on == first), in_time),
        ),
        sa.or_(
            Position.ends_on.is_(None),
            Position.ends_on > day,
            sa.and_(Position.ends_on == day, Position.updated_at > then.moment),
        ),
    )


def _belonging(body: str, body_id: int, then: Then) -> sa.Select[int]:
    column, other = getattr(Membership, body), aliased(Membership)
    first = (
        sa.select(sa.func.min(_day(other.since)))
        .where(getattr(other, body) == body_id)
        .scalar_subquery()
    )
    since = Membership.since
    return sa.select(Membership.member_id).where(
        column == body_id,
        sa.or_(since <= then.moment, sa.and_(_day(since) == first, since <= then.known)),
        sa.or_(Membership.until.is_(None), Membership.until > then.moment),
    )


def _day(moment: InstrumentedAttribute[datetime]) -> sa.Function[datetime]:
    return sa.func.date(sa.func.timezone("Asia/Shanghai", moment))


def voting(moment: datetime) -> sa.ScalarSelect[bool]:
    """Say whether a member had the vote then: for `Member.voted_then`."""
    standing = sa.and_(Membership.category == MemberCategory.FULL, Membership.electoral_right)
    return (
        sa.select(standing)
        .where(
            Membership.member_id == Member.id,
            sa.or_(Membership.until.is_(None), Membership.until > moment),
        )
        .order_by(Membership.since, Membership.id)
        .limit(1)
        .correlate(Member)
        .scalar_subquery()
    )


def joined_at(member_id: InstrumentedAttribute[int]) -> sa.ScalarSelect[datetime]:
    """Say when a member came to the branch of today, None for who was in its first roster."""
    then, other = aliased(Membership), aliased(Membership)
    away = (
        sa.select(sa.func.max(other.until))
        .where(other.member_id == member_id, other.branch_id != Member.branch_id)
        .correlate(Member)
        .scalar_subquery()
    )
    first = aliased(Membership)
    founded = (
        sa.select(sa.func.min(_day(first.since)))
        .where(first.branch_id == Member.branch_id)
        .correlate(Member)
        .scalar_subquery()
    )
    came = sa.func.min(then.since)
    return (
        sa.select(sa.case((_day(came) == founded, None), else_=came))  # type: ignore[arg-type]
        .where(
            then.member_id == member_id,
            then.branch_id == Member.branch_id,
            sa.or_(away.is_(None), then.since >= away),
        )
        .correlate(Member)
        .scalar_subquery()
    )
