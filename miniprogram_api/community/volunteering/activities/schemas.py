"""Wire shapes of activities, sign-ups and lists."""

from backend.community.volunteering.activities import policy
from backend.community.volunteering.activities.attendance import Listing
from backend.community.volunteering.activities.changing import Plan
from backend.community.volunteering.activities.flow import FLOW
from backend.community.volunteering.activities.models import (
    ActivityStatus,
    AttendanceMark,
    SignUpStatus,
)
from backend.community.volunteering.activities.places import SIGN_UP, Wish
from backend.community.volunteering.activities.roll import Line
from backend.community.volunteering.activities.shifts import ShiftPlan
from backend.community.volunteering.models import ServiceCategory, ServiceRecordStatus
from backend.core.risk import RiskClass
from miniprogram_api import fields
from miniprogram_api.http import ChangesIn, OneIn, PageQuery, Schema
from miniprogram_api.people.areas.schemas import COMMUNITY_CODE, DISTRICT_CODE, ReachedAreaOut
from miniprogram_api.people.members.schemas import NamedOut
from miniprogram_api.steps import Can, NextStep
from miniprogram_api.support.text_checks.schemas import CheckedStr


class ShiftIn(Schema):
    """A turn with places of its own; with `id` one that is there already."""

    makes = ShiftPlan
    id = fields.Id(load_default=None, allow_none=True)
    starts_at = fields.Moment(required=True)
    ends_at = fields.Moment(required=True)
    places = fields.Int(1, 1000, required=True)


class NewShiftIn(Schema):
    makes = ShiftPlan
    starts_at = fields.Moment(required=True)
    ends_at = fields.Moment(required=True)
    places = fields.Int(1, 1000, required=True)


class ActivityPlanIn(Schema):
    """A risk that is not low needs an insurance note before the activity is published."""

    title = fields.Text(60, required=True)
    category = fields.Choice(ServiceCategory, required=True)
    content = fields.Text(1000, required=True)
    place = fields.Text(100, required=True)
    unit_id = fields.Id(load_default=None, allow_none=True)
    risk = fields.Choice(RiskClass, load_default=RiskClass.LOW)
    insurance_note = fields.Text(200, least=0, load_default="")
    age_note = fields.Text(200, least=0, load_default="")
    notice_hours = fields.Int(0, 720, load_default=24)
    is_volunteer_service = fields.Bool(
        load_default=False,
        metadata={"description": "Who wishes may have it kept as registered volunteer service"},
    )


class ActivityIn(ActivityPlanIn):
    makes = Plan
    community_code = fields.Code(COMMUNITY_CODE, error="社区代码应为 12 位数字。", required=True)
    shifts = fields.Many(fields.Part(NewShiftIn), 50, least=1, required=True)


class ActivityPatchIn(ChangesIn):
    """What is left out stays; shifts left out of `shifts` are taken out."""

    title = fields.Text(60)
    category = fields.Choice(ServiceCategory)
    content = fields.Text(1000)
    place = fields.Text(100)
    unit_id = fields.Id(allow_none=True)
    risk = fields.Choice(RiskClass)
    insurance_note = fields.Text(200, least=0)
    age_note = fields.Text(200, least=0)
    notice_hours = fields.Int(0, 720)
    is_volunteer_service = fields.Bool()
    shifts = fields.Many(fields.Part(ShiftIn), 50, least=1)


class ActivityPutIn(ActivityPatchIn):
    """An activity written again: what a form does not show stays."""

    title = fields.Text(60, required=True)
    category = fields.Choice(ServiceCategory, required=True)
    content = fields.Text(1000, required=True)
    place = fields.Text(100, required=True)
    shifts = fields.Many(fields.Part(ShiftIn), 50, least=1, required=True)


class ActivityQuery(PageQuery):
    community_code = fields.Code(COMMUNITY_CODE, error="社区代码应为 12 位数字。")
    status = fields.Choice(ActivityStatus)
    district_code = fields.Code(DISTRICT_CODE, error="区县代码应为 6 位数字。")
    category = fields.Choice(ServiceCategory)
    since = fields.Moment(
        data_key="from",
        metadata={"description": "Leaves out what was over before; the list then looks ahead"},
    )
    until = fields.Moment(data_key="to", metadata={"description": "Leaves out what begins later"})
    q = fields.Text(30, metadata={"description": "Part of the title or place, or its pinyin"})


class ShiftOut(Schema):
    id = fields.Id(required=True)
    starts_at = fields.Moment(required=True)
    ends_at = fields.Moment(required=True)
    places = fields.Whole(required=True)
    places_left = fields.Whole(required=True)
    waiting = fields.Whole(required=True, metadata={"description": "How many wait for a place"})


class ActivityRefOut(Schema):
    """An activity named in something else."""

    id = fields.Id(required=True)
    title = CheckedStr(required=True, part="plan")
    place = CheckedStr(required=True, part="plan")
    community = fields.Part(ReachedAreaOut, required=True)
    status = fields.Choice(ActivityStatus, required=True, attribute="current_status")


