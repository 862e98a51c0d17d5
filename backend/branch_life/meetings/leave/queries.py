"""Questions about requests for leave."""

from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, with_expression

from backend.branch_life.meetings.leave.models import LeaveRequest, LeaveStatus
from backend.branch_life.meetings.models import Meeting, MeetingStatus
from backend.core.actor import Actor, PositionKind, Role
from backend.core.own import is_anothers, is_own
from backend.support.text_checks import withheld

LIVE = (LeaveStatus.SUBMITTED, LeaveStatus.APPROVED)


@cache
def shown() -> sa.Select[LeaveRequest]:
    """Select requests with what every answer shows of them: who, and from which meeting."""
    return (
        sa.select(LeaveRequest)
        .join(LeaveRequest.meeting)
        .options(
            contains_eager(LeaveRequest.meeting).joinedload(Meeting.organization),
            contains_eager(LeaveRequest.meeting).with_expression(
                Meeting.withheld, withheld.of(Meeting.__tablename__, Meeting.id)
            ),
            joinedload(LeaveRequest.member),
            with_expression(
                LeaveRequest.withheld, withheld.of(LeaveRequest.__tablename__, LeaveRequest.id)
            ),
        )
    )


def visible(actor: Actor) -> sa.ColumnElement[bool]:
    """One's own, and those of the branches whose secretary or deputy one is."""
    led = actor.organizations(Role.BRANCH_SECRETARY)
    deputised = actor.serves(PositionKind.DEPUTY_SECRETARY)
    return sa.or_(
        is_own(LeaveRequest.member_id, actor.member_id),
        Meeting.organization_id.in_(led | deputised),
    )


def listed(
    actor: Actor,
    *,
    organization_id: int | None = None,
    status: LeaveStatus | None = None,
    decidable: bool = False,
) -> sa.Select[LeaveRequest]:
    """Select what the actor may see; `decidable`: what waits for the actor's decision."""
    statement = shown().where(visible(actor))
    if organization_id is not None:
        statement = statement.where(Meeting.organization_id == organization_id)
    if status is not None:
        statement = statement.where(LeaveRequest.status == status)
    if decidable:
        statement = statement.where(
            LeaveRequest.status == LeaveStatus.SUBMITTED,
            Meeting.status == MeetingStatus.CONVENED,
            is_anothers(LeaveRequest.member_id, actor.member_id),
        )
    return statement


def of_meeting(meeting_id: int, member_id: int | None = None) -> sa.Select[LeaveRequest]:
    """Select the requests of a meeting, or one member's of them, the newest first."""
    statement = (
        sa.select(LeaveRequest)
        .where(LeaveRequest.meeting_id == meeting_id)
        .options(
            joinedload(LeaveRequest.member),
            with_expression(
                LeaveRequest.withheld, withheld.of(LeaveRequest.__tablename__, LeaveRequest.id)
            ),
        )
        .order_by(LeaveRequest.id.desc())
    )
    return statement if member_id is None else statement.where(LeaveRequest.member_id == member_id)
