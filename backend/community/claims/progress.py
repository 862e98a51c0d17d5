"""How far a claim is: when each step was, never who took it."""

from backend.community.claims.models import ClaimStatus, ProjectClaim
from backend.core.timeline import Mark, Step, timeline

_OVER = {
    ClaimStatus.WITHDRAWN: "已撤回",
    ClaimStatus.DECLINED: "未被接受",
    ClaimStatus.RELEASED: "已结束",
    ClaimStatus.FAILED: "未能完成",
}


def of(claim: ProjectClaim) -> list[Step]:
    """Return the steps of a claim, from asking for a place to the community's taking over."""
    delivered = claim.status in (ClaimStatus.DELIVERED, ClaimStatus.COMPLETED)
    marks = [
        Mark("submitted", "提交", claim.created_at),
        Mark("accepted", "受理", claim.accepted_at),
        Mark("started", "开始", claim.started_at),
        # What was sent back is to be delivered again.
        Mark("delivered", "完成", claim.delivered_at if delivered else None),
        Mark("completed", "验收", claim.completed_at),
    ]
    label = _OVER.get(claim.status)
    return timeline(marks, over=Mark(claim.status.value, label, claim.ended_at) if label else None)
