"""What a flow is declared of: the parties of a thing, and the steps that may be taken on it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from backend.core.actor import Actor
from backend.core.asker import Asker
from backend.core.db import Base
from backend.core.errors import DomainError, Forbidden
from backend.core.states import Guard
from backend.ledger.rulepack import RulePack
from backend.support.text_checks import service as text_checks
from backend.support.text_checks.declared import TextKind

Row = TypeVar("Row", bound=Base)


@dataclass(frozen=True)
class Party:
    """Who stands how to a thing: one condition, for rows in a query and for the row in hand, which
    the database evaluates as it reads it. `code` and `message` are for whoever is refused;
    `otherwise`: what is said instead where the row knows better. `alone`: only ever one person is
    this party to a thing, so that what was said by it was said by the same."""

    name: str
    holds: Callable[[Asker], sa.ColumnElement[bool]]
    code: str = "not_yours"
    message: str = "只能办理本人的事项。"
    otherwise: Callable[[Any], DomainError | None] = lambda _row: None
    alone: bool = False

    def stands(self, row: Any) -> bool:
        """Return whether whoever a row was read for is this party to it."""
        return self.name in (row.parties or ())

    def check(self, row: Any) -> None:
        """Raise what is said to others."""
        if not self.stands(row):
            raise self.otherwise(row) or self.refusal()

    def refusal(self) -> DomainError:
        return Forbidden(self.code, self.message)


def standing(asker: Asker, parties: Iterable[Party]) -> sa.ColumnElement[list[str]]:
    """Return which of the parties the asker is to a row, by name, for its `parties`."""
    held = [sa.case((party.holds(asker), party.name)) for party in parties]
    return sa.func.array_remove(postgresql.array[Any](held, type_=sa.Text()), None)


# Takes the steps that come with time.
CLOCK = Party("worker", lambda _asker: sa.false())


@dataclass(frozen=True)
class Nothing:
    """What is said with a step that needs no words."""


@dataclass(frozen=True)
class Reason:
    """Why: the other side reads it."""

    reason: str


# What becomes of which of a thing's words; what is left out stays.
Changes = Mapping[str, Any]


@dataclass(frozen=True)
class Taken(Generic[Row]):
    """A step as it is taken: all that what goes before it and follows from it may need."""

    session: Session
    row: Row
    by: Actor | None
    said: Any = Nothing()
    pack: RulePack | None = None
    # Of which kind the texts of the row are, and the community that answers for them.
    texts: TextKind | None = None
    area_id: int | None = None

    @property
    def actor(self) -> Actor:
        """Who takes it."""
        if self.by is None:
            raise TypeError("nobody takes what comes with time")
        return self.by

    @property
    def rules(self) -> RulePack:
        if self.pack is None:
            raise TypeError("this step is to be called with the rule pack")
        return self.pack

    def check(self, part: str, *texts: str | None) -> None:
        """Have texts of the row checked, as one part of it."""
        if self.texts is None:
            raise TypeError("this flow declares no texts")
        text_checks.submit(
            self.session,
            self.actor,
            kind=self.texts,
            subject=self.row.as_subject,
            part=part,
            area_id=self.area_id,
            texts=texts,
        )


def nothing(_taken: Taken[Any]) -> None:
    """Do nothing, as before most steps and after some."""


def never(_taken: Taken[Any]) -> bool:
    """Tell that a step is not done already, where neither state nor words show it."""
    return False


def no_details(_taken: Taken[Any]) -> Mapping[str, object]:
    """Add nothing to the audit log, as with most steps."""
    return {}


def nobody(_session: Session, _row: Any) -> None:
    """Tell nobody, as of some steps."""


@dataclass(frozen=True)
class Step(Generic[Row]):
    """One step. It is taken in the order in which its parts stand here.

    `noun`: its name in the address and in `can`; none for what the clock does, or another flow.
    `summary`: what it does, for whoever reads this or the document of the interface. `moves`: from
    which state to which. `again`: whether it is done already; None: the thing is in the state it
    leads to, signed by the same person, or nothing is said with it. `within`: what must be so of
    that to which the thing belongs; it is asked before the state. `first`: what must be so or be
    done while the thing is still as it was. `writes`: which of what is said goes into which column;
    texts are checked. `signs`: fills `<signs>_by` and `<signs>_at` or `<signs>_on`. `then`: what
    else happens with it. `past`: its name in the audit log; none: it is not noted. `details`: what
    stands there with it. `tells`: news of it. `afterwards`: what comes of it elsewhere, once it is
    told. `awaited`: it waits for its party as long as the thing is in a state it leads from.
    """

    event: str
    noun: str
    summary: str
    moves: Mapping[Any, Any]
    by: Party
    guard: str = ""
    guards: Sequence[Guard] = ()
    says: type[Any] = Nothing
    again: Callable[[Taken[Row]], bool] | None = None
    within: Sequence[Guard] = ()
    first: Callable[[Taken[Row]], None] = nothing
    writes: Mapping[str, str] = field(default_factory=dict)
    signs: str = ""
    then: Callable[[Taken[Row]], None] = nothing
    past: str = ""
    details: Callable[[Taken[Row]], Mapping[str, object]] = no_details
    tells: Callable[[Session, Row], None] = nobody
    afterwards: Callable[[Taken[Row]], None] = nothing
    awaited: bool = False
