"""Who may do what with service records. Everything not named here is refused."""

import sqlalchemy as sa

from backend.community.volunteering import kinds
from backend.community.volunteering.models import ServiceRecord
from backend.core.actor import OFFICERS, Actor, Role
from backend.core.asker import Asker, asker_of
from backend.core.errors import Conflict
from backend.flows.steps import Party
from backend.people.areas import service as areas
from backend.people.areas.models import Area
from backend.people.members import policy as members
from backend.support.attachments.declared import Opening

_R = ServiceRecord


def visible(asker: Asker) -> sa.ColumnElement[bool]:
    """Return whether a record exists for the asker: own, or of the own community or territory."""
    seen = areas.within(asker, _R.community_id, Role.COMMUNITY_SECRETARY, *OFFICERS)
    return sa.or_(asker.own(_R.member_id), seen)


def may_enter(actor: Actor, community: Area) -> bool:
    """Let the community enter what a slip says, the street what comes too late for that."""
    return community.id in actor.areas(
        Role.COMMUNITY_SECRETARY
    ) or community.township_id in actor.areas(Role.STREET_OFFICER)


def _decides(asker: Asker) -> sa.ColumnElement[bool]:
    """Return whether the asker decides: nobody does about the own one.

    The secretary of the community where it was given does; of the secretary's own record a deputy
    or the street does, of a late one the street (spec 1.3).
    """
    in_time = members.decided_by(asker, member_id=_R.member_id, area_id=_R.community_id)
    street = areas.in_own_street(asker, _R.community_id)
    return sa.or_(
        sa.and_(sa.not_(_R.late), in_time),
        sa.and_(_R.late, asker.anothers(_R.member_id), street),
    )


def _leads(asker: Asker) -> sa.ColumnElement[bool]:
    return asker.over(_R.community_id, Role.COMMUNITY_SECRETARY)


def _closed(row: ServiceRecord) -> Conflict | None:
    """Return why not: what comes too late the secretary knows and may not decide."""
    if not (row.late and SECRETARY.stands(row)):
        return None
    return Conflict("late_entry_closed", "已超过补录期限，请由街道核实后补录。")


MEMBER = Party(
    "member",
    lambda asker: asker.own(_R.member_id),
    message="只能办理本人的服务记录。",
    alone=True,
)
DECIDER = Party(
    "community secretary",
    _decides,
    "not_your_decision",
    "只有服务所在社区的书记可以办理，且不能办理本人的记录。",
    _closed,
)
SECRETARY = Party("secretary of the community", _leads)
# Street, district and city see that something waits, not who, unless it is theirs to decide
# (spec 8.4).
READER = Party(
    "reader of what it says of somebody",
    lambda asker: sa.or_(asker.own(_R.member_id), _leads(asker), _decides(asker)),
)

FILES = Opening(kinds.RECORD_FILES, ServiceRecord, lambda actor: READER.holds(asker_of(actor)))
