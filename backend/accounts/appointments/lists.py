"""The list in which an actor finds appointments. It is executed with `asked_by`."""

import sqlalchemy as sa

from backend.accounts.appointments import queries
from backend.accounts.appointments.flow import FLOW
from backend.accounts.appointments.policy import DECIDER
from backend.core.actor import Actor, Role
from backend.core.asker import asker_of
from backend.core.db import TODAY
from backend.people.areas import service as areas
from backend.people.members import queries as members
from backend.people.members.models import Appointment
from backend.people.members.models import AppointmentStatus as S


def listed(
    actor: Actor,
    *,
    area_code: str | None = None,
    organization_id: int | None = None,
    unit_id: int | None = None,
    role: Role | None = None,
    status: S | None = None,
    in_force: bool = False,
    decidable: bool = False,
) -> sa.Select[Appointment]:
    """Select the appointments the actor may see: over an area and all that lies in it, in force
    today, or waiting for one's own decision."""
    asker = asker_of(actor)
    wanted = [getattr(Appointment, name) == value for name, value in
              {"organization_id": organization_id, "unit_id": unit_id, "role": role}.items()
              if value is not None]  # fmt: skip
    if area_code is not None:
        wanted.append(queries.inside(areas.id_of(area_code)))
    if status is not None:
        wanted.append(_stands(status))
    if in_force:
        wanted.append(sa.or_(members.in_force(), _of_account()))
    if decidable:
        wanted.append(sa.and_(Appointment.status == S.PROPOSED, DECIDER.holds(asker)))
    return FLOW.shown(asker).where(*wanted)


def _of_account() -> sa.ColumnElement[bool]:
    return sa.and_(Appointment.account_id.is_not(None), members.in_term(Appointment))


def _stands(status: S) -> sa.ColumnElement[bool]:
    """Whether an appointment stands so today: what was approved ends with its term."""
    over = sa.and_(
        Appointment.status == S.APPROVED, sa.func.coalesce(Appointment.ends_on < TODAY, sa.false())
    )
    if status is S.ENDED:
        return sa.or_(Appointment.status == S.ENDED, over)
    return sa.and_(Appointment.status == status, sa.not_(over))
