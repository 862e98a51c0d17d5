"""Who may see a branch's roster."""

from backend.core.actor import Actor, Role


def may_see_roster(actor: Actor, organization_id: int) -> bool:
    """The branch's own secretary (spec 8.5, D3)."""
    return organization_id in actor.organizations(Role.BRANCH_SECRETARY)
