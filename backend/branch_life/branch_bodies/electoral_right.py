"""Whether a member has the electoral right. Why not is never held (spec 2.3, 7.1)."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.branch_life.branch_bodies import branches, policy
from backend.core.actor import Actor
from backend.core.errors import Forbidden, NotFound
from backend.core.own import is_own
from backend.people.members.models import Member


def record(session: Session, *, actor: Actor, member_id: int, held: bool) -> Member:
    """Record it, as the branch's secretary and not about oneself. Repeating is no change.

    Raises NotFound and Forbidden.
    """
    found = sa.select(Member).where(
        Member.id == member_id, Member.active, policy.member_visible(actor)
    )
    member = session.scalars(found.with_for_update(of=Member)).first()
    if member is None:
        raise NotFound("member_not_found", "没有找到该党员。")
    branches.refuse_others(actor, member.branch_id)
    if is_own(member.id, actor.member_id):
        raise Forbidden("not_about_oneself", "不能登记本人的选举权，请由上级党组织办理。")
    if member.electoral_right != held:
        member.electoral_right = held
        audit.record(session, actor, "member.electoral_right", member, held=held)
    return member
