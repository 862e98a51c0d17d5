"""Who may ask which area's figures."""

import sqlalchemy as sa

from backend.areas import service as areas
from backend.core.actor import OFFICERS, Actor, Role


def visible_areas(actor: Actor) -> sa.ColumnElement[bool]:
    """Officers see their own subtree, a community secretary the own community."""
    return areas.below(actor.areas(Role.COMMUNITY_SECRETARY, *OFFICERS))
