"""One area's figures, and which of them must stay hidden (spec 8.5).

A cell of one to four persons is hidden; organisations, units and areas are nobody's private
matter and are always shown. So is whatever would reveal it by subtraction: a sibling,
and what adds up to that sibling. Which cells those are is decided from the top of what the reader
may see downwards, so that the same cell is hidden however somebody comes to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from backend.people.areas.models import Area

SMALL = 5


@dataclass(frozen=True)
class Counts:
    subjects: int = 0
    met: int = 0
    exempt: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.subjects + other.subjects, self.met + other.met, self.exempt + other.exempt
        )


@dataclass(frozen=True)
class Cell:
    """One area's figures; all None when the cell is hidden."""

    area: Area
    subjects: int | None
    met: int | None
    exempt: int | None

    @property
    def rate(self) -> float | None:
        """Met by who had to, 0 to 1; None without anybody or when hidden."""
        if self.subjects is None or self.met is None or self.exempt is None:
            return None
        bound = self.subjects - self.exempt
        return share(self.met, bound) if bound > 0 else None

    @property
    def is_hidden(self) -> bool:
        return self.subjects is None


def share(met: int, bound: int) -> float:
    """Return a share to a tenth of a percent, halves up; all and nothing stand only for all and
    nothing."""
    tenths = (2000 * met + bound) // (2 * bound)
    if 0 < met < bound:
        tenths = min(max(tenths, 1), 999)
    return tenths / 1000


def cell(area: Area, counts: Counts) -> Cell:
    return Cell(area, counts.subjects, counts.met, counts.exempt)


def suppress_total(total: Cell) -> Cell:
    """Hide a total that is itself small; nothing stands beside it."""
    return _hidden(total) if _is_small(total) else total


def suppress(total: Cell, parts: Sequence[Cell]) -> list[Cell]:
    """Hide among the parts of `total` what is small and what would reveal a hidden one.

    `total` is as the reader sees it. Where it is hidden its parts may not add up to it.
    """
    if total.is_hidden and sum(part.subjects or 0 for part in parts) < SMALL:
        return [_hidden(part) for part in parts]
    small = {i for i, part in enumerate(parts) if _is_small(part)}
    if len(small) == 1 or (total.is_hidden and not small):
        rest = [i for i, part in enumerate(parts) if i not in small and part.subjects]
        small |= set(sorted(rest, key=lambda i: (parts[i].subjects or 0, i))[:1])
    return [_hidden(part) if i in small else part for i, part in enumerate(parts)]


def _is_small(one: Cell) -> bool:
    return 0 < (one.subjects or 0) < SMALL


def _hidden(one: Cell) -> Cell:
    return replace(one, subjects=None, met=None, exempt=None)
