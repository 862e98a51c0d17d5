"""What of demands waits for people."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from backend.community.demands import kinds, policy
from backend.community.demands.flow import FLOW
from backend.community.demands.models import Demand, DemandKind, DemandSource, DemandStatus
from backend.core.sentences import day
from backend.flows.tasks import of_flow
from backend.people.areas import service as areas
from backend.people.organizations.models import Unit

SOURCES = {
    DemandSource.RESIDENT: "居民",
    DemandSource.MEMBER: "党员",
    DemandSource.UNIT: "单位",
    DemandSource.GRID_WORKER: "网格员",
    DemandSource.COMMUNITY: "社区",
}
ENDS = {DemandStatus.SOLVED: "已解决", DemandStatus.NOT_SOLVABLE: "暂时无法解决"}
# What is checked as one text, and withheld as one.
TEXT = {"text": ["who", "content"]}


def _wanted(row: Any) -> Iterator[str]:
    yield row.content
    brought = f"{row.unit or SOURCES[row.source]}提出" if policy.may_see_source(row) else ""
    code = row.beneficiary_code and f"编号{row.beneficiary_code}"
    until = row.needed_by and f"希望{day(row.needed_by)}前"
    yield "，".join(filter(None, (brought, code, until)))


TASKS = (
    of_flow(
        kinds.TRIAGE,
        FLOW,
        "accept",
        since=Demand.submitted_at,
        who=Demand.title,
        facts={
            "kind": Demand.kind,
            "content": Demand.content,
            "unit": sa.select(Unit.name).where(Unit.id == Demand.unit_id).scalar_subquery(),
            "source": Demand.source,
            "beneficiary_code": Demand.beneficiary_code,
            "needed_by": Demand.needed_by,
        },
        parts=TEXT,
        title=lambda row: "微心愿" if row.kind is DemandKind.MICRO_WISH else kinds.TRIAGE.title,
        lines=_wanted,
    ),
    of_flow(
        kinds.EVALUATION,
        FLOW,
        "evaluate",
        # Once, and by nobody who did the work.
        also=lambda asker: sa.and_(Demand.solved.is_(None), ~policy.WORKED_ON_IT.holds(asker)),
        since=Demand.updated_at,
        who=Demand.title,
        facts={
            "community": areas.name_of(Demand.community_id),
            "decision_reason": Demand.decision_reason,
            "solved": Demand.solved,
        },
        parts=TEXT,
        lines=lambda row: [f"{row.community}：{ENDS[row.status]}", row.decision_reason],
    ),
)
