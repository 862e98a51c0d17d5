"""Who may do what with projects and claims. Everything not named here is refused."""

import sqlalchemy as sa

from backend.areas import service as areas
from backend.areas.models import Area
from backend.core.actor import OFFICERS, Actor, Role
from backend.projects.models import ProjectClaim, ProjectStatus, ServiceProject


def may_publish(actor: Actor, community_id: int) -> bool:
    return community_id in actor.areas(Role.COMMUNITY_SECRETARY)


def visible_project(actor: Actor) -> sa.ColumnElement[bool]:
    """Published projects are there for everybody, drafts for the community's secretary."""
    return sa.or_(
        ServiceProject.status != ProjectStatus.DRAFT,
        ServiceProject.community_id.in_(actor.areas(Role.COMMUNITY_SECRETARY)),
    )


def visible_claim(actor: Actor) -> sa.ColumnElement[bool]:
    """A claim exists for its claimant, the unit's contact, the community and its officers.

    Officers end at organisations: of claims they see those of units.
    """
    received = sa.select(ServiceProject.id).where(
        ServiceProject.community_id.in_(actor.areas(Role.COMMUNITY_SECRETARY))
    )
    territory = (
        sa.select(ServiceProject.id)
        .join(Area, Area.id == ServiceProject.community_id)
        .where(areas.below(actor.areas(*OFFICERS)))
    )
    return sa.or_(
        ProjectClaim.member_id == actor.member_id,
        ProjectClaim.unit_id.in_(actor.units(Role.UNIT_CONTACT)),
        ProjectClaim.project_id.in_(received),
        sa.and_(ProjectClaim.unit_id.is_not(None), ProjectClaim.project_id.in_(territory)),
    )


def may_claim_for(actor: Actor, unit_id: int) -> bool:
    return unit_id in actor.units(Role.UNIT_CONTACT)


def may_decide(actor: Actor, claim: ProjectClaim) -> bool:
    """The community's secretary decides, never about the own claim or that of the own unit."""
    return may_publish(actor, claim.project.community_id) and not is_claimant(actor, claim)


def decidable(actor: Actor) -> sa.ColumnElement[bool]:
    """The same question for rows joined with their projects: whether the actor may decide."""
    own = sa.case(
        (
            ProjectClaim.unit_id.is_not(None),
            ProjectClaim.unit_id.in_(actor.units(Role.UNIT_CONTACT)),
        ),
        else_=ProjectClaim.member_id.is_not_distinct_from(actor.member_id),
    )
    return sa.and_(
        ServiceProject.community_id.in_(actor.areas(Role.COMMUNITY_SECRETARY)), sa.not_(own)
    )


def is_claimant(actor: Actor, claim: ProjectClaim) -> bool:
    """The member who claimed, or for a unit's claim whoever is its contact."""
    if claim.unit_id is not None:
        return may_claim_for(actor, claim.unit_id)
    return claim.member_id == actor.member_id


def may_see_person(actor: Actor, claim: ProjectClaim) -> bool:
    """Who stands behind a claim is for both sides; officers see the unit only."""
    return is_claimant(actor, claim) or may_publish(actor, claim.project.community_id)
