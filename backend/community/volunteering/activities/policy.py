"""Who may do what with activities. Everything not named here is refused."""

from dataclasses import replace

import sqlalchemy as sa

from backend.community.volunteering.activities.models import (
    Activity,
    ActivityShift,
    ActivitySignUp,
    SignUpStatus,
)
from backend.core.actor import Actor, Role
from backend.core.asker import Asker
from backend.core.db import NOW
from backend.flows.steps import Party
from backend.people.areas import service as areas
from backend.people.members.models import Member


def visible(asker: Asker) -> sa.ColumnElement[bool]:
    """Return whether an activity exists for the asker.

    What was published does for everybody; a draft for its organisers only.
    """
    return sa.or_(Activity.published_at.is_not(None), ORGANISER.holds(asker))


def may_draw_up(actor: Actor, community_id: int) -> bool:
    return community_id in actor.areas(Role.COMMUNITY_SECRETARY)


def _registered(asker: Asker) -> sa.ColumnElement[bool]:
    """Return whether the asker is registered with a community of the city, whichever it is."""
    anywhere = sa.or_(Member.community_id.is_not(None), sa.func.cardinality(Member.also_in) > 0)
    return sa.exists().where(asker.own(Member.id), anywhere)


def _finds_room(asker: Asker) -> sa.ColumnElement[bool]:
    """Return whether there is a shift to sign up or wait for that is not the asker's already."""
    shift, row = ActivityShift, ActivitySignUp
    mine = sa.exists().where(
        row.shift_id == shift.id, asker.own(row.member_id), row.status != SignUpStatus.WITHDRAWN
    )
    room = sa.or_(shift.signed_up < shift.places, shift.starts_at > NOW)
    return sa.exists().where(shift.activity_id == Activity.id, shift.ends_at > NOW, room, ~mine)


# Draws up activities and keeps their lists.
ORGANISER = Party(
    "community secretary",
    lambda asker: asker.over(Activity.community_id, Role.COMMUNITY_SECRETARY),
    "not_the_organiser",
    "只有活动所在社区的书记可以办理。",
)
READS_LIST = replace(ORGANISER, message="活动名单由活动所在社区的书记查看和登记。")
SHOWS_CODE = replace(ORGANISER, message="签到码由活动组织者出示。")
# Enters what is missing after the organiser's time for it.
STREET = Party("street officer", lambda asker: areas.in_own_street(asker, Activity.community_id))
WRITES_LIST = Party(
    "community secretary; later the street officer",
    lambda asker: sa.or_(ORGANISER.holds(asker), STREET.holds(asker)),
    "not_the_organiser",
    "活动名单由活动所在社区的书记登记。",
)
MEMBER = Party("member", lambda asker: sa.true() if asker.linked else sa.false())
REGISTERED = Party("registered member", _registered)
COMER = Party("member with a shift to come to", _finds_room)
HOLDER = Party("member", lambda asker: asker.own(ActivitySignUp.member_id))
SYSTEM = Party("system", lambda _asker: sa.false())
