"""Questions about the bodies of a branch."""

from collections.abc import Iterable
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, with_expression

from backend.branch_life.branch_bodies import policy
from backend.core.actor import Actor, PositionKind, Role
from backend.people.members import queries as members
from backend.people.members.models import Member, MemberCategory, Position
from backend.people.organizations.models import Organization, OrganizationKind
from backend.support.text_checks import withheld

BRANCHES = (OrganizationKind.BRANCH, OrganizationKind.JOINT_BRANCH)


def branch(actor: Actor, organization_id: int) -> sa.Select[Organization]:
    """Select a branch, if it exists for the actor."""
    return sa.select(Organization).where(
        Organization.id == organization_id,
        Organization.kind.in_(BRANCHES),
        policy.visible(actor),
    )


def seats(branch_id: int) -> sa.Select[Position]:
    """Select the posts of a branch's committee held by active members, with who holds them."""
    return (
        members.open_positions(branch_id, *members.COMMITTEE)
        .join(Position.member)
        .where(Member.active, Member.branch_id == branch_id)
        .options(contains_eager(Position.member))
    )


def secretaries(branch_id: int) -> sa.Select[Member]:
    """Select the active members appointed secretary of a branch."""
    holders = members.holders(Role.BRANCH_SECRETARY, organization_id=branch_id)
    return sa.select(Member).where(Member.active, Member.id.in_(holders)).order_by(Member.id)


def full_members(branch_id: int) -> sa.Select[int]:
    """Count the full members of a branch."""
    return sa.select(sa.func.count()).where(
        Member.branch_id == branch_id, Member.active, Member.category == MemberCategory.FULL
    )


@cache
def groups() -> sa.Select[Organization]:
    """Select Party groups with what every answer shows of them."""
    return (
        sa.select(Organization)
        .where(Organization.kind == OrganizationKind.GROUP)
        .options(
            with_expression(
                Organization.withheld, withheld.of(Organization.__tablename__, Organization.id)
            )
        )
    )


def groups_of(branch_id: int) -> sa.Select[Organization]:
    """Select the Party groups a branch has today."""
    return groups().where(Organization.parent_id == branch_id, Organization.dissolved_on.is_(None))


def leaders(group_ids: Iterable[int]) -> sa.Select[Position]:
    """Select who leads each of the groups today, with the name."""
    return (
        sa.select(Position)
        .join(Position.member)
        .where(
            Position.organization_id.in_(list(group_ids)),
            Position.kind == PositionKind.GROUP_LEADER,
            Position.ends_on.is_(None),
            Member.active,
        )
        .options(contains_eager(Position.member))
        .execution_options(populate_existing=True)
    )


def members_of(group_ids: Iterable[int]) -> sa.Select[Member]:
    """Select the active members of the groups, in order of id."""
    in_them = Member.group_id.in_(list(group_ids))
    return sa.select(Member).where(in_them, Member.active).order_by(Member.id)
