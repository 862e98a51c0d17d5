"""Questions about roster entries as those who keep them see them."""

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload, with_expression

from backend.community.claims.models import ClaimStatus, ProjectClaim
from backend.community.projects.models import ServiceProject
from backend.community.volunteering.activities.models import Activity, ActivitySignUp
from backend.community.volunteering.activities.queries import LIVE as SIGNED_UP
from backend.core.actor import Actor
from backend.people.members.models import Account, Member, Position
from backend.people.members.queries import meant_by
from backend.people.organizations.models import Organization
from backend.rosters import policy

# What a claimant may leave: what was delivered is the community's to take over.
LEAVABLE = (
    ClaimStatus.WAITING,
    ClaimStatus.SUBMITTED,
    ClaimStatus.LAPSED,
    ClaimStatus.ACCEPTED,
    ClaimStatus.IN_PROGRESS,
)
_Twin = aliased(Member)


def shown(actor: Actor) -> sa.Select[Member]:
    """Select roster entries with branch and unit, whether an account is linked, and whether the
    actor keeps the branch."""
    linked = sa.exists().where(Account.member_id == Member.id)
    kept = sa.exists().where(Organization.id == Member.branch_id, policy.keeps(actor))
    return sa.select(Member).options(
        joinedload(Member.branch),
        joinedload(Member.unit),
        with_expression(Member.linked, linked),
        with_expression(Member.branch_kept, kept),
    )


def one(actor: Actor, member_id: int, *conditions: sa.ColumnElement[bool]) -> sa.Select[Member]:
    return shown(actor).where(Member.id == member_id, *conditions)


def listed(
    actor: Actor,
    *,
    organization_id: int | None = None,
    unit_id: int | None = None,
    q: str | None = None,
    twins: bool = False,
) -> sa.Select[Member]:
    """Select the entries the actor keeps; `twins`: those of which there seem to be two."""
    statement = shown(actor).where(Member.active, policy.keeps_member(actor))
    if organization_id is not None:
        inside = sa.select(Organization.id).where(_within(organization_id))
        statement = statement.where(Member.branch_id.in_(inside))
    if unit_id is not None:
        statement = statement.where(Member.unit_id == unit_id)
    if q:
        statement = statement.where(Member.id.in_(meant_by(q)))
    return statement.where(_has_twin()) if twins else statement


def _within(organization_id: int) -> sa.ColumnElement[bool]:
    above = aliased(Organization)
    path = sa.select(above.path).where(above.id == organization_id).scalar_subquery()
    return Organization.path.op("<@")(path)


def _has_twin() -> sa.ColumnElement[bool]:
    """Say whether another entry has the same number, or the same name in the same branch."""
    alike = sa.or_(
        _Twin.phone_hash == Member.phone_hash,
        sa.and_(_Twin.name == Member.name, _Twin.branch_id == Member.branch_id),
    )
    return sa.exists().where(_Twin.id != Member.id, _Twin.active, alike)


def same(name: str, phone_hash: str) -> sa.Select[Member]:
    """Select who is on a roster with this name and number, for whoever would enter them again."""
    return sa.select(Member).where(
        Member.phone_hash == phone_hash, Member.name == name, Member.active
    )


def open_posts(member_id: int) -> sa.Select[Position]:
    return sa.select(Position).where(Position.member_id == member_id, Position.ends_on.is_(None))


def own_claims(member_id: int) -> sa.Select[ProjectClaim]:
    """Select the member's own claims that nobody waits for the result of."""
    return sa.select(ProjectClaim).where(
        ProjectClaim.member_id == member_id,
        ProjectClaim.unit_id.is_(None),
        ProjectClaim.status.in_(LEAVABLE),
    )


def project(project_id: int) -> sa.Select[ServiceProject]:
    """Select a project, locked and as it is now."""
    found = sa.select(ServiceProject).where(ServiceProject.id == project_id)
    return found.with_for_update().execution_options(populate_existing=True)


def sign_ups(member_id: int) -> sa.Select[ActivitySignUp]:
    return (
        sa.select(ActivitySignUp)
        .where(ActivitySignUp.member_id == member_id, SIGNED_UP)
        .order_by(ActivitySignUp.activity_id, ActivitySignUp.id)
    )


def activity(activity_id: int) -> sa.Select[Activity]:
    """Select an activity, locked and as it is now."""
    found = sa.select(Activity).where(Activity.id == activity_id)
    return found.with_for_update(of=Activity).execution_options(populate_existing=True)
