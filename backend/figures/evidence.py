"""Which capability answers for which kind of posting or fact. The one list of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from backend.branch_life.branch_bodies import evidence as branch_bodies
from backend.branch_life.meetings import evidence as meetings
from backend.community.demands import evidence as demands
from backend.community.projects import evidence as projects
from backend.community.registrations import evidence as registrations
from backend.community.unit_registrations import evidence as unit_registrations
from backend.community.volunteering import evidence as volunteering
from backend.community.volunteering.activities import evidence as activities
from backend.ledger.evidence import Explained, Fact
from backend.ledger.rulepack import Counting
from backend.ledger.service import Entry
from backend.ledger.subjects import Subject


@dataclass(frozen=True)
class Capability:
    """`entries` and `facts` restate the sources; `explain` shows one subject's of a year."""

    kinds: frozenset[str]
    entries: Callable[[Session, Counting], Iterator[Entry]]
    facts: Callable[[Session], Iterator[Fact]]
    explain: Callable[[Session, Counting, Subject, int], list[Explained]]


CAPABILITIES = tuple(
    Capability(module.KINDS, module.entries, module.facts, module.explain)
    for module in (
        activities,
        branch_bodies,
        demands,
        meetings,
        projects,
        registrations,
        unit_registrations,
        volunteering,
    )
)
