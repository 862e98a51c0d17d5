"""Find the branch whose bodies somebody asks about or changes."""

from sqlalchemy.orm import Session

from backend.branch_life.branch_bodies import policy, queries
from backend.core.actor import Actor
from backend.core.errors import Forbidden, NotFound
from backend.people.organizations.models import Organization


def find(session: Session, actor: Actor, organization_id: int) -> Organization:
    """Return a branch that exists for the actor; raises NotFound."""
    found = session.scalars(queries.branch(actor, organization_id)).first()
    if found is None:
        raise NotFound("organization_not_found", "没有找到该党支部。")
    return found


def lock(session: Session, actor: Actor, organization_id: int) -> Organization:
    """Return the branch locked against other changes of its bodies; the secretary's alone.

    Raises NotFound and Forbidden. Meetings and members may refer to the row meanwhile.
    """
    branch = find(session, actor, organization_id)
    refuse_others(actor, branch.id)
    session.refresh(branch, with_for_update={"key_share": True})
    return branch


def refuse_others(actor: Actor, branch_id: int | None) -> None:
    """Raise Forbidden unless the actor is the branch's secretary."""
    if not policy.may_arrange(actor, branch_id):
        raise Forbidden("not_the_branch_secretary", "只有本支部书记可以办理，请与支部书记联系。")
