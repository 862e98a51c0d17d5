"""Who proposes, approves and ends appointments, and who sees them.

Whoever may propose an appointment may approve one that another proposed; nobody has a say about
their own. Who administers the system's security grants rights to accounts without a member, and
the system's administrator is the second person there, so that a city can begin with two.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from backend.accounts.appointments.queries import AREA_ID, area_of
from backend.core.actor import ADMINISTRATORS, OFFICERS, Role
from backend.core.asker import ACCOUNT, Asker
from backend.flows.steps import Party
from backend.people.areas import service as areas
from backend.people.members.models import Appointment
from backend.people.organizations.models import Organization, OrganizationKind

# Given by whoever is above the district alone.
OF_THE_CITY = (Role.CITY_OFFICER, Role.DISTRICT_OFFICER)
# Whoever holds none of these grants nothing to anybody.
GRANTING = (
    Role.SECURITY_ADMINISTRATOR,
    Role.CITY_OFFICER,
    Role.DISTRICT_OFFICER,
    Role.BRANCH_SECRETARY,
)


def grants(asker: Asker, row: Any) -> sa.ColumnElement[bool]:
    """Return whether it is the asker's to give such an appointment to anybody.

    `row`: the model, or what is proposed as literals of the same names.
    """
    security = sa.and_(_has(asker, Role.SECURITY_ADMINISTRATOR), row.account_id.is_not(None))
    at_work = sa.and_(
        row.role.not_in(ADMINISTRATORS), sa.or_(_department(asker, row), _above(asker, row))
    )
    return sa.or_(security, at_work)


def _has(asker: Asker, role: Role) -> sa.ColumnElement[bool]:
    return sa.true() if role in asker.roles else sa.false()


def _department(asker: Asker, row: Any) -> sa.ColumnElement[bool]:
    """The organisation department: the city's everywhere, a district's below its own level."""
    place = area_of(row)
    own_district = sa.and_(
        row.role.not_in(OF_THE_CITY), areas.within(asker, place, Role.DISTRICT_OFFICER)
    )
    return sa.or_(areas.within(asker, place, Role.CITY_OFFICER), own_district)


def _above(asker: Asker, row: Any) -> sa.ColumnElement[bool]:
    """The organisation above: of a branch's secretary, and of a unit's contact the committee in
    whose tree the unit's organisations stand."""
    if Role.BRANCH_SECRETARY not in asker.roles:
        return sa.false()
    led, body = aliased(Organization), aliased(Organization)
    contains = led.path.op("@>", is_comparison=True)(body.path)
    mine = asker.leads(led.id, Role.BRANCH_SECRETARY)
    of_branch = sa.and_(
        row.role == Role.BRANCH_SECRETARY, body.id == row.organization_id, led.id != body.id
    )
    committees = (OrganizationKind.COMMITTEE, OrganizationKind.GENERAL_BRANCH)
    of_unit = sa.and_(
        row.role == Role.UNIT_CONTACT, body.unit_id == row.unit_id, led.kind.in_(committees)
    )
    return sa.exists().where(mine, contains, sa.or_(of_branch, of_unit))


def _own(asker: Asker) -> sa.ColumnElement[bool]:
    return sa.or_(
        asker.own(Appointment.member_id),
        sa.func.coalesce(Appointment.account_id == ACCOUNT, sa.false()),
    )


def _decider(asker: Asker) -> sa.ColumnElement[bool]:
    second = sa.and_(_has(asker, Role.SYSTEM_ADMINISTRATOR), Appointment.account_id.is_not(None))
    may = sa.or_(grants(asker, Appointment), second)
    return sa.and_(may, sa.not_(_own(asker)), Appointment.proposed_by.is_distinct_from(ACCOUNT))


GRANTOR = Party(
    "who may grant the role",
    lambda asker: sa.and_(grants(asker, Appointment), sa.not_(_own(asker))),
    "not_yours_to_grant",
    "您无权办理这项任职，也不能办理本人的任职。",
)
DECIDER = Party(
    "another who may grant the role; of an account without a member the system administrator, too",
    _decider,
    "second_person_needed",
    "任职须由提名人以外有权限的另一人审批，也不能审批本人的任职。",
)
PROPOSER = Party(
    "who proposed it",
    lambda _asker: sa.func.coalesce(Appointment.proposed_by == ACCOUNT, sa.false()),
    "not_your_proposal",
    "只能撤回本人提出的任职。",
    alone=True,
)


def visible(asker: Asker) -> sa.ColumnElement[bool]:
    """Return whether an appointment exists for the asker: the own, what one proposed or may grant
    or decide about, and who has a role where one is responsible."""
    here = sa.and_(
        Appointment.role.not_in(ADMINISTRATORS),
        Appointment.area_id.is_not(None),
        areas.within(asker, AREA_ID, Role.COMMUNITY_SECRETARY, *OFFICERS),
    )
    return sa.or_(
        _own(asker),
        PROPOSER.holds(asker),
        grants(asker, Appointment),
        DECIDER.holds(asker),
        here,
        asker.leads(Appointment.organization_id, Role.BRANCH_SECRETARY),
    )
