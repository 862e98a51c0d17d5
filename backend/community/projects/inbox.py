"""What of projects waits for people."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from backend.community.projects import kinds
from backend.community.projects.flow import FLOW
from backend.community.projects.models import ServiceProject as P
from backend.core.risk import RiskClass
from backend.core.sentences import sentence
from backend.flows.tasks import of_flow
from backend.people.areas import service as areas

RISKS = {
    RiskClass.LOW: "一般",
    RiskClass.MEDIUM: "有一定风险",
    RiskClass.HIGH: "风险较高",
}


def _project(row: Any) -> Iterator[str]:
    yield row.community
    yield row.content
    yield f"风险：{RISKS[row.risk]}"
    if row.insurance_note:
        yield f"保险：{sentence(row.insurance_note)}"
    if row.funded:
        yield "需要经费，款项不经过本系统。"


TASKS = (
    of_flow(
        kinds.REVIEW,
        FLOW,
        "approve",
        since=P.created_at,
        who=P.title,
        facts={
            "community": areas.name_of(P.community_id),
            "content": P.content,
            "risk": P.risk,
            "insurance_note": P.insurance_note,
            "funded": P.funded,
            "claim_deadline": P.claim_deadline,
            # Nobody has claimed it yet.
            "delivered": sa.false(),
        },
        parts={"plan": ["who", "content", "insurance_note"]},
        lines=_project,
    ),
)
