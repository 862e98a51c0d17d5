"""Questions about exemptions from attending."""

from datetime import date
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from backend.branch_life.meetings.exemptions.models import AttendanceExemption
from backend.people.members.models import Member


def listed(organization_id: int) -> sa.Select[AttendanceExemption]:
    """Select the exemptions of a branch's members, with their names."""
    return (
        sa.select(AttendanceExemption)
        .join(AttendanceExemption.member)
        .where(Member.branch_id == organization_id, Member.active)
        .options(contains_eager(AttendanceExemption.member))
    )


def overlapping(member_id: int, starts_on: date, ends_on: date) -> sa.Select[AttendanceExemption]:
    """Select the member's exemptions that hold on one of these days."""
    return sa.select(AttendanceExemption).where(
        AttendanceExemption.member_id == member_id,
        AttendanceExemption.starts_on <= ends_on,
        last_day() >= starts_on,
        holds_at_all(),
    )


@cache
def last_day() -> sa.ColumnElement[date]:
    """Select the last day on which an exemption holds."""
    early = AttendanceExemption.ended_on - sa.literal(1, sa.Integer())
    return sa.func.least(AttendanceExemption.ends_on, early, type_=sa.Date())


@cache
def holds_at_all() -> sa.ColumnElement[bool]:
    return last_day() >= AttendanceExemption.starts_on


def exempt_on(day: date) -> sa.Select[int]:
    """Select the ids of the members of whom nothing is required on that day."""
    return sa.select(AttendanceExemption.member_id).where(
        AttendanceExemption.starts_on <= day, last_day() >= day
    )