class ActivityOut(ActivityRefOut):
    can = Can(FLOW)
    next_step = NextStep(FLOW)
    category = fields.Choice(ServiceCategory, required=True)
    content = CheckedStr(required=True, part="plan")
    unit = fields.Part(NamedOut, required=True, allow_none=True)
    risk = fields.Choice(RiskClass, required=True)
    insurance_note = CheckedStr(required=True, part="plan")
    age_note = CheckedStr(required=True, part="plan")
    notice_hours = fields.Whole(
        required=True,
        metadata={"description": "Withdrawing later is asked to be avoided, and still possible"},
    )
    is_volunteer_service = fields.Bool(required=True)
    starts_at = fields.Moment(required=True)
    ends_at = fields.Moment(required=True)
    shifts = fields.ListOf(fields.Part(ShiftOut), required=True)
    cancel_reason = CheckedStr(required=True, allow_none=True, part="cancel_reason")


class SignUpIn(Schema):
    """Without `shift_ids` the one shift there is."""

    makes = Wish
    shift_ids = fields.Many(fields.Id(), 50, least=1, load_default=None, allow_none=True)
    override_clash = fields.Bool(load_default=False)
    is_volunteer_service = fields.Bool(
        load_default=False,
        metadata={"description": "Also to be kept as registered volunteer service; voluntary"},
    )


class WithdrawalQuery(Schema):
    shift_id = fields.QueryInt(1, load_default=None)


class SignUpOut(Schema):
    id = fields.Id(required=True)
    activity_id = fields.Id(required=True)
    shift_id = fields.Id(required=True)
    status = fields.Choice(SignUpStatus, required=True)
    can = Can(SIGN_UP)
    next_step = NextStep(SIGN_UP)
    waiting_position = fields.Whole(required=True, allow_none=True)
    is_volunteer_service = fields.Bool(required=True)
    checked_in_at = fields.Moment(required=True, allow_none=True)
    checked_out_at = fields.Moment(required=True, allow_none=True)


class SignUpsOut(Schema):
    """One's own of an activity; `waiting` when a place is still waited for."""

    status = fields.Choice(SignUpStatus, required=True)
    short_notice = fields.Bool(
        required=True, metadata={"description": "Withdrawn later than the activity asks for"}
    )
    items = fields.ListOf(fields.Part(SignUpOut), required=True)


class MySignUpOut(SignUpOut):
    activity = fields.Part(ActivityRefOut, required=True)
    starts_at = fields.Moment(required=True, attribute="shift.starts_at")
    ends_at = fields.Moment(required=True, attribute="shift.ends_at")


class ActivityDetailOut(ActivityOut):
    my_sign_ups = fields.ListOf(fields.Part(SignUpOut), required=True)
    may_organise = fields.Computed(
        policy.ORGANISER.stands, required=True, metadata={"type": "boolean"}
    )
    may_invite = fields.Computed(
        lambda row: policy.ORGANISER.stands(row) and row.is_ahead,
        required=True,
        metadata={"type": "boolean", "description": "Whether the reader may invite members to it"},
    )
    may_enter_late = fields.Computed(
        lambda row: policy.STREET.stands(row) and row.current_status is ActivityStatus.FINISHED,
        required=True,
        metadata={
            "type": "boolean",
            "description": "Whether it is the reader's to enter who came, once the organiser's "
            "time for it is over",
        },
    )


class LineIn(Schema):
    """Somebody by id, or by name: with the phone number anybody on the roster, without it who is
    registered with the community. Times default to the shift's."""

    makes = Line
    mark = fields.Choice(AttendanceMark, required=True)
    shift_id = fields.Id(load_default=None, allow_none=True)
    member_id = fields.Id(load_default=None, allow_none=True)
    name = fields.Name(50, load_default=None, allow_none=True)
    phone = fields.Phone(load_default=None, allow_none=True)
    minutes = fields.Int(1, 1440, load_default=None, allow_none=True)
    started_at = fields.Moment(load_default=None, allow_none=True)
    ended_at = fields.Moment(load_default=None, allow_none=True)
    stand_in_for = fields.Id(load_default=None, allow_none=True)


class RollIn(Schema):
    """Who is not named keeps their line. `late_reason`: for the street, after the time for it."""

    makes = Listing
    lines = fields.Many(fields.Part(LineIn), 1000, required=True)
    late_reason = fields.Text(200, load_default=None, allow_none=True)


class LineOut(Schema):
    member = fields.Part(NamedOut, required=True)
    shift_id = fields.Id(required=True)
    sign_up_status = fields.Choice(
        SignUpStatus,
        required=True,
        allow_none=True,
        metadata={"description": "Null for somebody who came without"},
    )
    checked_in_at = fields.Moment(required=True, allow_none=True)
    checked_out_at = fields.Moment(required=True, allow_none=True)
    mark = fields.Choice(
        AttendanceMark, required=True, allow_none=True, metadata={"description": "Null: not yet"}
    )
    started_at = fields.Moment(required=True, allow_none=True)
    ended_at = fields.Moment(required=True, allow_none=True)
    minutes = fields.Whole(required=True, allow_none=True)
    stand_in_for = fields.Part(NamedOut, required=True, allow_none=True)
    record_status = fields.Choice(ServiceRecordStatus, required=True, allow_none=True)
    late_reason = CheckedStr(
        required=True,
        allow_none=True,
        part="late_reason",
        metadata={"description": "Why the street entered it after the time for it"},
    )


class RollOut(Schema):
    """The organiser's list: whoever signed up, whoever came without."""

    activity = fields.Part(ActivityOut, required=True)
    closes_on = fields.Day(
        required=True, metadata={"description": "The last day on which the organiser may write it"}
    )
    lines = fields.ListOf(fields.Part(LineOut), required=True)


class CheckInIn(OneIn):
    code = fields.Number(64, required=True)
