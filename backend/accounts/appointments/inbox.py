"""What of appointments waits for people."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from backend.accounts.appointments import kinds, queries, words
from backend.accounts.appointments.flow import FLOW
from backend.flows.tasks import of_flow
from backend.people.areas import service as areas
from backend.people.members.models import Appointment
from backend.people.organizations.models import Organization, Unit

_body = sa.select(Organization.name).where(Organization.id == Appointment.organization_id)
_unit = sa.select(Unit.name).where(Unit.id == Appointment.unit_id)
_place = sa.func.coalesce(
    areas.name_of(Appointment.area_id), _body.scalar_subquery(), _unit.scalar_subquery()
)


def _lines(row: Any) -> Iterator[str]:
    yield f"提名为{row.place}{words.ROLES[row.role]}"
    yield f"任期：{words.term(row.starts_on, row.ends_on)}"


TASKS = (
    of_flow(
        kinds.APPROVAL,
        FLOW,
        "approve",
        since=Appointment.proposed_at,
        who=queries.HOLDER_NAME,
        facts={
            "role": Appointment.role,
            "place": _place,
            "starts_on": Appointment.starts_on,
            "ends_on": Appointment.ends_on,
        },
        lines=_lines,
    ),
)
