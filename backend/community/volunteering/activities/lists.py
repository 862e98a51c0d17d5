"""The lists in which somebody finds activities and sign-ups. They are executed with `asked_by`."""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any, TypedDict, Unpack

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, with_expression

from backend.community.volunteering.activities import queries
from backend.community.volunteering.activities.flow import FLOW
from backend.community.volunteering.activities.models import (
    Activity,
    ActivitySignUp,
    ActivityStatus,
)
from backend.community.volunteering.activities.places import SIGN_UP
from backend.community.volunteering.models import ServiceCategory
from backend.core.actor import Actor
from backend.core.asker import Asker, asker_of
from backend.core.finding import found_by
from backend.people.areas import service as areas
from backend.people.areas.models import Area
from backend.support.text_checks import withheld


class Filters(TypedDict, total=False):
    """`since`: not over before that moment; `until`: begins by that one; `q`: part of the title
    or place, its pinyin or initials, taken literally."""

    community_code: str
    district_code: str
    status: ActivityStatus
    category: ServiceCategory
    since: datetime
    until: datetime
    q: str


def listed(actor: Actor, **wanted: Unpack[Filters]) -> sa.Select[Activity]:
    """Select what exists for the actor."""
    found = FLOW.shown(asker_of(actor))
    return found.where(*(_FILTERS[name](value) for name, value in wanted.items()))


def _in_district(code: str) -> sa.ColumnElement[bool]:
    inside = sa.select(Area.id).where(Area.district_id == areas.id_of(code))
    return Activity.community_id.in_(inside)


_FILTERS: dict[str, Callable[[Any], sa.ColumnElement[bool]]] = {
    "community_code": lambda code: Activity.community_id == areas.id_of(code),
    "district_code": _in_district,
    "status": lambda status: queries.current_status() == status.value,
    "category": lambda category: Activity.category == category,
    "since": lambda moment: Activity.ends_at >= moment,
    "until": lambda moment: Activity.starts_at <= moment,
    "q": lambda text: found_by(Activity.found_as, Activity.title, text),
}


def own_sign_ups(actor: Actor) -> sa.Select[ActivitySignUp]:
    """Select the actor's own sign-ups, each with its activity and shift. Raises Forbidden without
    a roster entry."""
    actor.as_member()
    return _with_activities(asker_of(actor))


@cache
def _with_activities(asker: Asker) -> sa.Select[ActivitySignUp]:
    checked = with_expression(Activity.withheld, withheld.of(Activity.__tablename__, Activity.id))
    return (
        SIGN_UP.shown(asker)
        .join(ActivitySignUp.shift)
        .options(
            contains_eager(ActivitySignUp.shift),
            joinedload(ActivitySignUp.activity).options(joinedload(Activity.community), checked),
        )
    )
