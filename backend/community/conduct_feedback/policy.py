"""Who writes and reads feedback. Everything not named here is refused: street, district and city
see nothing of it."""

import sqlalchemy as sa

from backend.community.conduct_feedback.models import ConductFeedback
from backend.community.registrations.models import CommunityRegistration
from backend.core.actor import Actor, Role
from backend.core.own import is_own


def may_write(actor: Actor, registration: CommunityRegistration) -> bool:
    """The secretary of the receiving community, never about oneself."""
    return registration.community_id in actor.areas(Role.COMMUNITY_SECRETARY) and not is_own(
        registration.member_id, actor.member_id
    )


def visible(actor: Actor) -> sa.ColumnElement[bool]:
    """The member from the first moment, the community, and the home branch once handed over."""
    return sa.or_(
        is_own(ConductFeedback.member_id, actor.member_id),
        ConductFeedback.community_id.in_(actor.areas(Role.COMMUNITY_SECRETARY)),
        ConductFeedback.branch_id.in_(actor.organizations(Role.BRANCH_SECRETARY)),
    )
