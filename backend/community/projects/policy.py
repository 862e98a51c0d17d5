"""Who may do what with projects and claims. Everything not named here is refused."""

import sqlalchemy as sa

from backend.community.projects.models import ProjectClaim, ProjectStatus, ServiceProject
from backend.core.actor import OFFICERS, Actor, Role
from backend.core.own import is_own
from backend.people.areas import service as areas
from backend.people.areas.models import Area
from backend.people.members import policy as members_policy


def may_publish(actor: Actor, community_id: int) -> bool:
    return community_id in actor.areas(Role.COMMUNITY_SECRETARY)


def visible_project(actor: Actor) -> sa.ColumnElement[bool]:
    """Opened projects are there for everybody, what is reviewed for the officers above as well,
    drafts for the community's secretary."""
    status = ServiceProject.status
    return sa.or_(
        status.not_in((ProjectStatus.DRAFT, ProjectStatus.REVIEW)),
        ServiceProject.community_id.in_(actor.areas(Role.COMMUNITY_SECRETARY)),
        sa.and_(status == ProjectStatus.REVIEW, _within(actor)),
        ServiceProject.reviewed_by == actor.account_id,
    )


def _within(actor: Actor) -> sa.ColumnElement[bool]:
    """Whether a project lies in the actor's territory as an officer."""
    territory = sa.select(Area.id).where(areas.below(actor.areas(*OFFICERS)))
    return ServiceProject.community_id.in_(territory)


def may_review(actor: Actor, project: ServiceProject) -> bool:
    """The officers of the street, never about what they drew up, wrote or sent themselves."""
    street = project.community.township_id
    authors = (project.created_by, project.amended_by, project.requested_by)
    return street in actor.areas(Role.STREET_OFFICER) and actor.account_id not in authors


def reviewable(actor: Actor) -> sa.ColumnElement[bool]:
    """The same question for rows: whether the actor's review is asked for."""
    streets = sa.select(Area.id).where(Area.township_id.in_(actor.areas(Role.STREET_OFFICER)))
    return sa.and_(
        ServiceProject.status == ProjectStatus.REVIEW,
        ServiceProject.community_id.in_(streets),
        ServiceProject.created_by != actor.account_id,
        ServiceProject.amended_by.is_distinct_from(actor.account_id),
        ServiceProject.requested_by.is_distinct_from(actor.account_id),
    )


def visible_claim(actor: Actor) -> sa.ColumnElement[bool]:
    """A claim exists for its claimant, the unit's contact, the community and its officers.

    Officers end at organisations: of claims they see those of units, and what is theirs to decide.
    """
    return sa.or_(
        own_claim(actor),
        ServiceProject.community_id.in_(actor.areas(Role.COMMUNITY_SECRETARY)),
        sa.and_(ProjectClaim.unit_id.is_not(None), _within(actor)),
        decidable(actor),
    )


def own_claim(actor: Actor) -> sa.ColumnElement[bool]:
    """The actor's own, and those of the units the actor is contact of."""
    return sa.or_(
        is_own(ProjectClaim.member_id, actor.member_id),
        ProjectClaim.unit_id.in_(actor.units(Role.UNIT_CONTACT)),
    )


def may_claim_for(actor: Actor, unit_id: int) -> bool:
    return unit_id in actor.units(Role.UNIT_CONTACT)


def may_decide(actor: Actor, claim: ProjectClaim) -> bool:
    """The community's secretary decides, never about what is one's own or that of one's unit; of
    the secretary's own a deputy or the street does, as with registrations (spec 3.5)."""
    if is_claimant(actor, claim) or is_own(claim.member_id, actor.member_id):
        return False
    community = claim.project.community
    street = community.township_id in actor.areas(Role.STREET_OFFICER)
    return may_publish(actor, community.id) or (bool(claim.of_secretary) and street)


def decidable(actor: Actor) -> sa.ColumnElement[bool]:
    """The same question for rows joined with their projects: whether the actor may decide."""
    own_unit = ProjectClaim.unit_id.in_(actor.units(Role.UNIT_CONTACT))
    return sa.and_(
        sa.or_(ProjectClaim.unit_id.is_(None), sa.not_(own_unit)),
        members_policy.decides(
            actor, member_id=ProjectClaim.member_id, area_id=ServiceProject.community_id
        ),
    )


def is_claimant(actor: Actor, claim: ProjectClaim) -> bool:
    """The member who claimed, or for a unit's claim whoever is its contact."""
    if claim.unit_id is not None:
        return may_claim_for(actor, claim.unit_id)
    return is_own(claim.member_id, actor.member_id)


def may_see_person(actor: Actor, claim: ProjectClaim) -> bool:
    """Who stands behind a claim is for both sides; officers see the unit only."""
    if is_claimant(actor, claim) or may_decide(actor, claim):
        return True
    return may_publish(actor, claim.project.community_id)
