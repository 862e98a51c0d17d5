"""What a community makes of a demand: accept, merge, refer, decline."""

import enum
from dataclasses import dataclass

import sqlalchemy as sa

from backend.community.demands import queries
from backend.community.demands.models import Demand
from backend.core.errors import Conflict, Invalid
from backend.core.personal_numbers import refuse_personal
from backend.flows.steps import Taken


class Decision(enum.StrEnum):
    ACCEPT = "accept"
    MERGE = "merge"
    REFER = "refer"
    DECLINE = "decline"


# What may be published otherwise than it was sent.
REWRITTEN = ("title", "content")


class Outcome(enum.StrEnum):
    SOLVED = "solved"
    NOT_SOLVABLE = "not_solvable"


@dataclass(frozen=True)
class Answer:
    """`title` and `content` are what is published instead of what was sent; None: as sent."""

    decision: Decision
    reason: str | None = None
    merged_into_id: int | None = None
    title: str | None = None
    content: str | None = None


_REASONED = (Decision.REFER, Decision.DECLINE)


def check(taken: Taken[Demand]) -> None:
    """Refuse an answer with which something is said that does not belong to it. Raises Invalid."""
    answer, decision = taken.said, taken.said.decision
    if decision in _REASONED and not answer.reason:
        raise Invalid("reason", "请说明原因；转办的请写明转给谁。")
    if decision is Decision.ACCEPT and answer.reason:
        raise Invalid("reason", "受理不需要说明原因，请留空。")
    if decision is Decision.MERGE and answer.merged_into_id is None:
        raise Invalid("merged_into_id", "请选择合并到哪一项需求。")
    if decision is not Decision.MERGE and answer.merged_into_id is not None:
        raise Invalid("merged_into_id", "只有合并时填写，请留空。")
    if decision is not Decision.ACCEPT:
        for field in REWRITTEN:
            if getattr(answer, field) is not None:
                raise Invalid(field, "只有受理时可以改写，请留空。")
    refuse_personal(title=answer.title, content=answer.content)


def lock_target(taken: Taken[Demand]) -> None:
    """Lock what this one is merged into, second. Raises Invalid, Conflict.

    It is looked at before it is locked: two that wait are never locked crosswise.
    """
    check(taken)
    target = Demand.id == taken.said.merged_into_id
    others = (Demand.community_id == taken.row.community_id, Demand.status.in_(queries.OPEN))
    found = sa.select(Demand.id).where(target, *others)
    session = taken.session
    if session.scalar(found) is None or session.scalar(found.with_for_update()) is None:
        raise Conflict("cannot_merge_into", "只能合并到本社区已受理、已公布或已对接的另一项需求。")


def follow_target(taken: Taken[Demand]) -> None:
    """Let it be shown with what it was merged into, as that is today."""
    target = queries.followed(taken.said.merged_into_id)
    anew = target.execution_options(populate_existing=True)
    taken.row.merged_into = taken.session.scalars(anew).one()


def rewrite(taken: Taken[Demand]) -> None:
    """Write it anew for publishing; what was sent is kept beside."""
    row, changed = taken.row, False
    row.accepted_at = row.decided_at
    for field in REWRITTEN:
        said, sent = getattr(taken.said, field), getattr(row, field)
        if said not in (None, sent):
            setattr(row, f"original_{field}", sent)
            setattr(row, field, said)
            changed = True
    if changed:
        taken.check("text", row.title, row.content)


def is_rewritten_alike(row: Demand, answer: Answer) -> bool:
    """Return whether a demand is published as an answer says."""
    return all(
        getattr(row, field) == getattr(answer, field)
        if getattr(answer, field) is not None
        else getattr(row, f"original_{field}") is None
        for field in REWRITTEN
    )
