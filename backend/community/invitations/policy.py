"""Who finds registered members and invites them. Everything not named here is refused."""

import sqlalchemy as sa

from backend.community.invitations.models import Invitation
from backend.community.registrations.models import (
    CommunityRegistration,
    RegistrationStatus,
    Visibility,
)
from backend.core.actor import Actor, Role
from backend.core.own import is_anothers, is_own
from backend.people.members.models import Member


def findable(actor: Actor) -> sa.ColumnElement[bool]:
    """Return whether the actor finds a registration.

    That is who is registered in the actor's own community and stands in its lists, never oneself,
    nor who is not on the roster any more.
    """
    return sa.and_(
        CommunityRegistration.community_id.in_(actor.areas(Role.COMMUNITY_SECRETARY)),
        CommunityRegistration.status == RegistrationStatus.ACTIVE,
        CommunityRegistration.visibility == Visibility.COMMUNITY,
        is_anothers(CommunityRegistration.member_id, actor.member_id),
        sa.exists().where(Member.id == CommunityRegistration.member_id, Member.active),
    )


def own(actor: Actor) -> sa.ColumnElement[bool]:
    return is_own(Invitation.member_id, actor.member_id)
