"""A city with two districts, a committee with two branches, and those who keep them."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from backend.capabilities import EVIDENCE
from backend.core import clock
from backend.core.actor import Actor, Grant, Role
from backend.figures import ledger_check
from backend.flows.steps import Reason
from backend.ledger.rulepack import RulePack
from backend.people.areas.models import Area
from backend.people.members.models import Member, MemberCategory
from backend.people.organizations.models import Organization, OrganizationKind, UnitKind
from backend.rosters.changes import Merging
from backend.rosters.members import service as members
from backend.rosters.members.service import Departure, Details, Entering, Leaving, Move
from backend.rosters.organizations import service as organizations
from backend.rosters.organizations.service import Description, Founding
from backend.rosters.units import service as units
from tests import ledger
from tests.factories import Make

WHY = "市委组织部2026年第12号通知"


class Scene:
    def __init__(self, session: Session, rules: RulePack, make: Make) -> None:
        self.session, self.rules, self.make = session, rules, make
        self.community = make.community()
        self.elsewhere = make.community(make.township(make.district()))
        self.unit = make.unit(self.community)
        self.committee = make.branch(self.unit, kind=OrganizationKind.COMMITTEE)
        self.committee.path = str(self.committee.id)
        self.branch = self.below(self.committee)
        self.other = self.below(self.committee)
        self.far = make.branch(make.unit(self.elsewhere))
        district = session.get_one(Area, self.community.district_id)
        self.city = make.officer(Role.CITY_OFFICER, make.city())
        self.district = make.officer(Role.DISTRICT_OFFICER, district)
        self.secretary = make.branch_secretary(self.branch)
        self.above = self.leader_of(self.committee)
        self.contact = make.unit_contact(self.branch)
        self.member = make.member(self.branch)

    def below(self, parent: Organization, **given: Any) -> Organization:
        row = self.make.branch(self.unit, parent_id=parent.id, **given)
        row.path = f"{parent.path}.{row.id}"
        self.session.flush()
        return row

    def leader_of(self, organization: Organization) -> Actor:
        """A secretary of it who is on the roster of another branch."""
        leader = self.make.member(self.other)
        scope = {"organization_id": organization.id}
        self.make.appointment(leader, Role.BRANCH_SECRETARY, **scope)
        return self.make.actor(leader, Grant(Role.BRANCH_SECRETARY, **scope))

    def bind(self) -> None:
        ledger.bind(self.session, self.rules)

    def differences(self) -> list[str]:
        """What the ledger check finds of what the services themselves have bound."""
        return ledger_check.run_in(self.session, self.rules, EVIDENCE).differences

    # Organisations.

    def found(self, actor: Actor | None = None, **given: Any) -> Organization:
        values: dict[str, Any] = {
            "name": "第三党支部",
            "area_code": self.community.code,
            "unit_id": self.unit.id,
            "governs_code": None,
            "reason": WHY,
            "kind": OrganizationKind.BRANCH,
            "parent_id": self.committee.id,
            "founded_on": clock.today(),
        }
        said = Founding(**values | given)
        return organizations.found(
            self.session, self.rules, actor=actor or self.district, said=said
        )

    def correct(self, row: Organization, actor: Actor | None = None, **given: Any) -> Organization:
        values: dict[str, Any] = {
            "name": row.name,
            "area_code": row.area.code,
            "unit_id": row.unit_id,
            "governs_code": None,
            "reason": WHY,
        }
        return organizations.correct(
            self.session,
            self.rules,
            actor=actor or self.district,
            organization_id=row.id,
            said=Description(**values | given),
        )

    def merge(self, row: Organization, into: Organization, actor: Actor | None = None) -> None:
        organizations.merge(
            self.session,
            self.rules,
            actor=actor or self.district,
            organization_id=row.id,
            said=Merging(into.id, WHY),
        )

    def dissolve(self, row: Organization, actor: Actor | None = None) -> Organization:
        return organizations.end(
            self.session,
            self.rules,
            actor=actor or self.district,
            organization_id=row.id,
            said=Reason(WHY),
        )

    # Units.

    def unit_said(self, **given: Any) -> units.Description:
        values: dict[str, Any] = {
            "name": "海口市示范局",
            "credit_code": None,
            "kind": UnitKind.CITY_ORGAN,
            "community_code": self.community.code,
            "reason": WHY,
        }
        return units.Description(**values | given)

    # Members.

    def enter(self, actor: Actor | None = None, **given: Any) -> Member:
        values: dict[str, Any] = {
            "name": "林小满",
            "phone": "10000000099",
            "category": MemberCategory.FULL,
            "unit_id": self.unit.id,
            "unit_since": date(2020, 1, 1),
            "reason": WHY,
            "branch_id": self.branch.id,
        }
        return members.enter(
            self.session,
            self.rules,
            self.make.keys,
            actor=actor or self.secretary,
            said=Entering(**values | given),
        )

    def rewrite(self, member: Member, actor: Actor | None = None, **given: Any) -> Member:
        values: dict[str, Any] = {
            "name": member.name,
            "category": member.category,
            "unit_id": member.unit_id,
            "unit_since": member.unit_since,
            "reason": WHY,
        }
        return members.correct(
            self.session,
            self.rules,
            self.make.keys,
            actor=actor or self.secretary,
            member_id=member.id,
            said=Details(**values | given),
        )

    def move(self, member: Member, to: Organization, actor: Actor | None = None) -> Member:
        return members.move(
            self.session,
            self.rules,
            actor=actor or self.district,
            member_id=member.id,
            said=Move(to.id, WHY),
        )

    def leave(
        self, member: Member, actor: Actor | None = None, code: Leaving = Leaving.TRANSFERRED_OUT
    ) -> Member:
        return members.end(
            self.session,
            self.rules,
            actor=actor or self.district,
            member_id=member.id,
            said=Departure(code, WHY),
        )
