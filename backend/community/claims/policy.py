"""Who may do what with claims. Everything not named here is refused."""

import sqlalchemy as sa

from backend.community.claims.models import ProjectClaim
from backend.community.projects.models import ServiceProject
from backend.core.actor import OFFICERS, Actor, Role
from backend.core.asker import Asker
from backend.flows.steps import Party
from backend.people.areas import service as areas
from backend.people.members import policy as members

_C = ProjectClaim


def visible(asker: Asker) -> sa.ColumnElement[bool]:
    """Return whether a claim exists for the asker.

    It does for its claimant, the unit's contact, the community and its officers. Officers end at
    organisations: of claims they see those of units, and what is theirs to decide.
    """
    of_unit = sa.and_(
        _C.unit_id.is_not(None), areas.within(asker, ServiceProject.community_id, *OFFICERS)
    )
    return sa.or_(own(asker), _leads(asker), of_unit, _decides(asker))


def own(asker: Asker) -> sa.ColumnElement[bool]:
    """Return whether the asker made a claim, or is contact of the unit it is for."""
    return sa.or_(asker.own(_C.member_id), asker.contacts(_C.unit_id))


def _claims(asker: Asker) -> sa.ColumnElement[bool]:
    """Return whether the asker is the member who claimed, or for a unit's claim its contact."""
    by_member = sa.and_(_C.unit_id.is_(None), asker.own(_C.member_id))
    return sa.or_(by_member, asker.contacts(_C.unit_id))


def _leads(asker: Asker) -> sa.ColumnElement[bool]:
    return asker.over(ServiceProject.community_id, Role.COMMUNITY_SECRETARY)


def _decides(asker: Asker) -> sa.ColumnElement[bool]:
    """Return whether the asker decides.

    The community's secretary does, never about what is one's own or that of one's unit; of the
    secretary's own a deputy or the street does, as with registrations (spec 3.5).
    """
    return sa.and_(
        sa.or_(_C.unit_id.is_(None), sa.not_(asker.contacts(_C.unit_id))),
        members.decided_by(asker, member_id=_C.member_id, area_id=ServiceProject.community_id),
    )


def may_claim_for(actor: Actor, unit_id: int) -> bool:
    return unit_id in actor.units(Role.UNIT_CONTACT)


CLAIMANT = Party("claimant", _claims, message="只能办理本人或本单位的认领。")
DECIDER = Party(
    "community secretary; of the secretary's own claim a deputy or the street",
    _decides,
    "not_your_decision",
    "只有项目所在社区的书记可以办理，且不能办理本人或本单位的认领。",
)
# Who stands behind a claim is for both sides; officers see the unit only.
READER = Party(
    "reader of who claimed",
    lambda asker: sa.or_(_claims(asker), _decides(asker), _leads(asker)),
)
# Takes the steps that come with what happens to the project.
SYSTEM = Party("system", lambda _asker: sa.false())
