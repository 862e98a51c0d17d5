"""Everything that waits for somebody, of all kinds: what has a term by that, then as it came."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from backend.core.actor import Actor
from backend.core.asker import Asker, asked_by, asker_of
from backend.core.db import Base, read
from backend.core.tasks import Column, Task, TaskKind
from backend.flows.flow import Flow
from backend.flows.steps import standing
from backend.support.text_checks import policy as texts
from backend.support.text_checks import withheld

Row = TypeVar("Row", bound=Base)
# Stands for the term of what has none.
NEVER = date(9999, 12, 31)
_PLACE = (
    sa.bindparam("last_due", type_=sa.Date()),
    sa.bindparam("last_since", type_=sa.DateTime(timezone=True)),
    sa.bindparam("last_kind", type_=sa.Text()),
    sa.bindparam("last_id", type_=sa.BigInteger()),
)
_NAMES = postgresql.ARRAY(sa.Text())
# Far more than there are shapes of people and kinds to choose.
_KEPT = 1024


def of_flow(
    kind: TaskKind,
    flow: Flow[Row],
    event: str,
    *,
    also: Callable[[Asker], sa.ColumnElement[bool]] = lambda _asker: sa.true(),
    **what: Any,
) -> Task:
    """Return the task of taking an awaited step. `also`: what else must be so that it waits;
    `what`: see `Task`."""
    step, model = flow.by_event[event], flow.model

    def waits(asker: Asker) -> sa.ColumnElement[bool]:
        status: Any = model.status  # type: ignore[attr-defined]
        due = sa.and_(status.in_(list(step.moves)), step.by.holds(asker), also(asker))
        return sa.and_(flow.visible(asker), due)

    # Those whose steps are open while it waits; the statement is long enough.
    here = [one.by for one in flow.steps if one.noun and one.moves.keys() & step.moves.keys()]
    asked = tuple(dict.fromkeys([*here, *flow.others]))

    def parties(asker: Asker) -> sa.ColumnElement[Any]:
        return standing(asker, asked)

    facts = {"status": model.status, **what.pop("facts", {})}  # type: ignore[attr-defined]
    return Task(kind, model, step.noun, flow.select, waits, parties, flow.can, facts=facts, **what)


@dataclass(frozen=True)
class Place:
    """Where a page of tasks ends."""

    due: date
    since: datetime
    kind: str
    id: int


class Waiting(SimpleNamespace):
    """One thing that waits: what its task reads of it, and what everybody shows."""

    kind: str
    title: str
    id: int
    who: str
    due_on: date | None
    since: datetime
    lines: list[str]
    can: list[str]
    next_step: str
    said: Mapping[str, object] | None
    as_subject: str
    attachments: Sequence[Any]
    place: Place


def page(
    session: Session, actor: Actor, tasks: Sequence[Task], *, most: int, after: Place | None
) -> list[Waiting]:
    """Return what waits for the actor, at most `most`, beyond `after`."""
    told = asked_by(actor) | {"most": most}
    if after is not None:
        told |= dict(zip((one.key for one in _PLACE), vars(after).values(), strict=True))
    built = _page(asker_of(actor), tuple(tasks), after is not None)
    by_kind = {task.kind.name: task for task in tasks}
    rows = [_waiting(actor, by_kind[row.kind], row) for row in read(session, built, told)]
    for beside in dict.fromkeys(task.beside for task in tasks):
        beside(session, actor, [row for row in rows if by_kind[row.kind].beside is beside])
    return rows


def counts(session: Session, actor: Actor, tasks: Sequence[Task]) -> dict[TaskKind, int]:
    """Return how much of each kind waits for the actor, where anything does."""
    found = read(session, _counts(asker_of(actor), tuple(tasks)), asked_by(actor))
    numbers: dict[str, int] = dict(iter(found))
    return {task.kind: numbers[task.kind.name] for task in tasks if numbers[task.kind.name]}


@lru_cache(_KEPT)
def _page(asker: Asker, tasks: tuple[Task, ...], goes_on: bool) -> sa.Select[*tuple[Any, ...]]:
    whole = sa.union_all(*(sa.select(_piece(asker, one, goes_on).subquery()) for one in tasks))
    found = whole.subquery()
    order = (found.c.due, found.c.since, found.c.kind, found.c.id)
    return sa.select(found).order_by(*order).limit(sa.bindparam("most", type_=sa.Integer()))


def _piece(asker: Asker, task: Task, goes_on: bool) -> sa.Select[*tuple[Any, ...]]:
    """Select the first rows of one kind, in the order of all."""
    due = sa.literal(NEVER) if task.due is None else sa.func.coalesce(task.due, NEVER)
    # Some came before that was kept.
    since = sa.func.coalesce(task.since, task.model.updated_at)
    place = (due, since, sa.literal(task.kind.name), task.model.id)
    names = ("due", "since", "kind", "id")
    found = task.select().with_only_columns(
        *(column.label(name) for column, name in zip(place, names, strict=True)),
        sa.cast(task.who, sa.Text).label("who"),
        sa.cast(task.standing(asker), _NAMES).label("parties"),
        _facts(task.facts).label("facts"),
        _withheld(task).label("withheld"),
        maintain_column_froms=True,
    )
    if goes_on:
        found = found.where(sa.tuple_(*place) > sa.tuple_(*_PLACE))
    most = sa.bindparam("most", type_=sa.Integer())
    return found.where(task.waits(asker)).order_by(*place).limit(most)


def _withheld(task: Task) -> sa.ColumnElement[Any]:
    own = withheld.of(task.model.__tablename__, task.model.id)
    return own if task.withheld is None else sa.cast(task.withheld, JSONB())


def _facts(facts: Mapping[str, Column]) -> sa.ColumnElement[Any]:
    return sa.func.jsonb_build_object(
        *(part for name, column in facts.items() for part in (sa.literal(name), column))
    )


@lru_cache(_KEPT)
def _counts(asker: Asker, tasks: tuple[Task, ...]) -> sa.CompoundSelect[Any]:
    return sa.union_all(
        *(
            task.select()
            .with_only_columns(
                sa.literal(task.kind.name), sa.func.count(), maintain_column_froms=True
            )
            .where(task.waits(asker))
            for task in tasks
        )
    )


def _waiting(actor: Actor, task: Task, row: Any) -> Waiting:
    found = Waiting(id=row.id, parties=row.parties, who=row.who or "")
    for name, column in task.facts.items():
        _put(found, name, _fact(column, row.facts[name]))
    for text in withheld.read(row.withheld):
        if not texts.may_read(actor, text):
            _withhold(found, task.parts.get(text.part, [text.part]), text.sentence)
    found.can, found.said = task.can(found), task.said(found)
    # What it waited for may not be open any more: then it waits for what is.
    found.next_step = next(
        (step for step in (task.step, *found.can) if step in found.can), task.step
    )
    found.title = task.title(found) if task.title else task.kind.title
    found.lines = [line for line in task.lines(found) if line]
    found.kind, found.since = row.kind, row.since
    found.due_on = None if row.due == NEVER else row.due
    found.as_subject, found.attachments = f"{task.model.__tablename__}:{row.id}", ()
    found.place = Place(row.due, row.since, row.kind, row.id)
    return found


def _withhold(found: SimpleNamespace, names: Sequence[str], sentence: str) -> None:
    for name in names:
        whole, _, part = name.rpartition(".")
        holder = getattr(found, whole, None) if whole else found
        if value := getattr(holder, part, None):
            setattr(holder, part, [sentence] if isinstance(value, list) else sentence)


def _put(found: SimpleNamespace, name: str, value: object) -> None:
    whole, _, part = name.rpartition(".")
    if whole:
        found.__dict__.setdefault(whole, SimpleNamespace())
    setattr(getattr(found, whole) if whole else found, part, value)


def _fact(column: Column, value: Any) -> Any:
    """Return what JSON brought as what its column holds."""
    kind = column.type
    if value is None:
        return None
    if isinstance(kind, sa.DateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, sa.Date):
        return date.fromisoformat(value)
    return kind.enum_class(value) if isinstance(kind, sa.Enum) and kind.enum_class else value
