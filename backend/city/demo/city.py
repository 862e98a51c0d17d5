"""The demo city: the real divisions of Haikou, made-up people, deterministic from a seed."""

from datetime import date, timedelta
from random import Random
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.city.demo import bodies, names, people, registers, staff
from backend.city.demo.agenda import at_hour
from backend.city.demo.cast import City, actor_for
from backend.city.demo.people import DemoPerson
from backend.city.demo.year import record_a_year
from backend.core import clock
from backend.core.actor import Actor, Role
from backend.core.crypto import Crypto
from backend.core.errors import Conflict
from backend.core.installation import InstallationKind, kind_of
from backend.figures import setup
from backend.ledger import binding
from backend.ledger.rulepack import RulePack
from backend.people.areas import service as areas
from backend.people.areas.models import Area
from backend.people.members import service as accounts
from backend.people.members.models import (
    Appointment,
    AppointmentStatus,
    Member,
    MemberCategory,
)
from backend.people.organizations.models import (
    Organization,
    OrganizationKind,
    Unit,
    UnitKind,
)
from backend.support.attachments.store import Store
from backend.support.text_checks import service as text_checks

Row = TypeVar("Row")

SEED = 112
CITY = "460100"
HOTLINE, HOURS = "12345", "工作日 8:30—12:00、14:30—17:30"
# The demo people's own community comes first; the others lie in all four districts.
COMMUNITIES = (
    "460106003004",
    "460106003001",
    "460106003002",
    "460106001002",
    "460106002001",
    "460106004001",
    "460105001001",
    "460105002001",
    "460107001001",
    "460107002001",
    "460108001001",
    "460108002001",
)
MEMBERS_A_BRANCH = (18, 32)
LONG_AGO = date(2020, 1, 1)


def load(session: Session, keys: Crypto, rules: RulePack, store: Store | None = None) -> bool:
    """Load the city into an empty database; return False when it is there already.

    Without a `store` nobody has uploaded anything. Raises Conflict for a database that is anything
    else.
    """
    kind = kind_of(session)
    if kind is InstallationKind.DEMO:
        return False
    if kind is not None:
        raise Conflict("foreign_database", "该数据库属于正式城市，不能载入演示数据。")
    setup.begin_installation(session, InstallationKind.DEMO, CITY)
    setup.load_territory(session)
    city = City(session, keys, rules, Random(SEED))  # noqa: S311  # made-up data, not a secret
    _load_communities(city)
    _load_organizations(city)
    _load_demo_people(city)
    _load_others(city)
    _load_contact_lines(city)
    registers.load(city)
    with text_checks.written_by_nobody():
        record_a_year(city, store)
    staff.load(session, keys, city.communities[0], since=LONG_AGO)
    years = (clock.today().year - 1, *binding.open_years())
    binding.rebind_year(session, rules, *years)
    binding.restate_year(session, rules, *years)
    return True


def _load_communities(city: City) -> None:
    rows = city.session.scalars(sa.select(Area).where(Area.code.in_(COMMUNITIES))).all()
    by_code = {row.code: row for row in rows}
    city.communities = [by_code[code] for code in COMMUNITIES]


def _load_organizations(city: City) -> None:
    """One committee, and below it a branch of a unit in each of the communities."""
    area = city.session.scalars(sa.select(Area).where(Area.code == CITY)).one()
    committee = _add(
        city,
        Organization(
            name="中共海口市示范机关委员会",
            kind=OrganizationKind.COMMITTEE,
            path="0",
            area_id=area.id,
            founded_on=LONG_AGO,
        ),
    )
    committee.path = str(committee.id)
    for number, (community, bureau) in enumerate(zip(city.communities, names.BUREAUS, strict=True)):
        city.branches.append(_load_unit(city, committee, community, bureau, number))


def _load_unit(
    city: City, committee: Organization, community: Area, bureau: str, number: int
) -> Organization:
    organ = number % 3 != 2
    kind = UnitKind.CITY_ORGAN if number % 2 == 0 else UnitKind.DISTRICT_ORGAN
    unit = _add(
        city,
        Unit(
            name=f"海口市{bureau}",
            kind=kind if organ or number == 0 else UnitKind.INSTITUTION,
            community_id=community.id,
        ),
    )
    branch = _add(
        city,
        Organization(
            name=f"中共海口市{bureau}支部委员会",
            kind=OrganizationKind.BRANCH,
            parent_id=committee.id,
            path="0",
            unit_id=unit.id,
            area_id=community.id,
            founded_on=LONG_AGO,
        ),
    )
    branch.path = f"{committee.path}.{branch.id}"
    bodies.seat(city, community, unit, LONG_AGO)
    return branch


