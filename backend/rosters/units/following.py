"""What follows when a unit moves, is merged or ends. Callers hold its lock."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.accounts.appointments import service as appointments
from backend.community.unit_registrations import queries as registrations
from backend.community.unit_registrations.flow import FLOW as REGISTRATION
from backend.community.unit_registrations.models import UnitRegistration
from backend.core import clock
from backend.core.actor import Actor
from backend.flows.steps import Reason
from backend.ledger import binding
from backend.ledger.models import SubjectKind
from backend.ledger.rulepack import RulePack
from backend.ledger.subjects import Subject
from backend.people.members.models import Appointment, Member
from backend.people.organizations.models import Unit
from backend.registers import following as registers
from backend.registers.declared import SlotName
from backend.rosters.units import queries


def rebind_members(session: Session, rules: RulePack, unit: Unit) -> None:
    """Bring in step what the unit's members owe, and where they stand."""
    session.flush()
    own = sa.select(Member.id).where(Member.unit_id == unit.id, Member.active)
    ids = session.scalars(own.order_by(Member.id)).all()
    binding.rebind(session, rules, [Subject(SubjectKind.MEMBER, id_) for id_ in ids])


def hand_over(session: Session, rules: RulePack, unit: Unit, into: Unit) -> None:
    """Let members and organisations belong to the successor, and what points to the unit point to
    it."""
    for member in session.scalars(queries.members_of(unit.id)):
        member.unit_id = into.id
    for organization in session.scalars(queries.organizations(unit.id)):
        organization.unit_id = into.id
    registers.follow(session, rules, SlotName.UNIT, unit.id, into)
    rebind_members(session, rules, into)


def close(session: Session, rules: RulePack, actor: Actor, unit: Unit, why: Reason) -> None:
    """End the unit today: its registrations, what counts because of it in registers, its contacts'
    appointments."""
    for row in session.scalars(_live(unit.id)).all():
        waits = row.status not in registrations.STANDING
        if waits:
            REGISTRATION.turn(session, row, "withdraw", rules)
        else:
            REGISTRATION.turn(session, row, "end", rules, actor=actor, said=why)
    registers.lapse(session, rules, SlotName.UNIT, unit.id)
    appointments.fall_away(session, Appointment.unit_id == unit.id, "所在单位已撤销。")
    unit.ended_on = clock.today()
    session.flush()


def _live(unit_id: int) -> sa.Select[UnitRegistration]:
    live = registrations.shown().where(
        UnitRegistration.unit_id == unit_id, UnitRegistration.status.in_(registrations.LIVE)
    )
    return live.order_by(UnitRegistration.id)
