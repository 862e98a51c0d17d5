"""A branch with a secretary and seven members, and the addresses of its bodies."""

from dataclasses import dataclass

from backend.core.actor import Actor
from backend.people.members.models import Member
from backend.people.organizations.models import Organization
from tests.factories import Make


@dataclass
class Branch:
    row: Organization
    secretary: Actor
    people: list[Member]

    @property
    def committee(self) -> str:
        return f"/organizations/{self.row.id}/committee"

    @property
    def groups(self) -> str:
        return f"/organizations/{self.row.id}/groups"


def branch_of_eight(make: Make) -> Branch:
    row = make.branch()
    secretary = make.branch_secretary(row)
    return Branch(row, secretary, [make.member(row) for _ in range(7)])
