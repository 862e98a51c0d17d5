"""Propose somebody for a role. What becomes of that stands in `flow`."""

from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.accounts.appointments import eligibility, news, policy, queries
from backend.accounts.appointments.flow import FLOW
from backend.core import clock
from backend.core.actor import Actor, Role
from backend.core.asker import asked_by, asker_of
from backend.core.crypto import Crypto
from backend.core.errors import Conflict, Forbidden, Invalid, NotFound
from backend.core.own import is_own
from backend.flows.steps import Reason
from backend.people.areas import service as areas
from backend.people.areas.models import Area
from backend.people.members import look_ups
from backend.people.members.models import (
    Account,
    AccountKind,
    Appointment,
    AppointmentStatus,
    Member,
)
from backend.people.organizations.models import Organization, Unit


@dataclass(frozen=True)
class Office:
    """What somebody is to be: a role over one area, organisation or unit, for a term that begins
    today if nothing is said."""

    role: Role
    area_code: str | None = None
    organization_id: int | None = None
    unit_id: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True)
class Holder:
    """Who is to hold it: a member, or an account that belongs to none."""

    member_id: int | None = None
    account_id: int | None = None


@dataclass(frozen=True)
class Named:
    """A member as people name one: both must be known already."""

    name: str
    phone: str


@dataclass(frozen=True)
class Proposal(Office):
    """An office, and who is to hold it: somebody who is named, or a staff account."""

    member: Named | None = None
    account_id: int | None = None


approve = FLOW.step("approve", "appointment_id")
refuse = FLOW.step("refuse", "appointment_id")
withdraw = FLOW.step("withdraw", "appointment_id")
end = FLOW.step("end", "appointment_id")


def propose_named(session: Session, keys: Crypto, *, actor: Actor, said: Proposal) -> Appointment:
    """Propose whom a proposal names. Nobody is looked for before it is known that the actor may
    give the role there. Raises as `propose` and `look_ups.find` do."""
    if not any(grant.role in policy.GRANTING for grant in actor.grants):
        raise policy.GRANTOR.refusal()
    if (said.member is None) == (said.account_id is None):
        raise Invalid("member", "请填写任职党员的姓名和手机号，或选择一个工作账号。")
    if said.member is None:
        return propose(session, actor=actor, office=said, holder=Holder(account_id=said.account_id))
    _check_grants(session, actor, _proposed(session, said), without_member=False)
    named = {"name": said.member.name, "phone": said.member.phone}
    found = look_ups.find(session, keys, actor=actor, **named)
    with look_ups.kept(session):
        return propose(session, actor=actor, office=said, holder=Holder(member_id=found.id))


def propose(session: Session, *, actor: Actor, office: Office, holder: Holder) -> Appointment:
    """Propose somebody for a role: it gives no right until another has approved it.

    Raises Forbidden, and Invalid or Conflict where it cannot be.
    """
    row = _proposed(session, office)
    _check_grants(session, actor, row, without_member=holder.account_id is not None)
    _put_holder(session, actor, row, holder)
    eligibility.lock_holder(session, row)
    eligibility.check(session, row)
    row.proposed_by, row.proposed_at = actor.account_id, clock.now()
    FLOW.begin(session, actor, row, "proposed", role=row.role.value)
    news.tell_deciders(session, row)
    return FLOW.show(session, actor, row.id)


def fall_away(session: Session, which: sa.ColumnElement[bool], why: str) -> None:
    """End what is held, and take back what is proposed, over what has ended or by who has left."""
    found = queries.shown().where(queries.live(), which).order_by(Appointment.id)
    locked = found.with_for_update(of=Appointment).execution_options(populate_existing=True)
    for row in session.scalars(locked).unique().all():
        FLOW.turn(session, row, "fall_away", said=Reason(why))


def propose_anew(session: Session, *, actor: Actor, account_id: int) -> None:
    """Have what an account holds approved anew: it was handed over to somebody, by the actor."""
    account = session.get_one(Account, account_id, with_for_update={"key_share": True})
    held = sa.select(Appointment).where(
        Appointment.account_id == account.id, Appointment.status == AppointmentStatus.APPROVED
    )
    for row in session.scalars(held.with_for_update(of=Appointment)).unique():
        if FLOW.state(row) is AppointmentStatus.APPROVED:
            FLOW.turn(session, row, "renew", actor=actor)


def _proposed(session: Session, office: Office) -> Appointment:
    """Return what is proposed, held by nobody yet."""
    given = (office.area_code, office.organization_id, office.unit_id)
    if sum(one is not None for one in given) != 1:
        raise Invalid("area_code", "请选择一个任职范围：区划、党组织或单位。")
    starts_on = office.starts_on or clock.today()
    if office.ends_on is not None and office.ends_on < max(starts_on, clock.today()):
        raise Invalid("ends_on", "任期的最后一天不能早于第一天，也不能早于今天。")
    row = Appointment(
        role=office.role,
        status=AppointmentStatus.PROPOSED,
        starts_on=starts_on,
        ends_on=office.ends_on,
    )
    _put_place(session, row, office)
    return row


def _put_place(session: Session, row: Appointment, office: Office) -> None:
    if office.area_code is not None:
        row.area = _area(session, office.area_code)
        row.area_id = row.area.id
    elif office.organization_id is not None:
        row.organization = session.get(Organization, office.organization_id)
        row.organization_id = office.organization_id
        if row.organization is None:
            raise Invalid("organization_id", "没有找到这个党组织，请重新选择。")
    else:
        row.unit = session.get(Unit, office.unit_id)
        row.unit_id = office.unit_id
        if row.unit is None:
            raise Invalid("unit_id", "没有找到这个单位，请重新选择。")


def _area(session: Session, code: str) -> Area:
    try:
        return areas.get(session, code)
    except NotFound:
        raise Invalid("area_code", "没有找到该区划，请重新选择。") from None


def _check_grants(
    session: Session, actor: Actor, row: Appointment, *, without_member: bool
) -> None:
    names = ("area_id", "organization_id", "unit_id")
    values = {name: sa.literal(getattr(row, name), sa.BigInteger()) for name in names}
    asked = SimpleNamespace(
        role=sa.literal(row.role.value),
        account_id=sa.literal(1 if without_member else None, sa.BigInteger()),
        **values,
    )
    grants = sa.select(policy.grants(asker_of(actor), asked))
    if not session.scalar(grants, asked_by(actor)):
        raise policy.GRANTOR.refusal()


def _put_holder(session: Session, actor: Actor, row: Appointment, holder: Holder) -> None:
    row.member_id, row.account_id = holder.member_id, holder.account_id
    if is_own(row.member_id, actor.member_id) or row.account_id == actor.account_id:
        raise Forbidden("own_appointment", "不能提名本人。")
    if row.account_id is not None:
        if not session.scalar(_without_member(row.account_id)):
            raise Conflict("account_unknown", "没有找到这个工作账号，请重新选择。")
    elif session.get(Member, row.member_id) is None:
        raise Invalid("member_id", "没有找到这名党员，请重新选择。")


def _without_member(account_id: int) -> sa.Select[bool]:
    staff = Account.kind == AccountKind.STAFF
    return sa.select(sa.exists().where(Account.id == account_id, staff))
