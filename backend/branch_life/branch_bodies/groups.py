"""Party groups of a branch: found them, say who is in them, dissolve them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.branch_life.branch_bodies import branches, evidence, kinds, policy, queries
from backend.core import clock, wording
from backend.core.actor import Actor, PositionKind
from backend.core.errors import Conflict, Invalid, NotFound
from backend.ledger.rulepack import RulePack
from backend.people.members import queries as members
from backend.people.members.models import Member, Position
from backend.people.organizations.models import Organization, OrganizationKind
from backend.registers import following as registers
from backend.registers.declared import SlotName
from backend.support.text_checks import service as text_checks


@dataclass(frozen=True)
class Group:
    """A Party group; `members` are those whose names the actor may see."""

    row: Organization
    leader: Member | None
    member_count: int
    members: Sequence[Member]

    def __getattr__(self, name: str) -> object:
        return getattr(self.row, name)


def groups(actor: Actor, session: Session, organization_id: int) -> sa.Select[Organization]:
    """Select the groups of a branch that exists for the actor; `shown` adds the people."""
    return queries.groups_of(branches.find(session, actor, organization_id).id)


def shown(session: Session, actor: Actor, rows: Iterable[Organization]) -> list[Group]:
    """Return the groups with their people; two statements however many there are."""
    listed = list(rows)
    ids = [row.id for row in listed]
    leaders = {post.organization_id: post.member for post in session.scalars(queries.leaders(ids))}
    people = session.scalars(queries.members_of(ids)).all()
    return [
        _shown(actor, row, leaders.get(row.id), [m for m in people if m.group_id == row.id])
        for row in listed
    ]


def _shown(
    actor: Actor, row: Organization, leader: Member | None, people: Sequence[Member]
) -> Group:
    return Group(row, leader, len(people), people if policy.may_see_names(actor, row) else ())


def found(
    session: Session, rules: RulePack, *, actor: Actor, organization_id: int, name: str
) -> Group:
    """Found a group of this name. Raises NotFound, Forbidden, Conflict `group_name_taken`."""
    branch = branches.lock(session, actor, organization_id)
    _refuse_taken(session, branch.id, name)
    group = Organization(
        name=name,
        kind=OrganizationKind.GROUP,
        parent_id=branch.id,
        path=branch.path,
        unit_id=branch.unit_id,
        area_id=branch.area_id,
        founded_on=clock.today(),
    )
    session.add(group)
    session.flush()
    group.path = f"{branch.path}.{group.id}"
    _name(session, actor, group, name)
    evidence.group_founded(session, rules, group)
    audit.record(session, actor, "group.founded", group)
    return _again(session, actor, group.id)


@dataclass(frozen=True)
class Arrangement:
    """How a group is called, who leads it and who is in it: the whole list."""

    name: str
    leader_id: int | None
    member_ids: Collection[int]


def arrange(
    session: Session, rules: RulePack, *, actor: Actor, group_id: int, said: Arrangement
) -> Group:
    """Let the group have this name, leader and members; who was in it and is not named leaves it.

    Sending the same again is no change. Raises NotFound, Forbidden, Conflict, Invalid.
    """
    group = _lock(session, actor, group_id)
    if group.dissolved_on is not None:
        raise Conflict("group_dissolved", "该党小组已撤销，请刷新后查看。")
    if wording.key(said.name) != wording.key(group.name):
        _refuse_taken(session, group.parent_id, said.name)
    if said.name != group.name:
        _name(session, actor, group, said.name)
    wanted = frozenset(said.member_ids)
    if said.leader_id is not None and said.leader_id not in wanted:
        raise Invalid("leader_id", "党小组组长须是本小组成员。")
    _gather(session, group, wanted)
    _lead(session, group, said.leader_id)
    registers.leaders_changed(session, rules, group.id)
    audit.record(session, actor, "group.arranged", group, members=len(wanted))
    return _again(session, actor, group.id)


def dissolve(session: Session, rules: RulePack, *, actor: Actor, group_id: int) -> Group:
    """Dissolve the group today; its members are in none. Dissolving again is no change."""
    group = _lock(session, actor, group_id)
    if group.dissolved_on is None:
        _lead(session, group, None)
        _gather(session, group, frozenset())
        group.dissolved_on = clock.today()
        evidence.group_dissolved(session, rules, group)
        registers.lapse(session, rules, SlotName.ORGANIZATION, group.id)
        audit.record(session, actor, "group.dissolved", group)
    return _again(session, actor, group.id)


def _refuse_taken(session: Session, branch_id: int | None, name: str) -> None:
    taken = queries.groups_of(branch_id or 0).where(
        wording.sought(Organization.name) == wording.key(name)
    )
    if session.scalars(taken).first() is not None:
        raise Conflict("group_name_taken", "本支部已有同名的党小组，请换一个名称。")


def _name(session: Session, actor: Actor, group: Organization, name: str) -> None:
    group.name = name
    text_checks.submit(
        session,
        actor,
        kind=kinds.TEXTS,
        subject=group.as_subject,
        part="name",
        area_id=group.area_id,
        texts=[name],
    )


def _lock(session: Session, actor: Actor, group_id: int) -> Organization:
    """Return the group with its branch locked; the secretary's alone."""
    group = session.scalars(queries.groups().where(Organization.id == group_id)).first()
    parent = group.parent_id if group else None
    if group is None or not session.scalars(queries.branch(actor, parent or 0)).first():
        raise NotFound("group_not_found", "没有找到该党小组。")
    branches.lock(session, actor, parent or 0)
    session.refresh(group)
    return group


def _gather(session: Session, group: Organization, wanted: frozenset[int]) -> None:
    """Move members in and out, in order of id; a leader of another group stays there."""
    own = members.active_members_of(group.parent_id or 0)
    known = set(session.scalars(own.with_only_columns(Member.id).where(Member.id.in_(wanted))))
    if unknown := wanted - known:
        raise Invalid("member_ids", f"名单中有 {len(unknown)} 人不是本支部党员，请核对。")
    if _leads_elsewhere(session, group, wanted):
        raise Invalid("member_ids", "名单中有人是其他党小组的组长，请先调整该小组的组长。")
    concerned = sa.or_(Member.group_id == group.id, Member.id.in_(wanted))
    locked = sa.select(Member).where(concerned).order_by(Member.id).with_for_update()
    for member in session.scalars(locked.execution_options(populate_existing=True)):
        member.group_id = group.id if member.id in wanted else None
    session.flush()


def _leads_elsewhere(session: Session, group: Organization, wanted: frozenset[int]) -> bool:
    leads = sa.exists().where(
        Position.member_id.in_(wanted),
        Position.organization_id != group.id,
        Position.kind == PositionKind.GROUP_LEADER,
        Position.ends_on.is_(None),
    )
    return bool(session.scalar(sa.select(leads)))


def _lead(session: Session, group: Organization, leader_id: int | None) -> None:
    post = session.scalars(queries.leaders([group.id])).first()
    if post is not None and post.member_id == leader_id:
        return
    if post is not None:
        post.end_today()
        session.flush()
    if leader_id is not None:
        values = {"member_id": leader_id, "organization_id": group.id}
        kind = PositionKind.GROUP_LEADER
        session.add(Position(**values, kind=kind, starts_on=clock.today()))
        session.flush()


def _again(session: Session, actor: Actor, group_id: int) -> Group:
    rows = queries.groups().where(Organization.id == group_id)
    session.flush()
    return shown(session, actor, session.scalars(rows.execution_options(populate_existing=True)))[0]
