"""Who may do what with units' registrations. Everything not named here is refused."""

import sqlalchemy as sa

from backend.community.unit_registrations.models import UnitRegistration
from backend.core.actor import OFFICERS, Actor, Role
from backend.core.asker import Asker
from backend.flows.steps import Party
from backend.people.areas import service as areas
from backend.people.areas.models import Area
from backend.people.members import queries as members

# A community's secretary receives there, a street's officer for the street itself.
RECEIVERS = (Role.COMMUNITY_SECRETARY, Role.STREET_OFFICER)
_R = UnitRegistration


def visible(asker: Asker) -> sa.ColumnElement[bool]:
    """Return whether a registration exists for the asker.

    The own unit's do, and those received in the own area.
    """
    seen = areas.within(asker, _R.area_id, Role.COMMUNITY_SECRETARY, *OFFICERS)
    return sa.or_(asker.contacts(_R.unit_id), seen)


def may_act_for(actor: Actor, unit_id: int) -> bool:
    """Let the unit's contact register it, correct, renew and say what it offers."""
    return unit_id in actor.units(Role.UNIT_CONTACT)


def _of_secretary() -> sa.ColumnElement[bool]:
    """Return whether a registration was sent by the receiving community's own secretary."""
    return members.holds(Role.COMMUNITY_SECRETARY, member_id=_R.contact_id, area_id=_R.area_id)


def _receives(asker: Asker) -> sa.ColumnElement[bool]:
    return asker.over(_R.area_id, *RECEIVERS)


def _decides(asker: Asker) -> sa.ColumnElement[bool]:
    """Return whether the asker decides.

    The receiver does, never about the unit whose contact the same person is, nor about what the
    same person sent when still being that. What the community's own secretary sent a deputy or the
    street decides, as with members' registrations (spec 3.5).
    """
    streets = sa.select(Area.id).where(asker.over(Area.township_id, Role.STREET_OFFICER))
    return sa.and_(
        sa.or_(_receives(asker), sa.and_(_R.area_id.in_(streets), _of_secretary())),
        sa.not_(asker.contacts(_R.unit_id)),
        asker.anothers(_R.contact_id),
    )


RECEIVER = Party(
    "receiving secretary",
    _decides,
    "not_your_decision",
    "只有接收方可以办理，且不能办理本单位的报到。",
)
CONTACT = Party(
    "unit contact",
    lambda asker: asker.contacts(_R.unit_id),
    "not_your_unit",
    "只有该单位的党建联络员可以办理。",
)
# To these two sides it is known, too, who the contact is; officers end at the unit (spec 8.5).
EITHER = Party(
    "unit contact or receiving secretary",
    lambda asker: sa.or_(asker.contacts(_R.unit_id), _receives(asker)),
    "not_your_decision",
    "只有报到单位的联络员或接收方可以结束报到。",
)
