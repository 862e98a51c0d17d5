"""单位报到: submit, say what is offered, fall due. What else may happen stands in `flow`. Callers
own the transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.community.unit_registrations import news, policy, queries
from backend.community.unit_registrations import resources as offers
from backend.community.unit_registrations.flow import FLOW
from backend.community.unit_registrations.models import UnitRegistration, UnitRegistrationStatus
from backend.community.unit_registrations.policy import CONTACT
from backend.community.unit_registrations.resources import Resource
from backend.core import clock
from backend.core.actor import Actor
from backend.core.errors import Conflict, Forbidden, Invalid
from backend.people.areas import service as areas
from backend.people.organizations.models import Unit

accept = FLOW.step("accept", "registration_id")
send_back = FLOW.step("return", "registration_id")
resubmit = FLOW.step("resubmit", "registration_id")
withdraw = FLOW.step("withdraw", "registration_id")
renew = FLOW.step("renew", "registration_id")
end = FLOW.step("end", "registration_id")


@dataclass(frozen=True)
class Submission:
    """Which unit registers where, and what the two sides have agreed."""

    unit_id: int
    receiver_code: str
    plan: str
    resources: Sequence[Resource]


def submit(session: Session, *, actor: Actor, said: Submission) -> UnitRegistration:
    """Register the unit whose contact the actor is. Raises Invalid, Forbidden, Conflict."""
    member_id = actor.as_member()
    unit = session.get(Unit, said.unit_id, with_for_update=True)
    if unit is None:
        raise Invalid("unit_id", "没有找到该单位，请重新选择。")
    if not policy.may_act_for(actor, unit.id):
        raise Forbidden("not_your_unit", "只有该单位的党建联络员可以为其报到。")
    area = areas.receiver(session, said.receiver_code)
    if session.scalars(queries.live(unit.id, area.id)).first() is not None:
        raise Conflict("unit_already_registered", "该单位已向此处报到，可在“单位报到”中查看进度。")
    row = UnitRegistration(
        unit=unit,
        area=area,
        area_id=area.id,
        contact_id=member_id,
        status=UnitRegistrationStatus.SUBMITTED,
        plan=said.plan,
        submitted_at=clock.now(),
    )
    taken = FLOW.begin(session, actor, row, "submitted")
    taken.check("plan", said.plan)
    offers.write(taken, said.resources)
    news.tell_receiver(session, row)
    return row


def show(session: Session, *, actor: Actor, registration_id: int) -> UnitRegistration:
    """Return a registration that exists for the actor. Raises NotFound."""
    return FLOW.show(session, actor, registration_id)


def may_replace_resources(row: UnitRegistration) -> bool:
    """Return whether whoever the row was read for may write its resource list anew."""
    return CONTACT.stands(row) and row.status in queries.LIVE


def replace_resources(
    session: Session, *, actor: Actor, registration_id: int, resources: Sequence[Resource]
) -> UnitRegistration:
    """Write the resource list of a live registration anew."""
    taken = FLOW.held(session, actor, registration_id, CONTACT)
    if not may_replace_resources(taken.row):
        raise Conflict("unit_registration_over", "该报到已结束，不能再修改资源清单。")
    offers.write(taken, resources)
    audit.record(session, actor, "unit_registration.resources_written", taken.row)
    return taken.row


def let_fall_due(session: Session) -> int:
    """Ask for the renewal of what was last confirmed in an earlier year; return how many."""
    due = queries.to_be_renewed(date(clock.today().year, 1, 1)).with_for_update()
    rows = session.scalars(due).all()
    for row in rows:
        FLOW.turn(session, row, "fall_due")
    return len(rows)
