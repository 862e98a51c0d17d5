"""单位报到: submit, correct, withdraw, renew; accept, return; end. Callers own the transaction.

Every step locks the unit first and the registration second, so that two of them never cross.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.community.unit_registrations import news, policy, queries
from backend.community.unit_registrations.models import (
    ResourceKind,
    ResourceOffer,
    UnitRegistration,
    UnitRegistrationStatus,
)
from backend.community.unit_registrations.states import UNIT_REGISTRATION
from backend.core import clock
from backend.core.actor import Actor
from backend.core.errors import Conflict, Forbidden, Invalid, NotFound
from backend.core.own import is_own
from backend.ledger import service as ledger
from backend.ledger.models import SubjectKind
from backend.ledger.service import Source
from backend.ledger.subjects import Subject
from backend.people.areas import service as areas
from backend.people.organizations.models import Unit
from backend.support.documents import numbers
from backend.support.text_checks import service as text_checks

# The standing fact of rule 2h.
FACT = "unit_registration"


@dataclass(frozen=True)
class Resource:
    """One line of a resource list as its unit writes it."""

    kind: ResourceKind
    description: str
    amount: str = ""
    times: str = ""


def submit(
    session: Session,
    *,
    actor: Actor,
    unit_id: int,
    receiver_code: str,
    plan: str,
    resources: Sequence[Resource],
) -> UnitRegistration:
    """Register the unit whose contact the actor is. Raises Invalid, Forbidden, Conflict."""
    member_id = actor.as_member()
    unit = session.get(Unit, unit_id, with_for_update=True)
    if unit is None:
        raise Invalid("unit_id", "没有找到该单位，请重新选择。")
    if not policy.may_act_for(actor, unit_id):
        raise Forbidden("not_your_unit", "只有该单位的党建联络员可以为其报到。")
    area = areas.receiver(session, receiver_code)
    if session.scalars(queries.live(unit_id, area.id)).first() is not None:
        raise Conflict("unit_already_registered", "该单位已向此处报到，可在“单位报到”中查看进度。")
    registration = UnitRegistration(
        unit_id=unit_id,
        area_id=area.id,
        contact_id=member_id,
        status=UnitRegistrationStatus.SUBMITTED,
        unit=unit,
        area=area,
    )
    session.add(registration)
    _send(session, actor, registration, plan, resources, "submitted")
    return registration


def show(session: Session, *, actor: Actor, registration_id: int) -> UnitRegistration:
    """Return a registration that exists for the actor. Raises NotFound."""
    found = queries.shown().where(UnitRegistration.id == registration_id, policy.visible(actor))
    registration = session.scalars(found).first()
    if registration is None:
        raise NotFound("unit_registration_not_found", "没有找到这份单位报到。")
    return registration


def resubmit(
    session: Session,
    *,
    actor: Actor,
    registration_id: int,
    plan: str,
    resources: Sequence[Resource] | None = None,
) -> UnitRegistration:
    """Send a returned registration again, corrected; None leaves the list that was sent before."""
    registration = _own(session, actor, registration_id)
    registration.status = UNIT_REGISTRATION.after(registration.status, "resubmit")
    registration.contact_id = actor.as_member()
    _send(session, actor, registration, plan, resources, "resubmitted")
    return registration


def _send(
    session: Session,
    actor: Actor,
    registration: UnitRegistration,
    plan: str,
    resources: Sequence[Resource] | None,
    step: str,
) -> None:
    registration.plan, registration.submitted_at = plan, clock.now()
    audit.record(session, actor, f"unit_registration.{step}", registration)
    _check(session, actor, registration, "plan", plan)
    if resources is not None:
        _write_resources(session, actor, registration, resources)
    news.tell_receiver(session, registration)


def replace_resources(
    session: Session, *, actor: Actor, registration_id: int, resources: Sequence[Resource]
) -> UnitRegistration:
    """Write the resource list of a live registration anew."""
    registration = _own(session, actor, registration_id)
    if registration.status not in queries.LIVE:
        raise Conflict("unit_registration_over", "该报到已结束，不能再修改资源清单。")
    _write_resources(session, actor, registration, resources)
    audit.record(session, actor, "unit_registration.resources_written", registration)
    return registration


def _write_resources(
    session: Session,
    actor: Actor,
    registration: UnitRegistration,
    resources: Sequence[Resource],
) -> None:
    registration.resources = [ResourceOffer(**asdict(one)) for one in resources]
    session.flush()
    texts = [text for one in resources for text in (one.description, one.amount, one.times)]
    _check(session, actor, registration, "resources", *texts)


def withdraw(session: Session, *, actor: Actor, registration_id: int) -> UnitRegistration:
    """Take back what has not been accepted; withdrawing twice is the same as once."""
    registration = _own(session, actor, registration_id)
    if registration.status is UnitRegistrationStatus.WITHDRAWN:
        return registration
    registration.status = UNIT_REGISTRATION.after(registration.status, "withdraw")
    audit.record(session, actor, "unit_registration.withdrawn", registration)
    return registration


def renew(session: Session, *, actor: Actor, registration_id: int) -> UnitRegistration:
    """Confirm for the year; again in the same year by the same contact is no change."""
    registration = _own(session, actor, registration_id)
    if _renewed_alike(registration, actor):
        return registration
    registration.status = UNIT_REGISTRATION.after(registration.status, "renew")
    registration.contact_id, registration.renewed_on = actor.as_member(), clock.today()
    audit.record(session, actor, "unit_registration.renewed", registration)
    return registration


def _renewed_alike(registration: UnitRegistration, actor: Actor) -> bool:
    return (
        registration.status is UnitRegistrationStatus.ACTIVE
        and registration.renewed_on is not None
        and registration.renewed_on.year == clock.today().year
        and is_own(registration.contact_id, actor.member_id)
    )


def accept(session: Session, *, actor: Actor, registration_id: int) -> UnitRegistration:
    """Accept: issues the receipt, and the unit has registered in the sense of rule 2h."""
    registration = _decidable(session, actor, registration_id)
    if _decided_alike(registration, actor, UnitRegistrationStatus.ACTIVE):
        return registration
    _decide(registration, actor, "accept")
    registration.accepted_on, registration.receipt_no = clock.today(), numbers.new("DW")
    ledger.hold(
        session,
        FACT,
        subject_of(registration),
        source_of(registration),
        starts_on=registration.accepted_on,
        area_id=registration.area_id,
    )
    audit.record(session, actor, "unit_registration.accepted", registration)
    news.tell_accepted(session, registration)
    return registration


def send_back(
    session: Session, *, actor: Actor, registration_id: int, reason: str
) -> UnitRegistration:
    """Return for correction; the unit may send it again."""
    registration = _decidable(session, actor, registration_id)
    if _decided_alike(registration, actor, UnitRegistrationStatus.RETURNED):
        return registration
    _decide(registration, actor, "return")
    registration.return_reason = reason
    audit.record(session, actor, "unit_registration.returned", registration)
    _check(session, actor, registration, "return_reason", reason)
    news.tell_returned(session, registration)
    return registration


def end(session: Session, *, actor: Actor, registration_id: int, reason: str) -> UnitRegistration:
    """End it, from either side; the fact ends with it and the other side is told."""
    registration = _visible(session, actor, registration_id)
    if not policy.may_end(actor, registration):
        raise Forbidden("not_your_decision", "只有报到单位的联络员或接收方可以结束报到。")
    ended = registration.status is UnitRegistrationStatus.ENDED
    if ended and registration.ended_by == actor.account_id:
        return registration
    registration.status = UNIT_REGISTRATION.after(registration.status, "end")
    registration.ended_on, registration.ended_by = clock.today(), actor.account_id
    registration.end_reason = reason
    ledger.release(session, FACT, source_of(registration), ends_on=registration.ended_on)
    audit.record(session, actor, "unit_registration.ended", registration)
    _check(session, actor, registration, "end_reason", reason)
    by_unit = policy.may_act_for(actor, registration.unit_id)
    news.tell_ended(session, registration, by_unit=by_unit)
    return registration


def let_fall_due(session: Session) -> int:
    """Ask for the renewal of what was last confirmed in an earlier year; return how many."""
    today = clock.today()
    due = session.scalars(queries.to_be_renewed(date(today.year, 1, 1)).with_for_update()).all()
    for registration in due:
        registration.status = UNIT_REGISTRATION.after(registration.status, "fall_due")
        audit.record(session, None, "unit_registration.fell_due", registration)
        news.tell_renewal_due(session, registration, today.year)
    return len(due)


def _visible(session: Session, actor: Actor, registration_id: int) -> UnitRegistration:
    """Return the registration, locked after its unit, if it exists for the actor."""
    registration = show(session, actor=actor, registration_id=registration_id)
    session.get_one(Unit, registration.unit_id, with_for_update=True)
    session.refresh(registration, with_for_update=True, attribute_names=_STATE)
    return registration


_STATE = ["status", "decided_by", "accepted_on", "receipt_no", "renewed_on", "contact_id",
          "ended_on", "ended_by"]  # fmt: skip


def _own(session: Session, actor: Actor, registration_id: int) -> UnitRegistration:
    registration = _visible(session, actor, registration_id)
    if not policy.may_act_for(actor, registration.unit_id):
        raise Forbidden("not_your_unit", "只有该单位的党建联络员可以办理。")
    return registration


def _decidable(session: Session, actor: Actor, registration_id: int) -> UnitRegistration:
    registration = _visible(session, actor, registration_id)
    if not policy.may_decide(actor, registration):
        raise Forbidden("not_your_decision", "只有接收方可以办理，且不能办理本单位的报到。")
    return registration


def _decided_alike(
    registration: UnitRegistration, actor: Actor, status: UnitRegistrationStatus
) -> bool:
    """A second tap of the same person finds the work done."""
    return registration.status is status and registration.decided_by == actor.account_id


def _decide(registration: UnitRegistration, actor: Actor, event: str) -> None:
    registration.status = UNIT_REGISTRATION.after(registration.status, event)
    registration.decided_by, registration.decided_at = actor.account_id, clock.now()


def _check(
    session: Session, actor: Actor, registration: UnitRegistration, part: str, *texts: str
) -> None:
    text_checks.submit(
        session,
        actor,
        subject=registration.as_subject,
        part=part,
        area_id=registration.area_id,
        texts=texts,
    )


def subject_of(registration: UnitRegistration) -> Subject:
    return Subject(SubjectKind.UNIT, registration.unit_id)


def source_of(registration: UnitRegistration) -> Source:
    return Source(UnitRegistration.__tablename__, registration.id)
