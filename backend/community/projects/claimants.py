"""Who may claim a project (spec 5.1): registered members, and units that are registered or belong
to a coordination body; never a unit what it asked for itself."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.demands.models import Demand
from backend.community.projects import policy
from backend.community.projects.models import ClaimantKind, ServiceProject
from backend.core.actor import Actor
from backend.core.errors import Conflict, Forbidden, Invalid
from backend.ledger import queries as ledger
from backend.ledger.models import SubjectKind
from backend.ledger.subjects import Subject
from backend.people.organizations import queries as organizations

UNIT_REGISTRATION = "unit_registration"


def check(session: Session, actor: Actor, project: ServiceProject, unit_id: int | None) -> None:
    """Raise where the actor, or the unit the actor claims for, may not claim the project."""
    if unit_id is None:
        _check_member(actor)
    else:
        _check_unit(session, actor, unit_id)
    wrong = ClaimantKind.MEMBERS if unit_id is not None else ClaimantKind.UNITS
    if project.claimants is wrong:
        only = "党员个人" if unit_id is not None else "单位"
        raise Conflict("claimant_not_allowed", f"该项目只接受{only}认领。")
    if unit_id is not None and _asked_for_it(session, project, unit_id):
        raise Conflict("own_demand", "这是本单位提出的需求，请由其他单位或党员认领。")


def _check_member(actor: Actor) -> None:
    if not actor.registered:
        raise Forbidden("registration_required", "请先完成社区报到，再认领项目。")


def _check_unit(session: Session, actor: Actor, unit_id: int) -> None:
    if not policy.may_claim_for(actor, unit_id):
        raise Invalid("unit_id", "只有单位的党建联络员可以代表本单位认领。")
    allowed = sa.or_(
        ledger.stands(UNIT_REGISTRATION, Subject(SubjectKind.UNIT, unit_id)),
        organizations.in_alliance(unit_id),
    )
    if not session.scalar(sa.select(allowed)):
        raise Forbidden("unit_not_registered", "请先为本单位到街道社区报到，再认领项目。")


def _asked_for_it(session: Session, project: ServiceProject, unit_id: int) -> bool:
    """Whether the demand behind a project, or one merged into it, is the unit's own."""
    if project.demand_id is None:
        return False
    own = sa.or_(Demand.id == project.demand_id, Demand.merged_into_id == project.demand_id)
    return bool(session.scalar(sa.select(sa.exists().where(own, Demand.unit_id == unit_id))))
