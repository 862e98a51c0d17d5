"""Wire shapes of meetings."""

from typing import Any

from marshmallow import ValidationError, post_load, validate

from backend.branch_life.meetings import links, series
from backend.branch_life.meetings.attendance import Mark
from backend.branch_life.meetings.models import (
    AbsenceReason,
    AttendanceStatus,
    Gathering,
    MeetingKind,
    MeetingMode,
    MeetingStatus,
)
from backend.branch_life.meetings.series import Series
from backend.branch_life.meetings.service import OnlinePlace, Plan
from miniprogram_api import fields
from miniprogram_api.branch_life.meetings.leave.schemas import LeaveOut
from miniprogram_api.branch_life.meetings.voting.schemas import (
    ExclusionOut,
    OutlookOut,
    ResolutionOut,
    VoterOut,
)
from miniprogram_api.http import ChangesIn, OneIn, PageQuery, Schema, services
from miniprogram_api.people.members.schemas import NamedOut
from miniprogram_api.support.attachments.schemas import AttachmentOut, attachment_ids
from miniprogram_api.support.text_checks.schemas import CheckedList, CheckedStr


class WebAddress(fields.Token):
    """An https address; nothing else is ever opened from a meeting."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(500, **kwargs)
        self.validators.append(
            validate.URL(schemes={"https"}, require_tld=True, error="链接须以 https:// 开头。")
        )


class OnlineIn(Schema):
    makes = OnlinePlace
    platform = fields.Text(30, required=True)
    url = WebAddress(required=True)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Any:
        """Return the place; raises Invalid for a platform that the installation does not allow."""
        links.check(data["url"], services().settings.meeting_platforms)
        return super().build(data)


class MeetingIn(Schema):
    """`gathering` and `group_id` say who is due where the kind leaves it open."""

    makes = Plan
    organization_id = fields.Id(required=True)
    kind = fields.Choice(MeetingKind, required=True)
    title = fields.Text(60, required=True)
    mode = fields.Choice(MeetingMode, required=True)
    starts_at = fields.Moment(required=True)
    ends_at = fields.Moment(required=True)
    place = fields.Text(100, load_default=None, allow_none=True)
    agenda = fields.Many(fields.Text(200), 20, load_default=[])
    online = fields.Part(OnlineIn, load_default=None, allow_none=True)
    gathering = fields.Choice(Gathering, load_default=None, allow_none=True)
    group_id = fields.Id(load_default=None, allow_none=True)
    chair_id = fields.Id(load_default=None, allow_none=True)
    recorder_id = fields.Id(load_default=None, allow_none=True)
    attachment_ids = attachment_ids(load_default=[])


class SeriesIn(Schema):
    """The first meeting, and in how many months it takes place, that one included."""

    makes = Series
    meeting = fields.Part(MeetingIn, required=True)
    months = fields.Whole(required=True, validate=validate.Range(2, series.MOST))


class PreviewIn(MeetingIn):
    """In how many months it would take place, this one included."""

    months = fields.Whole(load_default=1, validate=validate.Range(1, series.MOST))

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Series:
        months = data.pop("months")
        return Series(super().build(data), months)


class PreviewOut(Schema):
    """How many would be told of the meetings `to_come`; `recorded`: all have begun, nobody is."""

    due = fields.Whole(required=True)
    to_come = fields.Whole(required=True)
    recorded = fields.Bool(required=True)


class ChangePreviewOut(Schema):
    """How many would be told, and what in words; at hours apart leave asked before lapses."""

    due = fields.Whole(required=True)
    changes = fields.ListOf(fields.Str(), required=True)
    leave_lapses = fields.Bool(required=True)


class MeetingChangeIn(ChangesIn):
    """What is not named stays as it is; who is due does not change."""

    title = fields.Text(60)
    mode = fields.Choice(MeetingMode)
    starts_at = fields.Moment()
    ends_at = fields.Moment()
    place = fields.Text(100, allow_none=True)
    agenda = fields.Many(fields.Text(200), 20)
    online = fields.Part(OnlineIn, allow_none=True)


class MyMeetingQuery(PageQuery):
    """With `from`, what is to come: the soonest first; else what is latest first."""

    kind = fields.Choice(MeetingKind)
    status = fields.Choice(MeetingStatus)
    since = fields.Moment(data_key="from")
    until = fields.Moment(data_key="to")
    q = fields.Query(30, metadata={"description": "Part of the title or place, or its pinyin"})


class MeetingQuery(MyMeetingQuery):
    organization_id = fields.QueryInt(1)


class JoinIn(OneIn):
    """The rotating code of the venue is optional: the recorder's list counts the same."""

    code = fields.Number(64, load_default=None, allow_none=True)


