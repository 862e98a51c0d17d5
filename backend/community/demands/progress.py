"""How far a demand is, for whoever may read it: when each step was, never who took it."""

from backend.community.demands.models import Demand, DemandStatus
from backend.core.timeline import Mark, Step, timeline

S = DemandStatus
_OVER = {
    S.REFERRED: "已转办",
    S.DECLINED: "未予受理",
    S.NOT_SOLVABLE: "暂时无法解决",
    S.EXPIRED: "公布期满",
    S.WITHDRAWN: "已撤回",
}


def of(demand: Demand) -> list[Step]:
    """Return the steps of a demand; one that was merged goes on with the other's."""
    whole = demand.merged_into or demand
    answered = (
        Mark("accepted", "受理", demand.accepted_at)
        if whole is demand
        else Mark("merged", "合并办理", demand.decided_at)
    )
    marks = [
        Mark("submitted", "提交", demand.submitted_at),
        answered,
        Mark("published", "公布", whole.published_at),
        Mark("claimed", "认领", whole.claimed_at),
        Mark("completed", "完成", whole.decided_at if whole.status is S.SOLVED else None),
    ]
    return timeline(marks, over=_over(whole))


def _over(demand: Demand) -> Mark | None:
    label = _OVER.get(demand.status)
    if label is None:
        return None
    # Nobody decides about what is withdrawn.
    at = None if demand.status is S.WITHDRAWN else demand.decided_at
    return Mark(demand.status.value, label, at)
