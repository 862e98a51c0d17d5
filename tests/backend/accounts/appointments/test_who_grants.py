"""Who may give which role to whom, and who is the second person."""

from collections.abc import Iterator
from copy import copy
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.accounts.appointments import service
from backend.accounts.appointments.service import Holder, Office
from backend.core.actor import ADMINISTRATORS, Actor, Role
from backend.core.crypto import Crypto
from backend.core.db import Database
from backend.core.errors import Conflict, Forbidden, Invalid
from backend.people.areas.models import Area
from backend.people.members import acting
from backend.people.organizations.models import Organization, OrganizationKind
from tests.factories import Make

CITY, DISTRICT, ABOVE, OWN = "city", "district", "above", "own_branch"
# Who proposes what for a member. What is not listed is refused.
GIVEN: dict[Role, set[str]] = {
    Role.COMMUNITY_SECRETARY: {CITY, DISTRICT},
    Role.GRID_WORKER: {CITY, DISTRICT},
    Role.STREET_OFFICER: {CITY, DISTRICT},
    Role.DISTRICT_OFFICER: {CITY},
    Role.CITY_OFFICER: {CITY},
    Role.BRANCH_SECRETARY: {CITY, DISTRICT, ABOVE},
    Role.UNIT_CONTACT: {CITY, DISTRICT, ABOVE},
}
PEOPLE = (CITY, DISTRICT, ABOVE, OWN, "street", "secretary", "contact", "member", "elsewhere")


class Town:
    """A committee with a branch of a unit below it, and everybody around."""

    def __init__(self, session: Session, make: Make) -> None:
        self.session, self.make = session, make
        self.community = make.community()
        unit = make.unit(self.community)
        top = OrganizationKind.COMMITTEE
        self.committee = make.branch(unit, kind=top, path="7001")
        self.branch = make.branch(unit, parent_id=self.committee.id, path="7001.7002")
        self.people: dict[str, Actor] = {
            CITY: self.officer(Role.CITY_OFFICER, self.community.city_id),
            "second": self.officer(Role.CITY_OFFICER, self.community.city_id),
            DISTRICT: self.officer(Role.DISTRICT_OFFICER, self.community.district_id),
            "street": self.officer(Role.STREET_OFFICER, self.community.township_id),
            "secretary": make.community_secretary(self.community),
            ABOVE: make.branch_secretary(self.committee),
            OWN: make.branch_secretary(self.branch),
            "contact": make.unit_contact(self.branch),
            "member": make.actor(make.member(self.branch)),
            "elsewhere": make.officer(Role.DISTRICT_OFFICER, make.district()),
        }
        self._places = self.community.id, self.committee.id, self.branch.id

    def shown_to(self, session: Session, make: Make) -> "Town":
        """Return the same people and places for a case of its own."""
        seen = copy(self)
        seen.session, seen.make = session, make
        community, committee, branch = self._places
        seen.community = session.get_one(Area, community)
        seen.committee = session.get_one(Organization, committee)
        seen.branch = session.get_one(Organization, branch)
        return seen

    def officer(self, role: Role, area_id: int | None) -> Actor:
        return self.make.officer(role, self.session.get_one(Area, area_id))

    def office(self, role: Role, **term: Any) -> Office:
        if role is Role.BRANCH_SECRETARY:
            return Office(role, organization_id=self.branch.id, **term)
        if role is Role.UNIT_CONTACT:
            return Office(role, unit_id=self.branch.unit_id, **term)
        level = {Role.STREET_OFFICER: "township", Role.DISTRICT_OFFICER: "district"}.get(role)
        if role is Role.CITY_OFFICER or role in ADMINISTRATORS:
            level = "city"
        at = self.community.id if level is None else getattr(self.community, f"{level}_id")
        return Office(role, area_code=self.session.get_one(Area, at).code, **term)

    def somebody(self) -> Holder:
        return Holder(member_id=self.make.member(self.branch).id)


@pytest.fixture(scope="module")
def there(shared: sa.Connection, keys: Crypto) -> Town:
    with Database(shared).transaction() as session:
        return Town(session, Make(session, keys))


@pytest.fixture
def connection(shared: sa.Connection, there: Town) -> Iterator[sa.Connection]:
    assert there.people
    case = shared.begin_nested()
    yield shared
    case.rollback()


@pytest.fixture
def town(there: Town, session: Session, make: Make) -> Town:
    return there.shown_to(session, make)


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("role", GIVEN)
def test_a_role_is_given_by_those_named_and_by_nobody_else(
    session: Session, town: Town, role: Role, who: str
) -> None:
    actor, office = town.people[who], town.office(role)

    if who in GIVEN[role]:
        made = service.propose(session, actor=actor, office=office, holder=town.somebody())
        assert made.status == "proposed"
        return
    with pytest.raises(Forbidden, match="not_yours_to_grant"):
        service.propose(session, actor=actor, office=office, holder=town.somebody())


