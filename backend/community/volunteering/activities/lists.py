"""The lists in which somebody finds sign-ups. They are executed with `asked_by`."""

from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, with_expression

from backend.community.volunteering.activities.models import Activity, ActivitySignUp
from backend.community.volunteering.activities.places import SIGN_UP
from backend.core.actor import Actor
from backend.core.asker import Asker, asker_of
from backend.support.text_checks import withheld


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
