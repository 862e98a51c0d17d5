"""The shapes in which capabilities state and explain what the ledger holds of them.

Each capability's `evidence.py` offers `entries` (what must be posted), `facts` (what must stand)
where it has any, and `explain` (its sources for one subject, counted or not, and why).
"""

from dataclasses import dataclass
from datetime import date

from backend.ledger.service import Source
from backend.ledger.subjects import Subject


@dataclass(frozen=True)
class Fact:
    """A standing fact as its source says it must be."""

    kind: str
    subject: Subject
    source: Source
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class Explained:
    """One source seen from its subject. `why_not` is a sentence for people; None: as posted.

    `kind`: what it would count as, where a capability has several kinds.
    """

    source: Source
    occurred_on: date
    title: str
    why_not: str | None = None
    kind: str | None = None
