"""Who of a branch has not registered yet: its secretary alone sees it, and may remind once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.community.registrations import news, queries
from backend.community.registrations.models import CommunityRegistration, RegistrationNudge
from backend.core import clock
from backend.core.actor import Actor, Role
from backend.core.errors import Conflict, NotFound
from backend.core.own import is_anothers
from backend.people.members import queries as members
from backend.people.members.models import Member
from backend.people.organizations import queries as organizations


@dataclass(frozen=True)
class Missing:
    """A member who should have registered. `reachable`: reads messages in the app."""

    member: Member
    reachable: bool
    reminded_at: datetime | None


def of_branch(actor: Actor, branch_id: int) -> sa.Select[Member]:
    """Select the members of the actor's branch who should register and have not. Raises NotFound
    for any other branch."""
    if branch_id not in actor.organizations(Role.BRANCH_SECRETARY):
        raise NotFound("organization_not_found", "没有找到该党支部。")
    live = sa.exists().where(
        CommunityRegistration.member_id == Member.id,
        CommunityRegistration.status.in_((*queries.STANDING, *queries.WAITING)),
    )
    need_not = organizations.residents_branches()
    roster = members.roster(branch_id).order_by(None)
    return roster.where(~live, Member.branch_id.not_in(need_not))


def described(session: Session, rows: Sequence[Member]) -> list[Missing]:
    """Return each with when this year's reminder was sent."""
    year = clock.today().year
    sent = sa.select(RegistrationNudge.member_id, RegistrationNudge.sent_at).where(
        RegistrationNudge.member_id.in_([one.id for one in rows]), RegistrationNudge.year == year
    )
    when = {row.member_id: row.sent_at for row in session.execute(sent)}
    return [Missing(one, one.linked, when.get(one.id)) for one in rows]


def remind(session: Session, *, actor: Actor, branch_id: int, member_id: int) -> Missing:
    """Remind a member of the own branch to register, once a year; repeating it changes nothing.

    Raises NotFound for whoever has registered, and Conflict `not_reachable`.
    """
    found = of_branch(actor, branch_id).where(
        Member.id == member_id, is_anothers(Member.id, actor.member_id)
    )
    member = session.scalars(found.with_for_update(of=Member)).first()
    if member is None:
        raise NotFound("member_not_found", "没有找到这位未报到的党员，可能已经报到，请刷新后查看。")
    if not member.linked:
        raise Conflict("not_reachable", "这位党员还没有使用小程序，请当面或打电话提醒。")
    before = described(session, [member])[0]
    if before.reminded_at is not None:
        return before
    year, now = clock.today().year, clock.now()
    nudge = RegistrationNudge(member_id=member.id, year=year, sent_at=now, sent_by=actor.account_id)
    session.add(nudge)
    audit.record(session, actor, "member.reminded_to_register", nudge)
    news.remind_to_register(session, member, nudge)
    return Missing(member, True, now)