@pytest.mark.parametrize("role", ADMINISTRATORS)
@pytest.mark.parametrize("who", PEOPLE)
def test_nobody_of_the_field_makes_an_administrator(
    session: Session, town: Town, role: Role, who: str
) -> None:
    with pytest.raises(Forbidden, match="not_yours_to_grant"):
        service.propose(
            session, actor=town.people[who], office=town.office(role), holder=town.somebody()
        )


def test_nobody_proposes_themselves(session: Session, town: Town) -> None:
    city = town.people[CITY]
    with pytest.raises(Forbidden, match="own_appointment"):
        service.propose(
            session,
            actor=city,
            office=town.office(Role.GRID_WORKER),
            holder=Holder(member_id=city.member_id),
        )


def test_who_proposed_it_does_not_approve_it(session: Session, town: Town) -> None:
    city = town.people[CITY]
    row = service.propose(
        session, actor=city, office=town.office(Role.STREET_OFFICER), holder=town.somebody()
    )

    for step in (service.approve, service.refuse):
        said = {"reason": "请补充"} if step is service.refuse else {}
        with pytest.raises(Forbidden, match="second_person_needed"):
            step(session, actor=city, appointment_id=row.id, **said)
    approved = service.approve(session, actor=town.people[DISTRICT], appointment_id=row.id)
    assert approved.status == "approved"


def test_nobody_approves_or_ends_what_concerns_themselves(session: Session, town: Town) -> None:
    city, second = town.people[CITY], town.people["second"]
    row = service.propose(
        session,
        actor=city,
        office=town.office(Role.GRID_WORKER),
        holder=Holder(member_id=second.member_id),
    )

    with pytest.raises(Forbidden, match="second_person_needed"):
        service.approve(session, actor=second, appointment_id=row.id)
    service.approve(session, actor=town.people[DISTRICT], appointment_id=row.id)
    with pytest.raises(Forbidden, match="not_yours_to_grant"):
        service.end(session, actor=second, appointment_id=row.id, reason="不再担任")


def test_it_gives_no_right_before_it_is_approved_and_none_once_it_is_ended(
    session: Session, town: Town
) -> None:
    member = town.make.member(town.branch)
    holder = town.make.actor(member)
    row = service.propose(
        session,
        actor=town.people[CITY],
        office=town.office(Role.GRID_WORKER),
        holder=Holder(member_id=member.id),
    )

    def roles() -> set[Role]:
        return {grant.role for grant in acting.actor_for(session, holder.account_id).grants}

    assert roles() == set()
    service.approve(session, actor=town.people[DISTRICT], appointment_id=row.id)
    assert roles() == {Role.GRID_WORKER}
    service.end(session, actor=town.people[CITY], appointment_id=row.id, reason="已调离")
    assert roles() == set()


def test_a_role_has_its_level(session: Session, town: Town) -> None:
    wrong = Office(Role.STREET_OFFICER, area_code=town.community.code)
    with pytest.raises(Invalid):
        service.propose(session, actor=town.people[CITY], office=wrong, holder=town.somebody())


def test_the_same_role_is_not_given_twice_for_days_that_meet(session: Session, town: Town) -> None:
    holder, city = town.somebody(), town.people[CITY]
    office = town.office(Role.GRID_WORKER)
    service.propose(session, actor=city, office=office, holder=holder)

    with pytest.raises(Conflict, match="already_appointed"):
        service.propose(session, actor=town.people[DISTRICT], office=office, holder=holder)


def test_nobody_is_appointed_where_nothing_is_any_more(session: Session, town: Town) -> None:
    office = town.office(Role.BRANCH_SECRETARY)
    row = service.propose(session, actor=town.people[CITY], office=office, holder=town.somebody())
    body = session.get_one(Organization, town.branch.id)
    body.dissolved_on = body.founded_on
    session.flush()

    with pytest.raises(Conflict, match="scope_ended"):
        service.approve(session, actor=town.people[DISTRICT], appointment_id=row.id)
    with pytest.raises(Conflict, match="scope_ended"):
        service.propose(session, actor=town.people[CITY], office=office, holder=town.somebody())


def test_whoever_has_left_the_roster_is_not_appointed(session: Session, town: Town) -> None:
    member = town.make.member(town.branch)
    row = service.propose(
        session,
        actor=town.people[CITY],
        office=town.office(Role.GRID_WORKER),
        holder=Holder(member_id=member.id),
    )
    member.active = False
    session.flush()

    with pytest.raises(Conflict, match="member_inactive"):
        service.approve(session, actor=town.people[DISTRICT], appointment_id=row.id)