def _load_demo_people(city: City) -> None:
    """Members 1-9, secretary and contact share the first branch; officers sit above."""
    branch, community = city.branches[0], city.communities[0]
    for person in people.ROSTER:
        city.demo[person.code] = _person(city, person, branch)
    appoint = _appoint
    secretary = city.demo[people.COMMUNITY_SECRETARY.code]
    city.secretaries[community.id] = appoint(
        city, secretary, Role.COMMUNITY_SECRETARY, area_id=community.id
    )
    city.branch_secretaries[branch.id] = appoint(
        city,
        city.demo[people.BRANCH_SECRETARY.code],
        Role.BRANCH_SECRETARY,
        organization_id=branch.id,
    )
    grid_worker = city.demo[people.GRID_WORKER.code]
    appoint(city, grid_worker, Role.GRID_WORKER, area_id=community.id)
    contact = city.demo[people.UNIT_CONTACT.code]
    city.contacts[branch.id] = appoint(city, contact, Role.UNIT_CONTACT, unit_id=branch.unit_id)
    for person, role, area_id in (
        (people.STREET_OFFICER, Role.STREET_OFFICER, community.township_id),
        (people.DISTRICT_OFFICER, Role.DISTRICT_OFFICER, community.district_id),
        (people.CITY_OFFICER, Role.CITY_OFFICER, community.city_id),
    ):
        appoint(city, city.demo[person.code], role, area_id=area_id)


def _person(city: City, person: DemoPerson, branch: Organization) -> Member:
    member = _member(city, branch, person.name, person.phone)
    if person is not people.NEWCOMER:
        account = accounts.account_for(city.session, city.keys, person.openid)
        account.member_id = member.id
        city.session.flush()
    return member


def _load_others(city: City) -> None:
    """Fill the branches, and give each community and branch its secretary and contact."""
    for branch, community in zip(city.branches, city.communities, strict=True):
        size = city.random.randint(*MEMBERS_A_BRANCH)
        crew = [_member(city, branch, names.person(city.random)) for _ in range(size)]
        if community.id not in city.secretaries:
            city.secretaries[community.id] = _appoint(
                city, crew[0], Role.COMMUNITY_SECRETARY, area_id=community.id
            )
            city.branch_secretaries[branch.id] = _appoint(
                city, crew[1], Role.BRANCH_SECRETARY, organization_id=branch.id
            )
            city.contacts[branch.id] = _appoint(
                city, crew[2], Role.UNIT_CONTACT, unit_id=branch.unit_id
            )


def _load_contact_lines(city: City) -> None:
    """Give every community the city's hotline: a made-up number might be somebody's."""
    for community in city.communities:
        secretary, code = city.secretaries[community.id], community.code
        areas.set_contact(city.session, actor=secretary, code=code, phone=HOTLINE, hours=HOURS)


def _member(city: City, branch: Organization, name: str, phone: str | None = None) -> Member:
    phone = phone or f"{10_000_000_000 + next(city.numbers)}"
    late = city.random.random() < 0.05
    since = clock.today() - timedelta(days=city.random.randint(20, 300)) if late else LONG_AGO
    return _add(
        city,
        Member(
            name=name,
            phone_encrypted=city.keys.encrypt(phone, purpose="member.phone"),
            phone_hash=city.keys.lookup(phone, purpose="member.phone"),
            category=MemberCategory.PROBATIONARY if late else MemberCategory.FULL,
            branch_id=branch.id,
            unit_id=branch.unit_id,
            unit_since=since,
            # Before the year that is told: who came later was at none of its meetings.
            created_at=at_hour(LONG_AGO, 9),
            updated_at=at_hour(LONG_AGO, 9),
        ),
    )


def _appoint(city: City, member: Member, role: Role, **scope: int | None) -> Actor:
    """Appoint a member, open an account where there is none, and return the member as actor."""
    approved = AppointmentStatus.APPROVED
    _add(
        city,
        Appointment(member_id=member.id, role=role, starts_on=LONG_AGO, status=approved, **scope),
    )
    return actor_for(city, member)


def _add(city: City, row: Row) -> Row:
    city.session.add(row)
    city.session.flush()
    return row
