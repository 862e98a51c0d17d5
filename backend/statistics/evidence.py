"""Which capability answers for which kind of posting or fact. The one list of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from backend.branch_bodies import evidence as branch_bodies
from backend.duties.evidence import Explained, Fact
from backend.duties.rulepack import Counting
from backend.duties.service import Entry
from backend.duties.subjects import Subject
from backend.meetings import evidence as meetings
from backend.projects import evidence as projects
from backend.projects.demands import evidence as demands
from backend.registrations import evidence as registrations
from backend.unit_registrations import evidence as unit_registrations
from backend.volunteering import evidence as volunteering
from backend.volunteering.activities import evidence as activities


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
