"""An organisation as those who keep it see it: with what it stands under, and what they may do."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from backend.core.actor import Actor
from backend.people.areas.models import Area
from backend.people.organizations.models import Organization
from backend.rosters import policy
from backend.rosters.organizations import queries, service

# Its address for each step, in the order in which they are offered.
STEPS = ("correction", "move", "merging", "ending")
# Offered first, under an organisation below which others may stand.
BELOW = ("founding",)


@dataclass(frozen=True)
class Kept:
    row: Organization
    parent: Organization | None
    governs: Area | None
    member_count: int
    can: Sequence[str]

    def __getattr__(self, name: str) -> object:
        return getattr(self.row, name)


def show(session: Session, actor: Actor, organization_id: int) -> Kept:
    """Return an organisation that shows to the actor; raises NotFound."""
    return shown(session, actor, service.find(session, actor, organization_id))


def shown(session: Session, actor: Actor, row: Organization) -> Kept:
    """Return it with what stands beside it."""
    kept = session.scalars(queries.one(row.id, policy.keeps(actor))).unique().first()
    open_ = kept is not None and row.dissolved_on is None
    below = BELOW if row.kind in policy.WITH_OTHERS_BELOW else ()
    return Kept(
        row,
        session.scalars(queries.parent_of(row)).first(),
        session.get(Area, row.governs_id) if row.governs_id else None,
        queries.size(session, row.id),
        below + STEPS if open_ else (),
    )
