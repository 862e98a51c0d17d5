"""What follows when an organisation moves, is merged or ends. Callers hold its lock."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.accounts.appointments import service as appointments
from backend.branch_life.branch_bodies import evidence
from backend.core import clock
from backend.ledger import binding
from backend.ledger.models import SubjectKind
from backend.ledger.rulepack import RulePack
from backend.ledger.subjects import Subject
from backend.people.members.models import Appointment, Member
from backend.people.members.queries import COMMITTEE
from backend.people.organizations.models import Organization, OrganizationKind
from backend.registers import following as registers
from backend.registers.declared import SlotName
from backend.rosters.organizations import queries


def move_paths(session: Session, row: Organization, path: str) -> None:
    """Let everything from the organisation down hang at `path`."""
    session.flush()
    old, depth = row.path, len(row.path.split("."))
    ltree = Organization.path.type
    rest = sa.func.subpath(Organization.path, depth - 1)
    above = path.rpartition(".")[0]
    moved = sa.cast(above, ltree).op("||")(rest) if above else rest
    whole = sa.update(Organization).where(Organization.path.op("<@")(sa.cast(old, ltree)))
    session.execute(whole.values(path=moved).execution_options(synchronize_session=False))
    session.expire(row, ["path"])


def rebind_members(session: Session, rules: RulePack, people: Iterable[Member]) -> None:
    """Bring in step what members owe: those of a community's own branch need not register."""
    session.flush()
    binding.rebind(session, rules, [Subject(SubjectKind.MEMBER, one.id) for one in people])


def hand_over(session: Session, rules: RulePack, row: Organization, into: Organization) -> None:
    """Let the roster and what stands below belong to the successor; Party groups end."""
    _end_groups(session, rules, row)
    people = session.scalars(queries.members_of(row.id)).all()
    for member in people:
        member.group_id, member.branch_id = None, into.id
    rebind_members(session, rules, people)
    registers.follow(session, rules, SlotName.ORGANIZATION, row.id, into)
    for child in session.scalars(queries.children(row.id)).all():
        child.parent_id = into.id
        move_paths(session, child, f"{into.path}.{child.id}")


def close(session: Session, rules: RulePack, row: Organization) -> None:
    """End the groups, the posts and the appointments of an organisation that is dissolved."""
    _end_groups(session, rules, row)
    posts = session.scalars(queries.open_posts(row.id)).all()
    for post in posts:
        post.end_today()
    session.flush()
    seated = any(post.kind in COMMITTEE for post in posts)
    evidence.committee_changed(session, rules, row, was=seated, now=False)
    appointments.fall_away(session, Appointment.organization_id == row.id, "党组织已撤销。")
    registers.lapse(session, rules, SlotName.ORGANIZATION, row.id)
    session.flush()


def _end_groups(session: Session, rules: RulePack, row: Organization) -> None:
    for group in session.scalars(queries.children(row.id, OrganizationKind.GROUP)).all():
        for member in session.scalars(queries.in_group(group.id)):
            member.group_id = None
        for post in session.scalars(queries.open_posts(group.id)):
            post.end_today()
        group.dissolved_on = clock.today()
        session.flush()
        evidence.group_dissolved(session, rules, group)
        registers.lapse(session, rules, SlotName.ORGANIZATION, group.id)
