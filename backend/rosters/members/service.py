"""The life of a roster entry after the first import: add, correct, move, end. Each has a reason,
and what follows for duties, posts, registrations and accounts is done with it."""

import enum
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from backend.community.registrations.models import EndReason
from backend.core import clock
from backend.core.actor import Actor, Role
from backend.core.crypto import Crypto
from backend.core.errors import Conflict, Forbidden, Invalid, NotFound
from backend.core.own import is_own
from backend.ledger.rulepack import RulePack
from backend.people.members.models import Member, MemberCategory
from backend.people.organizations.models import Organization, OrganizationKind, Unit
from backend.people.organizations.queries import WITH_ROSTER
from backend.rosters import changes, policy
from backend.rosters.members import following, queries
from backend.rosters.organizations import queries as organizations


class Leaving(enum.StrEnum):
    """Why an entry leaves the rosters of the city. Nothing more is held (spec 7.1)."""

    TRANSFERRED_OUT = "transferred_out"
    DECEASED = "deceased"
    OFF_ROSTER = "off_roster"


ENDS = {
    Leaving.TRANSFERRED_OUT: EndReason.MOVED,
    Leaving.DECEASED: EndReason.DECEASED,
    Leaving.OFF_ROSTER: EndReason.MEMBERSHIP_ENDED,
}


@dataclass(frozen=True)
class Details:
    """What stands in an entry. `phone`: None leaves the number that is known."""

    name: str
    category: MemberCategory
    unit_id: int | None
    unit_since: date | None
    reason: str
    phone: str | None = None


@dataclass(frozen=True)
class Entering(Details):
    branch_id: int = 0
    group_id: int | None = None


@dataclass(frozen=True)
class Move:
    """To which branch, and to which unit where that changes with it; None: the unit stays."""

    branch_id: int
    reason: str
    group_id: int | None = None
    unit_id: int | None = None


@dataclass(frozen=True)
class Departure:
    """Why somebody leaves the rosters, as a code and on what ground."""

    code: Leaving
    reason: str


def find(session: Session, actor: Actor, member_id: int) -> Member:
    """Return an entry that the actor keeps; raises NotFound."""
    member = session.scalars(queries.one(actor, member_id, policy.keeps_member(actor))).first()
    if member is None:
        raise NotFound("member_not_found", "没有找到该党员。")
    return member


def _keep(session: Session, actor: Actor, member_id: int) -> Member:
    """Return it locked and as it is now. Raises NotFound, Conflict, and Forbidden about oneself."""
    kept = queries.one(actor, member_id, policy.keeps_member(actor)).with_for_update(of=Member)
    member = session.scalars(kept.execution_options(populate_existing=True)).first()
    if member is None:
        raise NotFound("member_not_found", "没有找到该党员。")
    if is_own(member.id, actor.member_id):
        raise Forbidden("not_about_oneself", "不能办理本人的名册变动，请由上级党组织办理。")
    return member


def keep_lasting(session: Session, actor: Actor, member_id: int) -> Member:
    """Return it likewise; a Conflict where it is on no roster any more."""
    member = _keep(session, actor, member_id)
    if not member.active:
        raise Conflict("member_inactive", "该党员已不在名册中，请刷新后查看。")
    return member


def enter(
    session: Session, rules: RulePack, keys: Crypto, *, actor: Actor, said: Entering
) -> Member:
    """Enter somebody into the roster of a branch. Raises Invalid, and Conflict where the same name
    and number are on a roster already."""
    policy.check_keeps_something(actor)
    branch = _branch(session, actor, said.branch_id)
    unit = _unit(session, actor, said)
    member = Member(
        name=said.name,
        category=said.category,
        branch_id=branch.id,
        group_id=_group(session, branch, said.group_id),
        unit_id=unit.id if unit else None,
        unit_since=said.unit_since,
    )
    if said.phone is not None:
        digest = keys.lookup(said.phone, purpose="member.phone")
        _refuse_twice(session, said.name, digest)
        _write_phone(member, keys, said.phone, digest)
    session.add(member)
    session.flush()
    changes.note(session, actor, member, "entered", said.reason, branch=branch.id)
    following.rebind(session, rules, member.id)
    return _again(session, actor, member)


def correct(
    session: Session, rules: RulePack, keys: Crypto, *, actor: Actor, member_id: int, said: Details
) -> Member:
    """Let an entry say this. A number that is written anew proves to nobody who its owner is: who
    links with it needs a second person. Raises NotFound, Forbidden, Conflict, Invalid."""
    member = keep_lasting(session, actor, member_id)
    unit = member.unit if said.unit_id == member.unit_id else _unit(session, actor, said)
    wanted = {
        "name": said.name,
        "category": said.category,
        "unit_id": unit.id if unit else None,
        "unit_since": said.unit_since,
    }
    changed = [name for name, value in wanted.items() if getattr(member, name) != value]
    for name in changed:
        setattr(member, name, wanted[name])
    if said.phone is not None and _renumber(session, keys, member, said.phone):
        changed.append("phone")
    if not changed:
        return member
    changes.note(session, actor, member, "corrected", said.reason, changed=changed)
    if {"unit_id", "unit_since"} & set(changed):
        following.rebind(session, rules, member.id)
    return _again(session, actor, member)


