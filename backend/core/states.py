"""State machines as tables: what may happen to a thing, to whom it is open, and what it becomes."""

import enum
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from backend.core.errors import Conflict, Forbidden

S = TypeVar("S", bound=enum.StrEnum)


@dataclass(frozen=True)
class Guard:
    """What refuses a step though the state allows it. It is declared once: the service raises it,
    the document prints what it `says` must be so. `message` is for whoever is refused."""

    code: str
    says: str
    message: str
    # The question, where the row alone answers it.
    holds: Callable[[Any], bool] | None = None
    # Forbidden where it is about who asks.
    error: type[Conflict | Forbidden] = Conflict

    def allows(self, row: Any) -> bool:
        """Return whether nothing is known of the row that refuses the step."""
        return self.holds is None or self.holds(row)

    def check(self, row: Any) -> None:
        """Raise the refusal where the row does not allow the step."""
        if not self.allows(row):
            raise self.refusal()

    def refusal(self, **values: object) -> Conflict | Forbidden:
        """Return what to raise; `values` stand in the message."""
        return self.error(self.code, self.message.format(**values))


@dataclass(frozen=True)
class Transition(Generic[S]):
    """`who` and `guard` are for readers, policies and services enforce them; `guards` are what the
    services raise."""

    source: S
    event: str
    target: S
    who: str
    guard: str = ""
    guards: tuple[Guard, ...] = ()


class Machine(Generic[S]):
    """The allowed transitions of one kind of thing. What is not in the table is a Conflict."""

    def __init__(self, noun: str, transitions: Iterable[Transition[S]]) -> None:
        self.noun = noun
        self.transitions = tuple(transitions)
        self._targets = {(t.source, t.event): t.target for t in self.transitions}
        self.events = frozenset(t.event for t in self.transitions)

    def after(self, state: S, event: str) -> S:
        """Return the state after `event`; raises Conflict `<noun>_state_forbids`."""
        try:
            return self._targets[state, event]
        except KeyError:
            raise Conflict(
                f"{self.noun}_state_forbids", "当前状态不允许此操作，请刷新后查看最新状态。"
            ) from None
