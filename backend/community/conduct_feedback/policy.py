"""Who writes and reads feedback. Everything not named here is refused: street, district and city
see nothing of it."""

import sqlalchemy as sa

from backend.community.conduct_feedback.models import ConductFeedback
from backend.community.registrations.models import CommunityRegistration
from backend.core.actor import Actor, Role
from backend.core.asker import Asker
from backend.core.own import is_own
from backend.flows.steps import Party

_F = ConductFeedback


def may_write(actor: Actor, registration: CommunityRegistration) -> bool:
    """Let the secretary of the receiving community write, never about oneself."""
    return registration.community_id in actor.areas(Role.COMMUNITY_SECRETARY) and not is_own(
        registration.member_id, actor.member_id
    )


def visible(asker: Asker) -> sa.ColumnElement[bool]:
    """Return whether feedback exists for the asker.

    It does for the member from the first moment, the community, and the home branch once handed
    over.
    """
    return sa.or_(
        asker.own(_F.member_id),
        asker.over(_F.community_id, Role.COMMUNITY_SECRETARY),
        asker.leads(_F.branch_id, Role.BRANCH_SECRETARY),
    )


MEMBER = Party(
    "member",
    lambda asker: asker.own(_F.member_id),
    message="只有本人可以补充说明。",
    alone=True,
)
