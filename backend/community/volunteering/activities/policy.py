"""Who may do what with activities. Everything not named here is refused."""

import sqlalchemy as sa

from backend.community.volunteering.activities.models import Activity, ActivitySignUp
from backend.core.actor import Actor, Role
from backend.flows.steps import Party
from backend.people.areas.models import Area


def visible(actor: Actor) -> sa.ColumnElement[bool]:
    """What was published exists for everybody; a draft for its organisers only."""
    return sa.or_(
        Activity.published_at.is_not(None),
        Activity.community_id.in_(actor.areas(Role.COMMUNITY_SECRETARY)),
    )


def may_organise(actor: Actor, community_id: int) -> bool:
    """The secretary of the community draws up activities and keeps their lists."""
    return community_id in actor.areas(Role.COMMUNITY_SECRETARY)


def may_sign_up(actor: Actor) -> bool:
    """Whoever is registered with a community of the city, whichever it is."""
    return actor.registered


def may_enter_late(actor: Actor, community: Area) -> bool:
    """After the organiser's time for it the street's officer enters what is missing."""
    return community.township_id in actor.areas(Role.STREET_OFFICER)


HOLDER = Party("member", lambda asker: asker.own(ActivitySignUp.member_id))
SYSTEM = Party("system", lambda _asker: sa.false())
