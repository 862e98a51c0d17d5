"""The first administrators of an installation, whom nobody is there to appoint."""

import re
from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.accounts.staff import service
from backend.accounts.staff.models import StaffAccount
from backend.accounts.staff.service import (
    SIGN_IN_NAME,
    SIGN_IN_NAME_WORDS,
    HandedOver,
    Opening,
)
from backend.audit import service as audit
from backend.core import clock, wording
from backend.core.actor import ADMINISTRATORS, Role
from backend.core.errors import Conflict, Invalid, NotFound
from backend.people.areas import service as areas
from backend.people.members.models import Appointment, AppointmentStatus

# Without these two nobody could give anybody a role.
NEEDED = (Role.SECURITY_ADMINISTRATOR, Role.SYSTEM_ADMINISTRATOR)


def check_none(session: Session) -> int:
    """Return the id of the city they are to administer. Raises Conflict when there are any, or no
    city."""
    there = sa.select(sa.exists().where(Appointment.role.in_(ADMINISTRATORS)))
    if session.scalar(there):
        raise Conflict(
            "administrators_there", "已有管理员，其他管理员由安全管理员提名、另一人审批。"
        )
    city_id = session.scalar(areas.whole_city())
    if city_id is None:
        raise Conflict("no_city", "还没有载入行政区划，请先运行 flask init-city。")
    return city_id


def begin(session: Session, wanted: Mapping[Role, Opening]) -> dict[Role, HandedOver]:
    """Make the first administrators, each another person. Raises Conflict, and Invalid for a name
    that cannot be."""
    city_id, made = check_none(session), {}
    for role, said in wanted.items():
        _check(said)
        made[role] = service.make(session, said)
        row = made[role].account
        appointment = Appointment(
            account_id=row.account_id,
            role=role,
            area_id=city_id,
            starts_on=clock.today(),
            status=AppointmentStatus.APPROVED,
        )
        session.add(appointment)
        audit.record(session, None, "staff_account.opened", row)
        audit.record(session, None, "appointment.begun_with", appointment, role=role.value)
    return made


def _check(said: Opening) -> None:
    """What comes from a terminal has passed no schema."""
    if not wording.name(said.name):
        raise Invalid("name", "请填写姓名。")
    if not re.fullmatch(SIGN_IN_NAME, said.sign_in_name):
        raise Invalid("sign_in_name", SIGN_IN_NAME_WORDS)


def rescue(session: Session, sign_in_name: str) -> HandedOver:
    """Hand over anew the account of an administrator whom no other is there to help, by whoever
    runs the server. Raises NotFound."""
    found = sa.select(StaffAccount).where(StaffAccount.called(sign_in_name))
    row = session.scalars(found.with_for_update()).first()
    administers = sa.exists().where(
        Appointment.role.in_(ADMINISTRATORS),
        Appointment.account_id == (row.account_id if row else None),
    )
    if row is None or not session.scalar(sa.select(administers)):
        raise NotFound("staff_account_not_found", "没有找到这个管理员账号。")
    audit.record(session, None, "staff_account.reset", row)
    return service.hand_over_anew(session, row)
