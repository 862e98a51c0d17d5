"""A roster entry as those who keep it see it: what they may do with it."""

from collections.abc import Sequence

from backend.core.actor import Actor, Role
from backend.core.own import is_own
from backend.people.members.models import Member
from backend.people.organizations.models import Organization
from backend.rosters import policy


def can(actor: Actor, row: Member) -> Sequence[str]:
    """Return what may be done with an entry that the actor keeps: nothing with the own one, and a
    transfer only from above the branch."""
    if not row.active or is_own(row.id, actor.member_id):
        return ()
    moved = ("move",) if _keeps(actor, row.branch) else ()
    return ("correction", *moved, "merging", "ending")


def _keeps(actor: Actor, branch: Organization) -> bool:
    """The rows' way of `policy.keeps`."""
    led = actor.organizations(Role.BRANCH_SECRETARY)
    above = {int(one) for one in branch.path.split(".")[:-1]}
    return policy.keeps_area(actor, branch.area) or bool(led & above)
