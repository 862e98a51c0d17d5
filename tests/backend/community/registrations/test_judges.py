"""Who answers for a registration outside the city: the home branch, of its secretary also above."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.community.registrations import lists
from backend.community.registrations.flow import FLOW
from backend.community.registrations.models import (
    CommunityRegistration,
    RegistrationKind,
    RegistrationStatus,
    ResidenceBasis,
)
from backend.community.registrations.policy import DECIDER
from backend.core import clock
from backend.core.actor import Actor, Role
from backend.core.asker import asked_by, asker_of
from backend.people.members.models import Member
from tests.factories import Make


class Branches:
    """A branch below an organisation, beside another one, each with a secretary."""

    def __init__(self, session: Session, make: Make) -> None:
        self.session = session
        above = make.branch()
        home, beside = make.branch(parent_id=above.id), make.branch(parent_id=above.id)
        self.people: dict[str, Actor] = {
            "home": make.branch_secretary(home),
            "deputy": make.branch_secretary(home),
            "above": make.branch_secretary(above),
            "beside": make.branch_secretary(beside),
            "member": make.actor(make.member(home)),
            "unlinked": make.unlinked(),
        }
        self.member, self.top = make.member(home), above
        self.led = make.session_member(self.people["home"])
        self.above_led = make.session_member(self.people["above"])

    def registered(self, member: Member) -> CommunityRegistration:
        row = CommunityRegistration(
            member=member,
            kind=RegistrationKind.PRIMARY,
            basis=ResidenceBasis.EXTERNAL,
            external_place="外地",
            status=RegistrationStatus.SUBMITTED,
            submitted_at=clock.now(),
            answer_due_on=clock.today(),
            skills=[],
            interests=[],
            availability="",
        )
        self.session.add(row)
        self.session.flush()
        return row

    def judges(self, row: CommunityRegistration) -> set[str]:
        """Those who may decide, asked of the row and, alike, of the rows of a list."""
        may = {name for name, actor in self.people.items() if self.may_decide(actor, row)}
        for name, actor in self.people.items():
            listed = self.session.scalars(lists.listed(actor, decidable=True), asked_by(actor))
            assert (row.id in {one.id for one in listed}) == (name in may), name
        return may

    def may_decide(self, actor: Actor, row: CommunityRegistration) -> bool:
        found = FLOW.shown(asker_of(actor)).where(CommunityRegistration.id == row.id)
        anew = found.execution_options(populate_existing=True)
        seen = self.session.scalars(anew, asked_by(actor)).first()
        return seen is not None and DECIDER.stands(seen)


@pytest.fixture
def branches(session: Session, make: Make) -> Branches:
    return Branches(session, make)


def test_a_members_is_the_home_branchs_alone(branches: Branches) -> None:
    assert branches.judges(branches.registered(branches.member)) == {"home", "deputy"}


def test_a_secretarys_is_a_deputys_or_the_organisations_above(branches: Branches) -> None:
    assert branches.judges(branches.registered(branches.led)) == {"deputy", "above"}


def test_with_no_organisation_above_nobody_but_a_deputy_judges_a_secretarys(
    branches: Branches,
) -> None:
    assert branches.judges(branches.registered(branches.above_led)) == set()


def test_the_roles_of_others_do_not_add_up(branches: Branches, make: Make) -> None:
    """Leading some branch is not leading the member's; nor is another role there."""
    row = branches.registered(branches.member)
    assert branches.top.area_id is not None
    others: list[Any] = [
        make.community_secretary(make.community()),
        make.officer(Role.CITY_OFFICER, make.city()),
        make.unit_contact(row.member.branch),
    ]
    assert not any(branches.may_decide(actor, row) for actor in others)
