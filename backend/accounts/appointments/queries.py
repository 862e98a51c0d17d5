"""Questions about appointments beyond who holds one today (`people/members/queries.py`)."""

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, with_expression

from backend.core.db import TODAY
from backend.people.areas.models import Area
from backend.people.members import queries as members
from backend.people.members.models import Account, Appointment, AppointmentStatus
from backend.people.organizations.models import Organization, Unit
from backend.support.text_checks import withheld


def area_of(row: Any) -> sa.ColumnElement[Any]:
    """Return the area over which an appointment is held, or in which what it is held over lies.

    `row`: the model, or what is proposed as literals of the same names.
    """
    body = sa.select(Organization.area_id).where(Organization.id == row.organization_id)
    unit = sa.select(Unit.community_id).where(Unit.id == row.unit_id)
    return sa.func.coalesce(row.area_id, body.scalar_subquery(), unit.scalar_subquery())


AREA_ID = area_of(Appointment)
_account_name = sa.select(Account.name).where(Account.id == Appointment.account_id)
HOLDER_NAME = sa.func.coalesce(
    members.name_of(Appointment.member_id), _account_name.scalar_subquery()
)


@cache
def shown() -> sa.Select[Appointment]:
    """Select appointments with what every answer shows of them."""
    own_withheld = withheld.of(Appointment.__tablename__, Appointment.id)
    return sa.select(Appointment).options(
        joinedload(Appointment.area),
        joinedload(Appointment.organization),
        joinedload(Appointment.unit),
        with_expression(Appointment.withheld, own_withheld),
        with_expression(Appointment.holder_name, HOLDER_NAME),
    )


def inside(area_id: sa.ScalarSelect[int]) -> sa.ColumnElement[bool]:
    """Say whether an appointment is held over an area or over what lies in it."""
    places = (Area.id, Area.township_id, Area.district_id, Area.city_id)
    below = sa.select(Area.id).where(sa.or_(*(place == area_id for place in places)))
    return AREA_ID.in_(below)


def live() -> sa.ColumnElement[bool]:
    """Say whether an appointment is proposed or approved and its term not over."""
    return sa.and_(
        Appointment.status.in_((AppointmentStatus.PROPOSED, AppointmentStatus.APPROVED)),
        sa.or_(Appointment.ends_on.is_(None), Appointment.ends_on >= TODAY),
    )


def others_of_holder(row: Appointment) -> sa.Select[Appointment]:
    """Select what else its holder holds or is proposed for."""
    of_holder = (
        Appointment.account_id == row.account_id
        if row.account_id is not None
        else Appointment.member_id == row.member_id
    )
    return sa.select(Appointment).where(live(), of_holder, Appointment.id.is_distinct_from(row.id))
