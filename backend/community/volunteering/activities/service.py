"""志愿服务活动: draw up, publish, change, call off. What may happen stands in `flow`. Callers own
the transaction."""

from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.community.volunteering.activities import changing, policy, queries
from backend.community.volunteering.activities.changing import InvitedTo, Plan, UnitsOf
from backend.community.volunteering.activities.flow import FLOW
from backend.community.volunteering.activities.models import Activity, ActivityStatus
from backend.core.actor import Actor
from backend.core.errors import Forbidden
from backend.flows.steps import Changes
from backend.people.areas import service as areas

publish = FLOW.step("publish", "activity_id")
cancel = FLOW.step("cancel", "activity_id")


def create(
    session: Session, *, actor: Actor, plan: Plan, registered_units: UnitsOf | None = None
) -> Activity:
    """Draw up an activity of the organiser's own community; a draft until it is published.

    `registered_units` selects the units registered with a community.
    """
    community = areas.community(session, plan.community_code)
    if not policy.may_draw_up(actor, community.id):
        raise Forbidden("not_your_community", "只能发布本社区的活动。")
    values = {**vars(plan), "community_id": community.id, "created_by": actor.account_id}
    del values["community_code"], values["shifts"]
    activity = Activity(**values, status=ActivityStatus.DRAFT, changes=0)
    changing.check_unit(session, community.id, plan.unit_id, registered_units)
    changing.set_shifts(session, activity, plan.shifts)
    session.add(activity)
    audit.record(session, actor, "activity.drafted", activity)
    changing.check_texts(FLOW.taken(session, activity, actor))
    return FLOW.show(session, actor, activity.id)


def amend(
    session: Session,
    *,
    actor: Actor,
    activity_id: int,
    changes: Changes,
    registered_units: UnitsOf | None = None,
    invited: InvitedTo | None = None,
) -> Activity:
    """Change what is given. The answer is read anew: the shifts may be others, or in another
    order."""
    said = changing.Amendment(changes, registered_units, invited)
    taken = FLOW.held(session, actor, activity_id, policy.ORGANISER, said)
    FLOW.apply(FLOW.by_event["amend"], taken)
    return FLOW.show(session, actor, activity_id)


def turn_due(session: Session) -> int:
    """Write the status of what has begun or ended; return how many. Twice does no harm."""
    due = session.scalars(queries.due_to_turn()).all()
    for activity in due:
        activity.status = activity.current_status
    return len(due)
