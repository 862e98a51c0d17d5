"""What of claims waits for people."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import sqlalchemy as sa

from backend.community.claims import kinds
from backend.community.claims.flow import FLOW
from backend.community.claims.models import ProjectClaim as C
from backend.community.projects.models import ServiceProject as P
from backend.core.sentences import day, sentence
from backend.core.tasks import Column, Task, TaskKind
from backend.flows.tasks import of_flow
from backend.people.areas import service as areas
from backend.people.members import queries as members
from backend.people.organizations.models import Unit
from backend.support.text_checks import withheld

_unit = sa.select(Unit.name).where(Unit.id == C.unit_id).scalar_subquery()
_member = members.name_of(C.member_id)
_claimant = sa.case((C.unit_id.is_(None), _member), else_=_unit + "（" + _member + "）")
_community = areas.name_of(P.community_id)
_texts = withheld.together(withheld.of(C.__tablename__, C.id), withheld.of(P.__tablename__, P.id))


def _asked(row: Any) -> Iterator[str]:
    yield row.project.title
    yield row.note
    if row.answer_due_provisional:
        yield "当年放假安排尚未公布，答复期限为暂定。"


def _delivered(row: Any) -> Iterator[str]:
    yield row.project.title
    yield row.summary
    yield f"{day(row.delivered_on)}完成"


def _to_deliver(row: Any) -> Iterator[str]:
    yield row.project.title
    if row.return_reason:
        yield f"社区请您补充：{sentence(row.return_reason)}"


def _of(
    kind: TaskKind,
    event: str,
    who: Column,
    *,
    since: Column,
    due: Column | None,
    lines: Callable[[Any], Iterable[str | None]] = lambda row: [row.project.title],
    **facts: Column,
) -> Task:
    return of_flow(
        kind,
        FLOW,
        event,
        since=since,
        due=due,
        who=who,
        facts={"project.title": P.title, "project.status": P.status, **facts},
        withheld=_texts,
        parts={"plan": ["project.title"]},
        lines=lines,
    )


TASKS = (
    _of(
        kinds.ANSWER,
        "accept",
        _claimant,
        since=C.created_at,
        due=C.answer_due_on,
        lines=_asked,
        note=C.note,
        answer_due_provisional=C.answer_due_provisional,
    ),
    _of(
        kinds.COMPLETION,
        "complete",
        _claimant,
        since=C.delivered_at,
        due=None,
        lines=_delivered,
        summary=C.summary,
        delivered_on=C.delivered_on,
    ),
    _of(kinds.RETRY, "retry", _community, since=C.updated_at, due=C.retry_until),
    _of(kinds.START, "start", _community, since=C.accepted_at, due=C.start_due_on),
    _of(
        kinds.DELIVERY,
        "deliver",
        _community,
        since=C.started_at,
        due=P.ends_on,
        lines=_to_deliver,
        return_reason=C.return_reason,
    ),
)