class ReasonOfIn(Schema):
    member_id = fields.Id(required=True)
    reason_code = fields.Choice(AbsenceReason, required=True)


class ListIn(Schema):
    """Ids of members, each in one list at most; at closing who is in none counts as absent.

    `reasons` says of who is away why; excused without one keeps that of the leave.
    """

    present = fields.Many(fields.Id(), 1000, required=True)
    excused = fields.Many(fields.Id(), 1000, load_default=[])
    absent = fields.Many(fields.Id(), 1000, load_default=[])
    reasons = fields.Many(fields.Part(ReasonOfIn), 1000, load_default=[])

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> dict[int, Mark]:
        """Return the mark of each member; raises ValidationError for one named twice."""
        marks: dict[int, AttendanceStatus] = {}
        for status in AttendanceStatus:
            for member_id in data[status.value]:
                if member_id in marks:
                    raise ValidationError("同一人在名单中出现了两次，请核对。", status.value)
                marks[member_id] = status
        reasons = {one["member_id"]: one["reason_code"] for one in data["reasons"]}
        away = {id_ for id_, mark in marks.items() if mark is not AttendanceStatus.PRESENT}
        if reasons.keys() - away:
            raise ValidationError("只有请假和缺席的人才填写原因，请核对。", "reasons")
        return {id_: Mark(status, reasons.get(id_)) for id_, status in marks.items()}


class MeetingClosingIn(OneIn):
    """Of 民主评议党员 how many were appraised: a number, never of whom or with what outcome."""

    appraised_count = fields.Int(0, 100_000, load_default=None, allow_none=True)


class OnlineOut(Schema):
    platform = fields.Str(required=True)
    url = fields.Str(required=True)


class MeetingOut(Schema):
    id = fields.Id(required=True)
    organization = fields.Part(NamedOut, required=True)
    kind = fields.Choice(MeetingKind, required=True)
    gathering = fields.Choice(Gathering, required=True)
    group = fields.Part(NamedOut, required=True, allow_none=True)
    title = CheckedStr(required=True, part="plan")
    mode = fields.Choice(MeetingMode, required=True)
    status = fields.Choice(MeetingStatus, required=True)
    starts_at = fields.Moment(required=True)
    ends_at = fields.Moment(required=True)
    place = CheckedStr(required=True, allow_none=True, part="plan")
    agenda = CheckedList(fields.Str(), required=True, part="plan")
    online = fields.Part(OnlineOut, required=True, allow_none=True)
    chair = fields.Part(NamedOut, required=True, allow_none=True)
    recorder = fields.Part(NamedOut, required=True, allow_none=True)
    due_count = fields.Whole(required=True, allow_none=True)
    present_count = fields.Whole(required=True, allow_none=True)
    excused_count = fields.Whole(required=True, allow_none=True)
    due_voters = fields.Whole(required=True, allow_none=True)
    present_voters = fields.Whole(required=True, allow_none=True)
    appraised_count = fields.Whole(
        required=True,
        allow_none=True,
        metadata={
            "description": "Of a closed 民主评议党员, of the `due_count`; null where nobody said"
        },
    )
    closed_at = fields.Moment(required=True, allow_none=True)
    closing_hash = fields.Str(required=True, allow_none=True)
    cancel_reason = CheckedStr(required=True, allow_none=True, part="cancel_reason")


class SeriesOut(Schema):
    items = fields.ListOf(fields.Part(MeetingOut), required=True)


class AttendanceOut(Schema):
    member = fields.Part(NamedOut, required=True)
    status = fields.Choice(AttendanceStatus, required=True)
    reason_code = fields.Choice(AbsenceReason, required=True, allow_none=True, attribute="reason")
    self_joined = fields.Bool(required=True)


class MeetingDetailOut(MeetingOut):
    """Names, leave and who is left out of an election are for who keeps the record; a member sees
    the own line and request, and all votes by their totals."""

    attendance = fields.ListOf(fields.Part(AttendanceOut), required=True)
    due = fields.ListOf(fields.Part(VoterOut), required=True)
    leave_requests = fields.ListOf(fields.Part(LeaveOut), required=True)
    resolutions = fields.ListOf(fields.Part(ResolutionOut), required=True)
    exclusions = fields.ListOf(fields.Part(ExclusionOut), required=True)
    outlook = fields.ListOf(fields.Part(OutlookOut), required=True)
    may_record = fields.Bool(required=True)
    is_due = fields.Bool(required=True)
    attachments = fields.ListOf(fields.Part(AttachmentOut), required=True)
