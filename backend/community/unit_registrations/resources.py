"""What a unit offers where it is registered: a list, written as a whole."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from backend.community.unit_registrations.models import (
    ResourceKind,
    ResourceOffer,
    UnitRegistration,
)
from backend.flows.steps import Taken


@dataclass(frozen=True)
class Resource:
    """One line of a resource list as its unit writes it."""

    kind: ResourceKind
    description: str
    amount: str = ""
    times: str = ""


def write(taken: Taken[UnitRegistration], resources: Sequence[Resource]) -> None:
    """Write the list of a registration anew and have it checked."""
    taken.row.resources = [ResourceOffer(**asdict(one)) for one in resources]
    taken.session.flush()
    texts = [text for one in resources for text in (one.description, one.amount, one.times)]
    taken.check("resources", *texts)
