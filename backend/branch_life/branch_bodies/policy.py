"""Who may see and change the bodies of a branch. Everything not named here is refused."""

import sqlalchemy as sa

from backend.core.actor import Actor, PositionKind, Role
from backend.core.own import is_own
from backend.people.members.models import Member
from backend.people.organizations.models import Organization


def visible(actor: Actor) -> sa.ColumnElement[bool]:
    """Return whether a branch exists here for the actor: for its members and its secretary."""
    return sa.or_(
        is_own(Organization.id, actor.branch_id),
        Organization.id.in_(actor.organizations(Role.BRANCH_SECRETARY)),
    )


def may_arrange(actor: Actor, branch_id: int | None) -> bool:
    """Return whether the actor is the branch's own secretary."""
    return branch_id in actor.organizations(Role.BRANCH_SECRETARY)


def may_see_names(actor: Actor, group: Organization) -> bool:
    """Return whether the actor is the branch's secretary or leads this group (spec 8.5, D3)."""
    leads = group.id in actor.serves(PositionKind.GROUP_LEADER)
    return leads or may_arrange(actor, group.parent_id)


def member_visible(actor: Actor) -> sa.ColumnElement[bool]:
    """Return whether a member is of the actor's own branch, or of one the actor is secretary of."""
    return sa.or_(
        is_own(Member.branch_id, actor.branch_id),
        Member.branch_id.in_(actor.organizations(Role.BRANCH_SECRETARY)),
    )
