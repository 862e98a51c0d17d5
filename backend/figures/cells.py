"""One area's figures, and which of them must stay hidden (spec 8.5).

A cell of one to four persons is hidden; organisations, units and areas are nobody's private
matter and are always shown. So is whatever would reveal it by subtraction: a sibling,
and what adds up to that sibling. Which cells those are is decided from the top of what the reader
may see downwards, so that the same cell is hidden however somebody comes to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from backend.ledger.rulepack import Modality, Rule, Target
from backend.ledger.verdicts import Verdict
from backend.people.areas.models import Area

SMALL = 5


@dataclass(frozen=True)
class Counts:
    """`bound` by now, exempt or not. Of these `met`: each period that has ended, and the running
    one; `on_the_way`: nothing overdue, the running period still open."""

    bound: int = 0
    met: int = 0
    on_the_way: int = 0
    overdue: int = 0
    exempt: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.bound + other.bound,
            self.met + other.met,
            self.on_the_way + other.on_the_way,
            self.overdue + other.overdue,
            self.exempt + other.exempt,
        )


@dataclass(frozen=True)
class Cell:
    """One area's figures for one rule; `counts` is None when the cell is hidden."""

    area: Area
    rule: Rule
    counts: Counts | None

    @property
    def bound(self) -> int | None:
        return None if self.counts is None else self.counts.bound

    @property
    def met(self) -> int | None:
        return None if self.counts is None else self.counts.met

    @property
    def on_the_way(self) -> int | None:
        return None if self.counts is None else self.counts.on_the_way

    @property
    def overdue(self) -> int | None:
        return None if self.counts is None else self.counts.overdue

    @property
    def exempt(self) -> int | None:
        return None if self.counts is None else self.counts.exempt

    @property
    def rate(self) -> float | None:
        """Met by who had to, 0 to 1; None without anybody, when hidden, and where it would fall to
        nothing on the first day of each quarter though all are on track."""
        if self.counts is None or self.rule.has_periods:
            return None
        owing = self.counts.bound - self.counts.exempt
        return share(self.counts.met, owing) if owing > 0 else None

    @property
    def needed(self) -> int | None:
        """How many of the subjects have to have met it, where the share itself is judged here."""
        target = self._target
        if target is None or self.counts is None:
            return None
        return target.needed(self.counts.bound - self.counts.exempt)

    @property
    def verdict(self) -> Verdict | None:
        """How the area itself stands, where the share is judged here."""
        if self.needed is None or self.counts is None or not self.counts.bound:
            return None
        if self.rule.modality is not Modality.MUST:
            return Verdict.PROGRESS
        return Verdict.MET if self.counts.met >= self.needed else Verdict.OVERDUE

    @property
    def _target(self) -> Target | None:
        target = self.rule.target
        level = f"area:{self.area.level}"
        kind = f"area:{self.area.kind}"
        return target if target and {level, kind} & {*target.judged} else None

    @property
    def is_hidden(self) -> bool:
        return self.counts is None


def share(met: int, bound: int) -> float:
    """Return a share to a tenth of a percent, halves up; all and nothing stand only for all and
    nothing."""
    tenths = (2000 * met + bound) // (2 * bound)
    if 0 < met < bound:
        tenths = min(max(tenths, 1), 999)
    return tenths / 1000


def suppress_total(total: Cell) -> Cell:
    """Hide a total that is itself small; nothing stands beside it."""
    return _hidden(total) if _is_small(total) else total


def suppress(total: Cell, parts: Sequence[Cell]) -> list[Cell]:
    """Hide among the parts of `total` what is small and what would reveal a hidden one.

    `total` is as the reader sees it. Where it is hidden its parts may not add up to it.
    """
    if total.is_hidden and sum(part.bound or 0 for part in parts) < SMALL:
        return [_hidden(part) for part in parts]
    small = {i for i, part in enumerate(parts) if _is_small(part)}
    if len(small) == 1 or (total.is_hidden and not small):
        rest = [i for i, part in enumerate(parts) if i not in small and part.bound]
        small |= set(sorted(rest, key=lambda i: (parts[i].bound or 0, i))[:1])
    return [_hidden(part) if i in small else part for i, part in enumerate(parts)]


def _is_small(one: Cell) -> bool:
    return 0 < (one.bound or 0) < SMALL


def _hidden(one: Cell) -> Cell:
    return replace(one, counts=None)
