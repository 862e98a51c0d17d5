"""Who knows of exemptions and long absences: the branch's own secretary, and nobody else."""

import sqlalchemy as sa

from backend.core.actor import Actor, Role
from backend.core.errors import Forbidden, NotFound
from backend.core.own import is_own
from backend.people.members.models import Member


def refuse_others(actor: Actor, organization_id: int) -> None:
    """Raise Forbidden for the branch's members, NotFound for everybody else outside."""
    if organization_id in actor.organizations(Role.BRANCH_SECRETARY):
        return
    if is_own(organization_id, actor.branch_id):
        raise Forbidden("not_the_branch_secretary", "只有本支部书记可以查看和办理。")
    raise NotFound("organization_not_found", "没有找到该党支部。")


def of_own_branch(actor: Actor) -> sa.ColumnElement[bool]:
    """Return whether a member belongs to a branch of which the actor is secretary."""
    return Member.branch_id.in_(actor.organizations(Role.BRANCH_SECRETARY))
