"""Questions about registrations."""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, with_expression

from backend.areas import service as areas
from backend.core.actor import Actor
from backend.registrations import policy
from backend.registrations.models import (
    CommunityRegistration,
    RegistrationKind,
    RegistrationStatus,
)
from backend.text_checks import withheld

S = RegistrationStatus
STANDING = (S.ACTIVE, S.PAUSED, S.TRANSFER_PENDING)
WAITING = (S.SUBMITTED, S.RETURNED)


def shown() -> sa.Select[CommunityRegistration]:
    """Select registrations with what every answer shows of them."""
    return sa.select(CommunityRegistration).options(
        joinedload(CommunityRegistration.member),
        joinedload(CommunityRegistration.community),
        with_expression(CommunityRegistration.of_secretary, policy.of_secretary()),
        with_expression(
            CommunityRegistration.withheld,
            withheld.of(CommunityRegistration.__tablename__, CommunityRegistration.id),
        ),
    )


def listed(
    actor: Actor,
    *,
    community_code: str | None = None,
    status: RegistrationStatus | None = None,
    decidable: bool = False,
) -> sa.Select[CommunityRegistration]:
    """Select what a secretary or officer answers for, leaving out the own registration."""
    statement = shown().where(
        policy.visible(actor), CommunityRegistration.member_id.is_distinct_from(actor.member_id)
    )
    if decidable:
        statement = statement.where(policy.decidable(actor))
    if community_code is not None:
        statement = statement.where(
            CommunityRegistration.community_id == areas.id_of(community_code)
        )
    if status is not None:
        statement = statement.where(CommunityRegistration.status == status)
    return statement


def of_member(member_id: int) -> sa.Select[CommunityRegistration]:
    return shown().where(CommunityRegistration.member_id == member_id)


def live_of_member(member_id: int) -> sa.Select[CommunityRegistration]:
    """Select what stands or waits for one member."""
    return of_member(member_id).where(CommunityRegistration.status.in_(STANDING + WAITING))


def standing_primary(member_id: int) -> sa.Select[CommunityRegistration]:
    """Select the one primary registration that stands; at most one exists."""
    return of_member(member_id).where(
        CommunityRegistration.kind == RegistrationKind.PRIMARY,
        CommunityRegistration.status.in_(STANDING),
    )
