"""Who may see and decide link applications.

A secretary says who an applicant is. Where the number does not prove it, somebody else says so too:
nobody alone can put an account into another person's place.
"""

import sqlalchemy as sa

from backend.accounts.onboarding.models import LinkApplication, LinkApplicationStatus
from backend.core import wording
from backend.core.actor import OFFICERS, Actor, PositionKind, Role
from backend.people.areas import service as areas
from backend.people.areas.models import Area
from backend.people.members import queries as members
from backend.people.members.models import Member
from backend.people.organizations.models import Organization


def visible(actor: Actor) -> sa.ColumnElement[bool]:
    """Applications to the secretary's branch or by somebody who may stand in its roster, and those
    the actor is to confirm or has confirmed."""
    return sa.or_(known(actor), confirmable(actor), LinkApplication.decided_by == actor.account_id)


def known(actor: Actor) -> sa.ColumnElement[bool]:
    """Whether a secretary can know the applicant: the branch was named, or it was none and the
    own roster has the name or the number."""
    branches = actor.organizations(Role.BRANCH_SECRETARY)
    if not branches:
        return sa.false()
    name = wording.sought(LinkApplication.applicant_name)
    on_roster = sa.exists().where(
        Member.branch_id.in_(branches),
        Member.active,
        sa.or_(
            Member.phone_hash == LinkApplication.phone_hash,
            sa.and_(name != "", wording.sought(Member.name) == name),
            Member.id == LinkApplication.member_id,
        ),
    )
    return sa.or_(
        LinkApplication.organization_id.in_(branches),
        sa.and_(LinkApplication.organization_id.is_(None), on_roster),
    )


def nameable(actor: Actor) -> sa.ColumnElement[bool]:
    return sa.and_(
        LinkApplication.status == LinkApplicationStatus.SUBMITTED,
        LinkApplication.account_id != actor.account_id,
        known(actor),
    )


def confirmable(actor: Actor) -> sa.ColumnElement[bool]:
    """Whether the actor is a second person: another leader of the branch where the entry brings no
    rights with it, else the organisation above or an officer of the territory."""
    branches = actor.organizations(Role.BRANCH_SECRETARY)
    near = branches | actor.serves(PositionKind.DEPUTY_SECRETARY)
    territory = sa.exists().where(
        Area.id == Organization.area_id, areas.below(actor.areas(*OFFICERS))
    )
    beside = sa.and_(Member.branch_id.in_(near), ~members.holds_office(Member.id))
    second = sa.exists().where(
        Member.id == LinkApplication.member_id,
        Organization.id == Member.branch_id,
        sa.or_(beside, Organization.parent_id.in_(branches), territory),
    )
    return sa.and_(
        LinkApplication.status == LinkApplicationStatus.NAMED,
        LinkApplication.named_by != actor.account_id,
        LinkApplication.account_id != actor.account_id,
        second,
    )


def may_decide(actor: Actor, application: LinkApplication) -> bool:
    """Nobody decides about the own account."""
    return application.account_id != actor.account_id


def may_assign(actor: Actor, member: Member) -> bool:
    """A secretary links accounts to the own branch's roster only."""
    return member.active and member.branch_id in actor.organizations(Role.BRANCH_SECRETARY)