def move(session: Session, rules: RulePack, *, actor: Actor, member_id: int, said: Move) -> Member:
    """Let a member belong to another branch from now on; what was until now stays the old one's.

    Raises NotFound, Forbidden for who does not keep both branches, Conflict, Invalid.
    """
    member = keep_lasting(session, actor, member_id)
    if member.branch_id == said.branch_id:
        return member
    if not policy.moves_members(actor, session, member.branch_id, said.branch_id):
        raise Forbidden("not_your_branches", "组织关系转接须由两个党支部共同的上级或组织部门办理。")
    branch = _branch(session, actor, said.branch_id)
    if said.unit_id not in (None, member.unit_id):
        unit = _lasting_unit(session, said.unit_id)
        member.unit_id, member.unit_since = unit.id, clock.today()
    left = member.branch_id
    following.leave_branch(session, rules, member)
    member.branch_id, member.group_id = branch.id, _group(session, branch, said.group_id)
    session.flush()
    changes.note(session, actor, member, "moved", said.reason, left=left, branch=branch.id)
    following.rebind(session, rules, member.id)
    return _again(session, actor, member)


def end(
    session: Session, rules: RulePack, *, actor: Actor, member_id: int, said: Departure
) -> Member:
    """Take an entry off the rosters; the account acts as nobody's from now on. Ending it again is
    no change."""
    member = _keep(session, actor, member_id)
    if not member.active:
        return member
    following.leave_city(session, rules, actor, member, ENDS[said.code])
    member.active = False
    session.flush()
    changes.note(session, actor, member, "ended", said.reason, code=said.code)
    following.rebind(session, rules, member.id)
    return _again(session, actor, member)


def _branch(session: Session, actor: Actor, branch_id: int) -> Organization:
    """Return a branch whose roster the actor keeps, locked against its ending."""
    seen = organizations.one(branch_id, policy.sees(actor))
    locked = seen.with_for_update(of=Organization, key_share=True)
    branch = session.scalars(locked.execution_options(populate_existing=True)).unique().first()
    if branch is None or branch.dissolved_on is not None or branch.kind not in WITH_ROSTER:
        raise Invalid("branch_id", "没有找到该党支部，请重新选择。")
    return branch


def _group(session: Session, branch: Organization, group_id: int | None) -> int | None:
    if group_id is None:
        return None
    group = session.get(Organization, group_id)
    own = group is not None and group.kind is OrganizationKind.GROUP
    if group is None or not own or group.parent_id != branch.id or group.dissolved_on is not None:
        raise Invalid("group_id", "没有找到该党小组，请重新选择。")
    return group.id


def _unit(session: Session, actor: Actor, said: Details) -> Unit | None:
    """Return the unit; a contact enters people of the own unit only."""
    if said.unit_since is not None and said.unit_since > clock.today():
        raise Invalid("unit_since", "日期不能晚于今天。")
    if said.unit_id is None:
        return None
    unit = _lasting_unit(session, said.unit_id)
    only_contact = {grant.role for grant in actor.grants} == {Role.UNIT_CONTACT}
    if only_contact and unit.id not in actor.units(Role.UNIT_CONTACT):
        raise Invalid("unit_id", "只能登记本单位的党员。")
    return unit


def _lasting_unit(session: Session, unit_id: int | None) -> Unit:
    unit = session.get(Unit, unit_id)
    if unit is None or unit.ended_on is not None:
        raise Invalid("unit_id", "没有找到该单位，请重新选择。")
    return unit


def _refuse_twice(session: Session, name: str, digest: str) -> None:
    if session.scalars(queries.same(name, digest)).first() is not None:
        raise Conflict(
            "member_exists", "党员名册中已有同名同号的党员，请核对；组织关系转入的，请办理转接。"
        )


def _renumber(session: Session, keys: Crypto, member: Member, phone: str) -> bool:
    digest = keys.lookup(phone, purpose="member.phone")
    if digest == member.phone_hash:
        return False
    _refuse_twice(session, member.name, digest)
    _write_phone(member, keys, phone, digest)
    member.phone_unproven = True
    return True


def _write_phone(member: Member, keys: Crypto, phone: str, digest: str) -> None:
    member.phone_encrypted = keys.encrypt(phone, purpose="member.phone")
    member.phone_hash = digest


def _again(session: Session, actor: Actor, member: Member) -> Member:
    session.flush()
    found = queries.one(actor, member.id).execution_options(populate_existing=True)
    return session.scalars(found).one()
