"""Who may see and decide link applications."""

import sqlalchemy as sa

from backend.core.actor import Actor, Role
from backend.members.models import Member
from backend.onboarding.models import LinkApplication


def visible(actor: Actor) -> sa.ColumnElement[bool]:
    """Applications to the secretary's branch, and those that name no branch."""
    branches = actor.organizations(Role.BRANCH_SECRETARY)
    if not branches:
        return sa.false()
    return sa.or_(
        LinkApplication.organization_id.in_(branches), LinkApplication.organization_id.is_(None)
    )


def may_decide(actor: Actor, application: LinkApplication) -> bool:
    """Nobody decides about the own account."""
    return application.account_id != actor.account_id


def may_assign(actor: Actor, member: Member) -> bool:
    """A secretary links accounts to the own branch's roster only."""
    return member.branch_id in actor.organizations(Role.BRANCH_SECRETARY)
