"""Who may ask which area's figures."""

import sqlalchemy as sa

from backend.core.actor import OFFICERS, Actor, Role
from backend.people.areas import service as areas


def visible_areas(actor: Actor) -> sa.ColumnElement[bool]:
    """Give officers their own subtree, a community secretary the own community."""
    return areas.below(actor.areas(Role.COMMUNITY_SECRETARY, *OFFICERS))
