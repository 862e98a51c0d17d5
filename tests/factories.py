"""Valid objects with the least a test must say: `make.member(branch)`."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.branch_life.learning.models import LearningMaterial
from backend.branch_life.meetings.exemptions.models import AttendanceExemption, ExemptionGround
from backend.branch_life.meetings.models import Meeting, MeetingKind, MeetingMode
from backend.community.projects.models import ClaimantKind, ProjectStatus, ServiceProject
from backend.community.volunteering.activities.models import (
    Activity,
    ActivityShift,
    ActivityStatus,
)
from backend.community.volunteering.facts import Facts
from backend.community.volunteering.models import ServiceCategory
from backend.core import clock
from backend.core.actor import Actor, Grant, PositionKind, Role
from backend.core.crypto import Crypto
from backend.core.db import Base
from backend.core.risk import RiskClass
from backend.ledger.models import StandingFact
from backend.people.areas.models import Area, AreaKind, AreaLevel
from backend.people.members.models import (
    Account,
    AccountKind,
    Appointment,
    AppointmentStatus,
    Consent,
    Member,
    Membership,
    Position,
    PrivacyNotice,
    Purpose,
)
from backend.people.organizations.models import (
    Organization,
    OrganizationKind,
    Unit,
    UnitKind,
)
from backend.registers import lives
from backend.registers.models import RegisterEntry, RegisterVersion
from backend.registers.writing import OF_ENTRY

Model = TypeVar("Model", bound=Base)

LONG_AGO = date(2020, 1, 1)

ABOVE = {
    AreaLevel.CITY: "city_id",
    AreaLevel.DISTRICT: "district_id",
    AreaLevel.TOWNSHIP: "township_id",
}


def service_facts(begin: datetime | None = None, *, minutes: int = 60, **given: Any) -> Facts:
    """Return what was done in an hour of service, three hours ago."""
    begin = begin or clock.now() - timedelta(hours=3)
    values: dict[str, Any] = {
        "category": ServiceCategory.CARE,
        "content": "看望独居老人",
        "started_at": begin,
        "ended_at": begin + timedelta(minutes=minutes),
        "break_min": 0,
    }
    return Facts(**values | given)


class Make:
    def __init__(self, session: Session, keys: Crypto) -> None:
        self._session = session
        self.keys = keys
        self._numbers = count(1)
        self._districts, self._townships = count(10), count(1)
        self._communities = count(1)  # a code has three digits of it; other things have no end
        self._city: Area | None = None
        self._district: Area | None = None
        self._township: Area | None = None

    def community(self, township: Area | None = None, **given: Any) -> Area:
        if township is None:
            self._township = township = self._township or self.township()
        code = f"{township.code}{next(self._communities):03}"
        values = {"level": AreaLevel.COMMUNITY, "kind": AreaKind.RESIDENTS_COMMITTEE}
        return self._area(code, f"社区{code}", township, **values | given)

    def township(self, district: Area | None = None) -> Area:
        if district is None:
            self._district = district = self._district or self.district()
        code = f"{district.code}{next(self._townships):03}"
        return self._area(
            code, f"街道{code}", district, level=AreaLevel.TOWNSHIP, kind=AreaKind.STREET
        )

    def district(self) -> Area:
        code = f"4601{next(self._districts):02}"
        return self._area(
            code, f"区{code}", self.city(), level=AreaLevel.DISTRICT, kind=AreaKind.REGION
        )

    def city(self) -> Area:
        if self._city is None:
            values = {"level": AreaLevel.CITY, "kind": AreaKind.REGION}
            self._city = self._area("460100", "测试市", None, **values)
        return self._city

    def _area(self, code: str, name: str, parent: Area | None, **given: Any) -> Area:
        above = {name: getattr(parent, name, None) for name in ABOVE.values()}
        values = {"parent_id": parent.id if parent else None, **above} | given
        area = self._add(Area(code=code, name=name, **values))
        if own := ABOVE.get(area.level):
            setattr(area, own, area.id)
            self._session.flush()
        return area

    def unit(self, community: Area | None = None, **given: Any) -> Unit:
        community = community or self.community()
        values = {"name": f"单位{self._next()}", "kind": UnitKind.CITY_ORGAN}
        return self._add(Unit(**values | {"community_id": community.id} | given))

    def branch(self, unit: Unit | None = None, **given: Any) -> Organization:
        unit = unit or self.unit()
        number = self._next()
        values = {
            "name": f"党支部{number}",
            "kind": OrganizationKind.BRANCH,
            "path": str(number),
            "unit_id": unit.id,
            "area_id": unit.community_id,
            "founded_on": LONG_AGO,
        }
        return self._add(Organization(**values | given))

    def group(self, branch: Organization, **given: Any) -> Organization:
        values: dict[str, Any] = {"name": f"第{self._next()}党小组", "parent_id": branch.id}
        return self.branch(kind=OrganizationKind.GROUP, **values | given)

    def seat(
        self,
        branch: Organization,
        member: Member | None = None,
        kind: PositionKind = PositionKind.COMMITTEE_MEMBER,
        **given: Any,
    ) -> Position:
        """A post in a branch or group since long ago."""
        member = member or self.member(branch)
        values = {"member_id": member.id, "organization_id": branch.id, "kind": kind}
        return self._add(Position(**values, **{"starts_on": LONG_AGO} | given))

    def member(self, branch: Organization | None = None, **given: Any) -> Member:
        branch = branch or self.branch()
        values = {
            "name": f"党员{self._next()}",
            "branch_id": branch.id,
            "unit_id": branch.unit_id,
            "unit_since": LONG_AGO,
        }
        return self._add(Member(**values | given))

    def settle(self, branch: Organization) -> None:
        """Let all on the branch's roster have been there before any meeting of today."""
        since = clock.now() - timedelta(days=2)
        there = sa.update(Membership).where(Membership.branch_id == branch.id)
        self._session.execute(there.values(since=since))

    def account(self, member: Member | None = None, openid: str | None = None) -> Account:
        openid = openid or f"openid-{self._next()}"
        return self._add(
            Account(
                openid_hash=self.keys.lookup(openid, purpose="account.openid"),
                openid_encrypted=self.keys.encrypt(openid, purpose="account.openid"),
                member_id=member.id if member else None,
            )
        )

    def consent(self, actor: Actor) -> Consent:
        """Let an actor agree to messages through WeChat."""
        notice = self._session.get(PrivacyNotice, "v0") or self._add(
            PrivacyNotice(version="v0", title="告知书", body="正文", published_at=clock.now())
        )
        purpose = Purpose.SUBSCRIPTION_MESSAGES
        return self._add(
            Consent(account_id=actor.account_id, notice_version=notice.version, purpose=purpose)
        )

    def appointment(self, member: Member, role: Role, **scope: Any) -> Appointment:
        approved = AppointmentStatus.APPROVED
        return self._add(
            Appointment(
                member_id=member.id, role=role, starts_on=LONG_AGO, status=approved, **scope
            )
        )

    def proposal(self, member: Member, proposer: Actor, **given: Any) -> Appointment:
        """What one has proposed and nobody has decided about."""
        by = {"proposed_by": proposer.account_id, "proposed_at": clock.now()}
        values = {"member_id": member.id, "starts_on": LONG_AGO}
        return self._add(Appointment(**values | by | given))

    def appointments(
        self, member: Member, places: Iterable[tuple[Role, Mapping[str, Any]]], **term: Any
    ) -> None:
        """Appoint a member to much, in one statement."""
        approved = AppointmentStatus.APPROVED
        given = {"member_id": member.id, "starts_on": LONG_AGO, "status": approved, **term}
        self._session.add_all(Appointment(role=role, **where, **given) for role, where in places)
        self._session.flush()

    def member_unit(
        self,
        unit: Unit,
        since: date = LONG_AGO,
        area: Area | None = None,
        until: date | None = None,
    ) -> RegisterVersion:
        """A seat of a unit in a joint meeting of its community, or of another area."""
        place = {"place_id": area.id if area else unit.community_id}
        body = self.entry("coordination_body", since, values={"type": "joint_meeting"}, **place)
        seat = self.entry("member_seat", since, parent_id=body.entry_id, unit_id=unit.id,
                          ends_on=until, **place)  # fmt: skip
        self.state([body.entry_id, seat.entry_id])
        return seat

    def entry(self, register: str, since: date = LONG_AGO, **given: Any) -> RegisterVersion:
        """How an entry is since a day; `state` lets the ledger hold what it says."""
        mirrored = {name: given.get(name) for name in OF_ENTRY}
        row = self._add(RegisterEntry(register=register, code=f"T{self._next()}", **mirrored))
        values = {"name": f"登记{row.code}", "schema_version": 1, "starts_on": since}
        return self._add(RegisterVersion(entry_id=row.id, **values | given))

    def state(self, entry_ids: Iterable[int]) -> None:
        """Let the ledger hold what entries say, without the duty years that follow."""
        ids = list(entry_ids)
        for id_, facts in lives.wanted(lives.of_some(self._session, ids), ids).items():
            for fact in facts:
                (kind, subject, starts_on, ends_on, area_id) = fact
                self._add(
                    StandingFact(
                        kind=kind, subject_kind=subject.kind, subject_id=subject.id,
                        starts_on=starts_on, ends_on=ends_on, area_id=area_id,
                        source_type=lives.SOURCE, source_id=id_,
                    )
                )  # fmt: skip

    def project(self, community: Area, **given: Any) -> ServiceProject:
        today = clock.today()
        values = {
            "title": f"项目{self._next()}",
            "claimants": ClaimantKind.ANY,
            "places": 3,
            "claimed": 0,
            "starts_on": today - timedelta(days=30),
            "ends_on": today + timedelta(days=60),
            "claim_deadline": clock.now() + timedelta(days=30),
            "status": ProjectStatus.OPEN,
            "created_by": 1,
        }
        return self._add(ServiceProject(**values | {"community_id": community.id} | given))

    def meeting(self, branch: Organization, **given: Any) -> Meeting:
        now = clock.now()
        values = {
            "kind": MeetingKind.MEMBERS_ASSEMBLY,
            "title": f"会议{self._next()}",
            "mode": MeetingMode.IN_PERSON,
            "starts_at": now - timedelta(minutes=30),
            "ends_at": now + timedelta(minutes=30),
            "convened_by": 1,
        }
        return self._add(Meeting(**values | {"organization_id": branch.id} | given))

    def material(self, branch: Organization, **given: Any) -> LearningMaterial:
        values = {"title": "学习材料", "body": "正文", "published_by": 1}
        return self._add(LearningMaterial(**values | {"organization_id": branch.id} | given))

    def exemption(self, member: Member, **given: Any) -> AttendanceExemption:
        today = clock.today()
        values = {
            "ground": ExemptionGround.OLD_AGE,
            # Of last month: a meeting held half an hour ago may have been yesterday's.
            "starts_on": today - timedelta(days=30),
            "ends_on": today + timedelta(days=300),
            "approved_by": 1,
        }
        return self._add(AttendanceExemption(**values | {"member_id": member.id} | given))

    def activity(self, community: Area, *shifts: tuple[datetime, int], **given: Any) -> Activity:
        """A published activity; each shift begins then, lasts two hours and has so many places."""
        begins = shifts or ((clock.now() + timedelta(days=3), 5),)
        rows = [
            ActivityShift(
                starts_at=start, ends_at=start + timedelta(hours=2), places=places, signed_up=0
            )
            for start, places in begins
        ]
        values = {
            "title": f"活动{self._next()}",
            "category": ServiceCategory.CARE,
            "content": "看望独居老人",
            "place": "社区党群服务中心",
            "risk": RiskClass.LOW,
            "status": ActivityStatus.PUBLISHED,
            "starts_at": min(row.starts_at for row in rows),
            "ends_at": max(row.ends_at for row in rows),
            "published_at": clock.now(),
            "created_by": 1,
            "changes": 0,
        }
        return self._add(
            Activity(**values | {"community_id": community.id, "shifts": rows} | given)
        )

    # Actors as the services see them, without signing in.

    def actor(self, member: Member, *grants: Grant) -> Actor:
        return Actor(
            account_id=self.account(member).id,
            member_id=member.id,
            branch_id=member.branch_id,
            unit_id=member.unit_id,
            community_id=member.community_id,
            also_in=tuple(member.also_in),
            consented=True,
            grants=grants,
        )

    def staff(self, *held: tuple[Role, Area]) -> Actor:
        """Somebody who belongs to no member, with these roles."""
        account = self._add(Account(kind=AccountKind.STAFF, name=f"工作人员{self._next()}"))
        for role, area in held:
            values = {"starts_on": LONG_AGO, "status": AppointmentStatus.APPROVED}
            self._add(Appointment(account_id=account.id, role=role, area_id=area.id, **values))
        grants = tuple(Grant(role, area_id=area.id) for role, area in held)
        return Actor(account.id, consented=True, grants=grants)

    def unlinked(self) -> Actor:
        """Somebody signed in, after consent, who is on no roster."""
        return Actor(self.account().id, consented=True)

    def community_secretary(self, community: Area) -> Actor:
        member = self.member()
        self.appointment(member, Role.COMMUNITY_SECRETARY, area_id=community.id)
        return self.actor(member, Grant(Role.COMMUNITY_SECRETARY, area_id=community.id))

    def branch_secretary(self, branch: Organization) -> Actor:
        member = self.member(branch)
        self.appointment(member, Role.BRANCH_SECRETARY, organization_id=branch.id)
        return self.actor(member, Grant(Role.BRANCH_SECRETARY, organization_id=branch.id))

    def unit_contact(self, branch: Organization) -> Actor:
        member = self.member(branch)
        assert branch.unit_id is not None
        self.appointment(member, Role.UNIT_CONTACT, unit_id=branch.unit_id)
        return self.actor(member, Grant(Role.UNIT_CONTACT, unit_id=branch.unit_id))

    def session_member(self, actor: Actor) -> Member:
        """The row of an actor's member, for a test that changes it."""
        return self._session.get_one(Member, actor.member_id)

    def officer(self, role: Role, area: Area) -> Actor:
        member = self.member()
        self.appointment(member, role, area_id=area.id)
        return self.actor(member, Grant(role, area_id=area.id))

    def _next(self) -> int:
        return next(self._numbers)

    def _add(self, model: Model) -> Model:
        self._session.add(model)
        self._session.flush()
        return model
