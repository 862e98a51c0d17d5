"""What a capability declares of what waits for people, so that one statement asks for all of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from backend.core.actor import Actor
from backend.core.asker import Asker
from backend.core.kinds import Kind

Column = sa.ColumnElement[Any] | InstrumentedAttribute[Any]


@dataclass(frozen=True)
class TaskKind(Kind):
    """`title`: what it is called on a screen."""

    title: str = ""


def nothing_said(_row: Any) -> Mapping[str, object] | None:
    """Return nothing: with most steps nothing need be said, or it is the actor's to think of."""
    return None


@dataclass(frozen=True, eq=False)
class Task:
    """Rows of one kind that wait for somebody to take the step `step`.

    `select` joins what the columns named here are of; `waits`: whether a row waits for the asker;
    `standing`: which of its parties the asker is, from which `can` tells the steps open to them.
    `who`: whom or what it is about, as its heading. `facts`: what else is read of a row, by the
    names under which `can` and `lines` ask for it; `meeting.title` stands in `row.meeting`.
    `withheld`: which texts are, if not those of the row alone; `parts`: which facts are checked as
    a part of another name. `title`: what a row is called, if not as its kind. `lines`: what is to
    be known of it, in words. `said`: what is to be said with the step as it was seen. `beside`:
    gives rows their attachments.
    """

    kind: TaskKind
    model: type[Any]
    step: str
    select: Callable[[], sa.Select[Any]]
    waits: Callable[[Asker], sa.ColumnElement[bool]]
    standing: Callable[[Asker], sa.ColumnElement[Any]]
    can: Callable[[Any], list[str]]
    since: Column
    who: Column
    lines: Callable[[Any], Iterable[str | None]]
    due: Column | None = None
    facts: Mapping[str, Column] = field(default_factory=dict)
    parts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    title: Callable[[Any], str] | None = None
    said: Callable[[Any], Mapping[str, object] | None] = nothing_said
    withheld: Column | None = None
    beside: Callable[[Session, Actor, Sequence[Any]], None] = lambda _session, _actor, _rows: None
