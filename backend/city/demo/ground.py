"""Where the registers of the demo city lie, handed from one to the next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random

from backend.city.demo import names
from backend.people.areas.models import Area
from backend.people.organizations.models import Organization

# A row of a list: cells by the keys of their columns.
Line = dict[str, str]
SINCE = date(2020, 1, 1).isoformat()


@dataclass
class Ground:
    """`home`: the communities in which the demo's own units lie, one branch in each; `members`: one
    of each branch. What is brought first is kept for what belongs to it."""

    random: Random
    city: Area
    districts: Sequence[Area]
    streets: Sequence[Area]
    communities: Sequence[Area]
    home: Sequence[Area]
    branches: Sequence[Organization]
    members: Mapping[int, str]
    estates: dict[int, list[str]] = field(default_factory=dict)
    grids: dict[int, list[str]] = field(default_factory=dict)
    leaders: list[tuple[Area, str]] = field(default_factory=list)
    meetings: list[Area] = field(default_factory=list)
    committees: list[Area] = field(default_factory=list)

    @property
    def unseen(self) -> Area:
        """The community of whose estates nobody knows anything."""
        return self.communities[-1]

    def branch_near(self, area: Area, *, often: float) -> str:
        """Return a branch of the same district, as often as is said; else none."""
        near = [one for one, place in zip(self.branches, self.home, strict=True)
                if place.district_id == area.district_id]  # fmt: skip
        chance = self.random.random()
        return self.random.choice(near).name if near and chance < often else ""

    def below(self, area: Area) -> list[Area]:
        """Return the communities of an area."""
        return [
            one
            for one in self.communities
            if area.id in (one.township_id, one.district_id, one.city_id)
        ]

    def often(self, share: float) -> bool:
        return self.random.random() < share

    def people(self, number: int) -> list[str]:
        """Return made-up names, no two alike."""
        found: dict[str, None] = {}
        while len(found) < number:
            found[names.person(self.random)] = None
        return [*found]


def said(**cells: str | int | None) -> Line:
    """Return a line without what is empty; `v_` stands before the names of fields."""
    return {
        key.replace("v_", "values.", 1) if key.startswith("v_") else key: str(cell)
        for key, cell in cells.items()
        if cell not in (None, "")
    }
