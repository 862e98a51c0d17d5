"""A roster entry as those who keep it see it: what they may do with it."""

from collections.abc import Sequence

from backend.core.actor import Actor
from backend.core.own import is_own
from backend.people.members.models import Member


def can(actor: Actor, row: Member) -> Sequence[str]:
    """Return what may be done with an entry that the actor keeps: nothing with the own one, and a
    transfer only from above the branch."""
    if not row.active or is_own(row.id, actor.member_id):
        return ()
    moved = ("move",) if row.branch_kept else ()
    return ("correction", *moved, "merging", "ending")
