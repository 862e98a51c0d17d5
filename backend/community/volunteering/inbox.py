"""What of service records waits for people."""

from collections.abc import Iterator
from typing import Any

from backend.community.volunteering import kinds
from backend.community.volunteering.flow import FLOW
from backend.community.volunteering.models import ServiceRecord as R
from backend.community.volunteering.words import CATEGORIES
from backend.core.sentences import duration, span
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
        yield f"已作废：{row.void_reason}"
    yield f"本人异议：{row.dispute_reason}"


TASKS = (
    of_flow(
        kinds.CONFIRMATION,
        FLOW,
        "confirm",
        since=R.submitted_at,
        due=R.confirm_due_on,
        who=members.name_of(R.member_id),
        facts=SERVICE | {"late": R.late},
        title=lambda row: "补录服务" if row.late else kinds.CONFIRMATION.title,
        lines=_service,
        beside=attachments.fill,
    ),
    of_flow(
        kinds.RECORD_CORRECTION,
        FLOW,
        "resubmit",
        since=R.decided_at,
        who=areas.name_of(R.community_id),
        facts=SERVICE | {"return_reason": R.return_reason},
        lines=lambda row: (row.return_reason, *_service(row)),
    ),
    of_flow(
        kinds.DISPUTE,
        FLOW,
        "uphold",
        since=R.updated_at,
        who=members.name_of(R.member_id),
        facts=SERVICE | {"dispute_reason": R.dispute_reason, "void_reason": R.void_reason},
        lines=_contested,
        beside=attachments.fill,
    ),
)
