"""Wire shapes of appointments."""

from typing import Any

from backend.accounts.appointments import words
from backend.accounts.appointments.flow import FLOW
from backend.accounts.appointments.service import Named, Proposal
from backend.core.actor import Role
from backend.people.members.models import Appointment, AppointmentStatus
from miniprogram_api import fields
from miniprogram_api.http import PageQuery, Schema
from miniprogram_api.people.areas.schemas import AREA_CODE
from miniprogram_api.steps import Can, NextStep
from miniprogram_api.support.text_checks.schemas import CheckedStr

_AREA = {"error": "区划代码应为 6、9 或 12 位数字。"}


class NamedMemberIn(Schema):
    """A member, found by both or not at all."""

    makes = Named
    name = fields.Name(30, required=True)
    phone = fields.Phone(required=True)


class AppointmentIn(Schema):
    """Who is to hold which role over what: a member by name and number, or a staff account."""

    makes = Proposal
    role = fields.Choice(Role, required=True)
    member = fields.Part(NamedMemberIn, load_default=None)
    account_id = fields.Id(load_default=None)
    area_code = fields.Code(AREA_CODE, load_default=None, **_AREA)
    organization_id = fields.Id(load_default=None)
    unit_id = fields.Id(load_default=None)
    starts_on = fields.Day(load_default=None)
    ends_on = fields.Day(load_default=None, metadata={"description": "The last day"})


class AppointmentQuery(PageQuery):
    area_code = fields.Code(
        AREA_CODE, metadata={"description": "Over it, or over what lies in it"}, **_AREA
    )
    organization_id = fields.QueryInt(1)
    unit_id = fields.QueryInt(1)
    role = fields.Choice(Role)
    status = fields.Choice(AppointmentStatus)
    in_force = fields.QueryBool(
        load_default=False, metadata={"description": "Only what gives rights today"}
    )
    decidable = fields.QueryBool(
        load_default=False, metadata={"description": "Only what waits for one's own decision"}
    )


class HolderOut(Schema):
    """A member or a staff account, and the name."""

    member_id = fields.Whole(required=True, allow_none=True)
    account_id = fields.Whole(required=True, allow_none=True)
    name = fields.Str(required=True, attribute="holder_name")


class _Status(fields.Choice):
    """Where it stands today: what was approved ends with its term."""

    def get_value(self, obj: Appointment, *_args: Any, **_kwargs: Any) -> Any:
        return FLOW.state(obj)


class _RoleName(fields.Str):
    def get_value(self, obj: Appointment, *_args: Any, **_kwargs: Any) -> str:
        return words.ROLES[obj.role]


class _Holder(fields.Part):
    def get_value(self, obj: Appointment, *_args: Any, **_kwargs: Any) -> Any:
        return obj


class HeldAppointmentOut(Schema):
    id = fields.Id(required=True)
    status = _Status(AppointmentStatus, required=True)
    role = fields.Choice(Role, required=True)
    role_name = _RoleName(required=True)
    holder = _Holder(HolderOut, required=True)
    area_code = fields.Str(attribute="area.code")
    organization_id = fields.Whole(required=True, allow_none=True)
    unit_id = fields.Whole(required=True, allow_none=True)
    place = fields.Str(required=True, metadata={"description": "Name of what it is held over"})
    starts_on = fields.Day(required=True)
    ends_on = fields.Day(required=True, allow_none=True)
    can = Can(FLOW)
    next_step = NextStep(FLOW)
    refusal_reason = CheckedStr(part="refusal_reason", required=True, allow_none=True)
    ending_reason = CheckedStr(part="ending_reason", required=True, allow_none=True)
    proposed_at = fields.Moment(required=True, allow_none=True)
    decided_at = fields.Moment(required=True, allow_none=True)
    ended_at = fields.Moment(required=True, allow_none=True)
