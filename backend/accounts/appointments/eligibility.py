"""Whether somebody can be appointed: where, to what, beside what else."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.accounts.appointments import queries
from backend.core.actor import ADMINISTRATORS, OFFICERS, Role
from backend.core.db import Base
from backend.core.errors import Conflict, Invalid
from backend.people.areas.models import AreaLevel
from backend.people.members.models import Account, Appointment, Member
from backend.people.organizations.models import OrganizationKind

# Over an area of which level a role is held; the others over an organisation or a unit.
LEVELS = {
    Role.COMMUNITY_SECRETARY: AreaLevel.COMMUNITY,
    Role.GRID_WORKER: AreaLevel.COMMUNITY,
    Role.STREET_OFFICER: AreaLevel.TOWNSHIP,
    Role.DISTRICT_OFFICER: AreaLevel.DISTRICT,
    Role.CITY_OFFICER: AreaLevel.CITY,
    **dict.fromkeys(ADMINISTRATORS, AreaLevel.CITY),
}
# What an account that belongs to no member may hold: the others are offices of the Party.
WITHOUT_MEMBER = (*OFFICERS, Role.GRID_WORKER, *ADMINISTRATORS)


def lock_holder(session: Session, row: Appointment) -> Base:
    """Lock who holds it, so that what excludes each other is not granted at once."""
    kind, id_ = (Account, row.account_id) if row.account_id else (Member, row.member_id)
    return session.get_one(kind, id_, with_for_update={"key_share": True}, populate_existing=True)


def check(session: Session, row: Appointment) -> None:
    """Raise Invalid where the role does not fit its place or holder, Conflict where what is there
    forbids it. The holder is locked before."""
    _check_place(row)
    _check_holder(session, row)
    others = session.scalars(queries.others_of_holder(row)).all()
    if others and (row.role in ADMINISTRATORS or any(one.role in ADMINISTRATORS for one in others)):
        raise Conflict(
            "administrators_exclusive",
            "系统、安全、审计三类管理员不得互相兼任，也不得承担其他职务，请另行开设账号。",
        )
    if any(_same(row, one) for one in others):
        raise Conflict(
            "already_appointed", "此人在该任期内已担任或已被提名这项职务，无需重复提名。"
        )


def _check_place(row: Appointment) -> None:
    level = LEVELS.get(row.role)
    if level is not None:
        _check_area(row, level)
    elif row.role is Role.BRANCH_SECRETARY:
        body = row.organization
        if body is None or body.kind is OrganizationKind.GROUP:
            raise Invalid("organization_id", "请选择该书记所在的党组织。")
        if body.dissolved_on is not None:
            raise Conflict("scope_ended", "该党组织已撤销，不能再任命。")
    elif row.unit is None:
        raise Invalid("unit_id", "请选择该联络员所在的单位。")
    elif row.unit.ended_on is not None:
        raise Conflict("scope_ended", "该单位已撤销，不能再任命。")


def _check_area(row: Appointment, level: AreaLevel) -> None:
    if row.area is None or row.area.level is not level or row.area.hidden:
        raise Invalid("area_code", "请选择与该职务级别相符的区划。")
    if row.area.valid_to is not None:
        raise Conflict("scope_ended", "该区划已撤并，不能再任命。")


def _check_holder(session: Session, row: Appointment) -> None:
    if row.account_id is not None:
        if row.role not in WITHOUT_MEMBER:
            raise Invalid("role", "该职务须由党员担任，请按姓名和手机号提名。")
        return
    if row.role in ADMINISTRATORS:
        raise Invalid("role", "系统、安全、审计管理员须使用单独开设的账号。")
    active = sa.select(Member.active).where(Member.id == row.member_id)
    if not session.scalar(active):
        raise Conflict("member_inactive", "该党员已不在名册中，不能任命。")


def _same(row: Appointment, other: Appointment) -> bool:
    """Whether two are of one role over one place for days that meet."""
    place = ("role", "area_id", "organization_id", "unit_id")
    if any(getattr(row, name) != getattr(other, name) for name in place):
        return False
    before = row.ends_on is not None and row.ends_on < other.starts_on
    after = other.ends_on is not None and other.ends_on < row.starts_on
    return not (before or after)
