"""The shapes in which capabilities state and explain what the ledger holds of them.

Each capability's `evidence.py` offers `entries` (what must be posted), `facts` (what must stand)
where it has any, and `explain` (its sources for one subject, counted or not, and why).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from backend.ledger.rulepack import Counting
from backend.ledger.service import Entry, Source
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


@dataclass(frozen=True)
class Sources:
    """What one capability answers for: the `kinds` of postings and facts that are its own.

    `entries` and `facts` restate the sources; `explain` shows one subject's of a year.
    """

    kinds: frozenset[str]
    entries: Callable[[Session, Counting], Iterator[Entry]]
    facts: Callable[[Session], Iterator[Fact]]
    explain: Callable[[Session, Counting, Subject, int], list[Explained]]
