"""The life of a Party organisation after the first import: found, correct, move, merge, end.

Every change has a reason, and what follows of it is done in the same transaction: who is bound by
which duty, who holds a post, who sits where.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.actor import Actor
from backend.core.errors import Conflict, Forbidden, Invalid, NotFound
from backend.flows.steps import Reason
from backend.ledger import binding
from backend.ledger.models import SubjectKind
from backend.ledger.rulepack import RulePack
from backend.ledger.subjects import Subject
from backend.people.organizations.models import Organization, OrganizationKind
from backend.rosters import changes, policy
from backend.rosters.changes import Merging
from backend.rosters.organizations import following, places, queries
from backend.rosters.organizations.places import Places

K = OrganizationKind
# Under which an organisation of a kind may stand (spec 7.3); None: under nothing. Party groups are
# arranged by their branch.
PARENTS: dict[OrganizationKind, tuple[OrganizationKind | None, ...]] = {
    K.COMMITTEE: (None, K.COMMITTEE),
    K.GENERAL_BRANCH: (K.COMMITTEE,),
    K.BRANCH: (None, K.COMMITTEE, K.GENERAL_BRANCH),
    K.JOINT_BRANCH: (None, K.COMMITTEE, K.GENERAL_BRANCH),
}


@dataclass(frozen=True)
class Description(Places):
    """What an organisation is called, and where it stands."""

    name: str
    reason: str


@dataclass(frozen=True)
class Founding(Description):
    kind: OrganizationKind
    parent_id: int | None
    founded_on: date


@dataclass(frozen=True)
class Move:
    """Under which organisation; None: under nothing."""

    parent_id: int | None
    reason: str


def find(session: Session, actor: Actor, organization_id: int) -> Organization:
    """Return an organisation that shows to the actor; raises NotFound."""
    found = session.scalars(queries.one(organization_id, policy.sees(actor))).unique().first()
    if found is None:
        raise NotFound("organization_not_found", "没有找到该党组织。")
    return found


def keep(session: Session, actor: Actor, organization_id: int) -> Organization:
    """Return an organisation that the actor keeps, locked and as it is now.

    Raises NotFound, and Forbidden for who only sees it.
    """
    find(session, actor, organization_id)
    kept = queries.one(organization_id, policy.keeps(actor)).with_for_update(of=Organization)
    row = session.scalars(kept.execution_options(populate_existing=True)).unique().first()
    if row is None:
        raise Forbidden("not_your_organization", "须由上级党组织或组织部门办理。")
    return row


def _lasting(session: Session, actor: Actor, organization_id: int) -> Organization:
    row = keep(session, actor, organization_id)
    if row.dissolved_on is not None:
        raise Conflict("organization_dissolved", "该党组织已撤销，请刷新后查看。")
    return row


def found(session: Session, rules: RulePack, *, actor: Actor, said: Founding) -> Organization:
    """Found an organisation; raises Invalid and Forbidden."""
    policy.check_keeps_something(actor)
    parent = _parent(session, actor, said)
    if said.founded_on > clock.today():
        raise Invalid("founded_on", "成立日期不能晚于今天。")
    row = Organization(
        name=said.name,
        kind=said.kind,
        parent_id=parent.id if parent else None,
        path=parent.path if parent else "0",
        founded_on=said.founded_on,
        **places.of(session, actor, said, near=[parent] if parent else []),
    )
    session.add(row)
    session.flush()
    row.path = f"{parent.path}.{row.id}" if parent else str(row.id)
    changes.note(session, actor, row, "founded", said.reason)
    _rebind(session, rules, row.id)
    return _again(session, row)


def correct(
    session: Session, rules: RulePack, *, actor: Actor, organization_id: int, said: Description
) -> Organization:
    """Let an organisation be called and lie as said. Raises NotFound, Forbidden, Conflict,
    Invalid."""
    row = _lasting(session, actor, organization_id)
    parent = session.scalars(queries.parent_of(row)).all()
    wanted = {"name": said.name, **places.of(session, actor, said, near=[row, *parent])}
    changed = [name for name, value in wanted.items() if getattr(row, name) != value]
    if not changed:
        return row
    for name in changed:
        setattr(row, name, wanted[name])
    changes.note(session, actor, row, "corrected", said.reason, changed=changed)
    _rebind(session, rules, row.id)
    if {"unit_id", "area_id"} & set(changed):
        following.rebind_members(session, rules, session.scalars(queries.members_of(row.id)).all())
    return _again(session, row)


def move(session: Session, *, actor: Actor, organization_id: int, said: Move) -> Organization:
    """Put an organisation, and all below it, under another. Moving it there again is no change."""
    row = _lasting(session, actor, organization_id)
    if row.parent_id == said.parent_id:
        return row
    parent = None if said.parent_id is None else _parent_there(session, actor, said.parent_id)
    _refuse_parent(row.kind, parent)
    if parent is not None and f"{parent.path}.".startswith(f"{row.path}."):
        raise Invalid("parent_id", "不能移到自己的下级党组织之下。")
    row.parent_id = said.parent_id
    following.move_paths(session, row, f"{parent.path}.{row.id}" if parent else str(row.id))
    changes.note(session, actor, row, "moved", said.reason, parent=said.parent_id)
    return _again(session, row)


def merge(
    session: Session, rules: RulePack, *, actor: Actor, organization_id: int, said: Merging
) -> Organization:
    """Dissolve an organisation today in favour of another, which takes over its roster and what
    stands below it."""
    if organization_id == said.into_id:
        raise Invalid("into_id", "请选择另一个党组织。")
    first, second = sorted((organization_id, said.into_id))
    both = {id_: _lasting(session, actor, id_) for id_ in (first, second)}
    row, into = both[organization_id], both[said.into_id]
    if into.kind is not row.kind and not {into.kind, row.kind} <= {K.BRANCH, K.JOINT_BRANCH}:
        raise Invalid("into_id", "只能并入同一类党组织。")
    _refuse_meeting(session, row)
    following.hand_over(session, rules, row, into)
    row.successor_id = into.id
    _dissolve(session, rules, row)
    changes.note(session, actor, row, "merged", said.reason, into=into.id)
    return _again(session, row)


def end(
    session: Session, rules: RulePack, *, actor: Actor, organization_id: int, said: Reason
) -> Organization:
    """Dissolve an organisation today: nobody may be on its roster, and nothing stand below it."""
    row = keep(session, actor, organization_id)
    if row.dissolved_on is not None:
        return row
    if people := queries.size(session, row.id):
        raise Conflict(
            "organization_has_members", f"还有{people}名党员，请先转出或并入其他党组织。"
        )
    below = [one for one in session.scalars(queries.children(row.id)) if one.kind is not K.GROUP]
    if below:
        raise Conflict(
            "organization_has_organizations", f"还有{len(below)}个下级党组织，请先移出或撤销。"
        )
    _refuse_meeting(session, row)
    _dissolve(session, rules, row)
    changes.note(session, actor, row, "ended", said.reason)
    return _again(session, row)


def _dissolve(session: Session, rules: RulePack, row: Organization) -> None:
    following.close(session, rules, row)
    row.dissolved_on = max(clock.today(), row.founded_on or clock.today())
    session.flush()
    _rebind(session, rules, row.id)


def _refuse_meeting(session: Session, row: Organization) -> None:
    if session.scalar(queries.meeting_ahead(row.id)):
        raise Conflict("organization_has_meetings", "还有已召集、没有归档的会议，请先归档或取消。")


def _parent(session: Session, actor: Actor, said: Founding) -> Organization | None:
    parent = None if said.parent_id is None else _parent_there(session, actor, said.parent_id)
    if said.kind is K.GROUP:
        raise Invalid("kind", "党小组由所在党支部设立。")
    _refuse_parent(said.kind, parent)
    return parent


def _parent_there(session: Session, actor: Actor, parent_id: int) -> Organization:
    """Return an organisation whose roster the actor keeps: to put something below it, that is
    enough."""
    found = queries.one(parent_id, policy.keeps_roster(actor)).with_for_update(
        of=Organization, key_share=True
    )
    parent = session.scalars(found.execution_options(populate_existing=True)).unique().first()
    if parent is None or parent.dissolved_on is not None:
        raise Invalid("parent_id", "没有找到该上级党组织，请重新选择。")
    return parent


def _refuse_parent(kind: OrganizationKind, parent: Organization | None) -> None:
    if (parent.kind if parent else None) not in PARENTS[kind]:
        raise Invalid("parent_id", "这类党组织不能设在所选的上级之下，请核对。")


def _rebind(session: Session, rules: RulePack, organization_id: int) -> None:
    session.flush()
    binding.rebind(session, rules, [Subject(SubjectKind.ORGANIZATION, organization_id)])


def _again(session: Session, row: Organization) -> Organization:
    session.flush()
    found = queries.one(row.id).execution_options(populate_existing=True)
    return session.scalars(found).unique().one()
