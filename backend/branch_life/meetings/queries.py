"""Questions about meetings."""

from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, with_expression

from backend.branch_life.meetings import policy
from backend.branch_life.meetings.models import (
    AttendanceRecord,
    Meeting,
    MeetingKind,
    MeetingStatus,
)
from backend.core import wording
from backend.core.actor import Actor
from backend.core.asker import asker_of
from backend.core.finding import found_by
from backend.support.text_checks import withheld


@cache
def shown() -> sa.Select[Meeting]:
    """Select meetings with what every answer shows of them."""
    return sa.select(Meeting).options(
        joinedload(Meeting.organization),
        joinedload(Meeting.group),
        joinedload(Meeting.chair),
        joinedload(Meeting.recorder),
        with_expression(Meeting.withheld, withheld.of(Meeting.__tablename__, Meeting.id)),
    )


def listed(
    actor: Actor,
    *,
    organization_id: int | None = None,
    **wanted: Any,
) -> sa.Select[Meeting]:
    """Select the meetings of the actor's branches, those `wanted` as `_among` says; executed with
    `asked_by`."""
    statement = shown().where(policy.visible(asker_of(actor)))
    if organization_id is not None:
        statement = statement.where(Meeting.organization_id == organization_id)
    return _among(statement, **wanted)


def _among(
    statement: sa.Select[Meeting],
    *,
    kind: MeetingKind | None = None,
    status: MeetingStatus | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    q: str | None = None,
) -> sa.Select[Meeting]:
    """Keep those of a kind and a state that begin within the given moments, both included; `q`:
    part of the title or place, or how it reads."""
    asked = {
        Meeting.kind: kind,
        Meeting.status: status,
    }
    for column, value in asked.items():
        if value is not None:
            statement = statement.where(column == value)
    if since is not None:
        statement = statement.where(Meeting.starts_at >= since)
    if until is not None:
        statement = statement.where(Meeting.starts_at <= until)
    if q is not None:
        statement = statement.where(_meant_by(q))
    return statement


def _meant_by(q: str) -> sa.ColumnElement[bool]:
    # A meeting of before keeps no readings of its place.
    place = wording.sought(sa.func.coalesce(Meeting.place, ""))
    there = place.contains(wording.key(q), autoescape=True)
    return sa.or_(found_by(Meeting.found_as, Meeting.title, q), there)


def mine(actor: Actor, **wanted: Any) -> sa.Select[Meeting]:
    """Select the meetings of the own branch to which the actor is called, as `_among` says;
    executed with `asked_by`."""
    asker = asker_of(actor)
    called = shown().where(asker.belongs(Meeting.organization_id), policy.visible(asker))
    return _among(called, **wanted)


def of_branch(branch_id: int) -> sa.Select[Meeting]:
    """Select all meetings of a branch, as its ledger counts them."""
    return shown().where(Meeting.organization_id == branch_id)


def attendance(meeting_id: int) -> sa.Select[AttendanceRecord]:
    """Select the list of a meeting with the names on it, in order of member."""
    return (
        sa.select(AttendanceRecord)
        .where(AttendanceRecord.meeting_id == meeting_id)
        .options(joinedload(AttendanceRecord.member))
        .order_by(AttendanceRecord.member_id)
        .execution_options(populate_existing=True)  # the list is written by upserts
    )
