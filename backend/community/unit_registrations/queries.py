"""Questions about units' registrations."""

from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload, with_expression

from backend.community.unit_registrations.models import (
    ResourceKind,
    ResourceOffer,
    UnitRegistration,
    UnitRegistrationStatus,
)
from backend.people.areas import service as areas
from backend.support.text_checks import withheld

S = UnitRegistrationStatus
STANDING = (S.ACTIVE, S.RENEWAL_DUE)
LIVE = (S.SUBMITTED, S.RETURNED, S.ACTIVE, S.RENEWAL_DUE)


@cache
def shown() -> sa.Select[UnitRegistration]:
    """Select registrations with what every answer shows of them."""
    return sa.select(UnitRegistration).options(
        joinedload(UnitRegistration.unit),
        joinedload(UnitRegistration.area),
        joinedload(UnitRegistration.contact),
        selectinload(UnitRegistration.resources),
        with_expression(UnitRegistration.withheld, _withheld()),
    )


def _withheld() -> sa.ScalarSelect[Any]:
    return withheld.of(UnitRegistration.__tablename__, UnitRegistration.id)


def units_registered_with(area_id: int) -> sa.Select[int]:
    """Select the units that stand registered with a community or street today."""
    return sa.select(UnitRegistration.unit_id).where(
        UnitRegistration.area_id == area_id, UnitRegistration.status.in_(STANDING)
    )


def resources(
    *, community_code: str | None = None, kind: ResourceKind | None = None
) -> sa.Select[ResourceOffer]:
    """Select what units offer where they are registered; `community_code` may be a street's."""
    statement = (
        sa.select(ResourceOffer)
        .join(ResourceOffer.registration)
        .options(
            contains_eager(ResourceOffer.registration).options(
                joinedload(UnitRegistration.unit),
                joinedload(UnitRegistration.area),
                with_expression(UnitRegistration.withheld, _withheld()),
            )
        )
        .where(UnitRegistration.status.in_(STANDING))
    )
    if community_code is not None:
        statement = statement.where(UnitRegistration.area_id == areas.id_of(community_code))
    if kind is not None:
        statement = statement.where(ResourceOffer.kind == kind)
    return statement


def live(unit_id: int, area_id: int) -> sa.Select[UnitRegistration]:
    return sa.select(UnitRegistration).where(
        UnitRegistration.unit_id == unit_id,
        UnitRegistration.area_id == area_id,
        UnitRegistration.status.in_(LIVE),
    )


def to_be_renewed(before: date) -> sa.Select[UnitRegistration]:
    """Select what was last confirmed before a day, in one order for every worker."""
    confirmed = sa.func.coalesce(UnitRegistration.renewed_on, UnitRegistration.accepted_on)
    return (
        sa.select(UnitRegistration)
        .where(UnitRegistration.status == S.ACTIVE, confirmed < before)
        .order_by(UnitRegistration.unit_id, UnitRegistration.id)
    )
