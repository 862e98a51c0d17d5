"""Who may see a branch's roster, and whose decision it is what a member wrote somewhere."""

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from backend.core.actor import OFFICERS, Actor, Role
from backend.core.asker import Asker
from backend.people.areas import service as areas
from backend.people.members import queries


def may_see_roster(actor: Actor, organization_id: int) -> bool:
    """Allow the branch's own secretary (spec 8.5, D3)."""
    return organization_id in actor.organizations(Role.BRANCH_SECRETARY)


def decided_by(
    asker: Asker,
    *,
    member_id: InstrumentedAttribute[int] | InstrumentedAttribute[int | None],
    area_id: InstrumentedAttribute[int] | InstrumentedAttribute[int | None],
) -> sa.ColumnElement[bool]:
    """Return whether the asker decides about a row that a member has at a community.

    The community's secretary does; where the member is that secretary, a deputy or the street
    (spec 3.5); for a larger area its own officers; never the member. `queries.deciders` selects
    the same people.
    """
    street = areas.in_own_street(asker, area_id)
    of_secretary = queries.holds(Role.COMMUNITY_SECRETARY, member_id=member_id, area_id=area_id)
    return sa.and_(
        asker.anothers(member_id),
        sa.or_(
            asker.over(area_id, Role.COMMUNITY_SECRETARY, *OFFICERS),
            sa.and_(street, of_secretary),
        ),
    )
