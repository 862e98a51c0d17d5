"""What of service records waits for people."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from backend.community.volunteering import kinds
from backend.community.volunteering.flow import FLOW
from backend.community.volunteering.models import ServiceRecord as R
from backend.community.volunteering.words import CATEGORIES
from backend.core.sentences import duration, sentence, span
from backend.core.tasks import Task, TaskKind
from backend.flows.tasks import of_flow
from backend.people.areas import service as areas
from backend.people.members import queries as members
from backend.support.attachments import queries as attachments

SERVICE = {
    "category": R.category,
    "content": R.content,
    "started_at": R.started_at,
    "ended_at": R.ended_at,
    "duration_min": R.duration_min,
    "recorded_anew": R.status != R.status,
}


def _service(row: Any) -> Iterator[str]:
    yield f"{CATEGORIES[row.category]}，{duration(row.duration_min)}"
    yield span(row.started_at, row.ended_at)
    yield row.content


def _contested(row: Any) -> Iterator[str]:
    yield from _service(row)
    if row.void_reason:
        yield f"已作废：{sentence(row.void_reason)}"
    yield f"本人异议：{sentence(row.dispute_reason)}"


def _confirmation(kind: TaskKind, when: sa.ColumnElement[bool]) -> Task:
    return of_flow(
        kind,
        FLOW,
        "confirm",
        also=lambda _asker: when,
        since=R.submitted_at,
        due=R.confirm_due_on,
        who=members.name_of(R.member_id),
        facts=SERVICE,
        lines=_service,
        beside=attachments.fill,
    )


def _dispute(kind: TaskKind, when: sa.ColumnElement[bool]) -> Task:
    return of_flow(
        kind,
        FLOW,
        "uphold",
        also=lambda _asker: when,
        since=R.updated_at,
        who=members.name_of(R.member_id),
        facts=SERVICE | {"dispute_reason": R.dispute_reason, "void_reason": R.void_reason},
        lines=_contested,
        beside=attachments.fill,
    )


TASKS = (
    _confirmation(kinds.CONFIRMATION, ~R.late),
    _confirmation(kinds.LATE_CONFIRMATION, R.late.is_(True)),
    of_flow(
        kinds.RECORD_CORRECTION,
        FLOW,
        "resubmit",
        since=R.decided_at,
        who=areas.name_of(R.community_id),
        facts=SERVICE | {"return_reason": R.return_reason},
        lines=lambda row: (row.return_reason, *_service(row)),
    ),
    _dispute(kinds.DISPUTE, R.void_reason.is_(None)),
    _dispute(kinds.VOID_DISPUTE, R.void_reason.is_not(None)),
)
