"""Wire shapes of people: what others may see of somebody is a name and nothing more."""

from typing import Any

from backend.core.actor import PositionKind, Role
from backend.people.members.models import MemberCategory, Purpose
from backend.people.members.service import Agreeing
from backend.support.notifications.templates import Template
from miniprogram_api import fields
from miniprogram_api.http import OneIn, PageQuery, Schema
from miniprogram_api.people.areas.schemas import AreaRefOut


class NamedOut(Schema):
    """A person, unit or organisation named in something else."""

    id = fields.Id(required=True)
    name = fields.Str(required=True)


def slip_no(**kwargs: Any) -> fields.Number:
    return fields.Number(
        40, metadata={"description": "Number of the slip the member has signed"}, **kwargs
    )


class SlipIn(Schema):
    """Who signed a paper slip: somebody without the app, found by both or not at all."""

    name = fields.Name(30, required=True)
    phone = fields.Phone(required=True)
    slip_no = slip_no(required=True)


class MemberOut(NamedOut):
    category = fields.Choice(MemberCategory, required=True)


class RosterEntryOut(MemberOut):
    linked = fields.Bool(
        required=True, metadata={"description": "Whether a WeChat account is linked"}
    )
    group_id = fields.Whole(required=True, allow_none=True)
    electoral_right = fields.Bool(required=True)


class AppointmentOut(Schema):
    role = fields.Choice(Role, required=True)
    area_code = fields.Str(attribute="area.code")
    organization_id = fields.Whole(allow_none=True)
    unit_id = fields.Whole(allow_none=True)
    place = fields.Str(required=True, metadata={"description": "Name of what it is held over"})


class PostOut(Schema):
    """A post held in a branch or a Party group."""

    kind = fields.Choice(PositionKind, required=True)
    organization_id = fields.Id(required=True)


class ConsentStateOut(Schema):
    required = fields.Bool(required=True)
    notice_version = fields.Str(required=True, allow_none=True)
    purposes = fields.ListOf(
        fields.Choice(Purpose), required=True, metadata={"description": "Agreed to at present"}
    )
    phone_answered = fields.Bool(
        required=True,
        metadata={"description": "Whether the community may see the number: asked once"},
    )


class StandingRegistrationOut(Schema):
    id = fields.Id(required=True)
    status = fields.Str(required=True)
    community = fields.Part(
        AreaRefOut,
        required=True,
        allow_none=True,
        metadata={"description": "Null when it is outside the city"},
    )
    receipt_no = fields.Str(required=True, allow_none=True)


class MessageTemplateOut(Schema):
    template = fields.Choice(Template, required=True)
    id = fields.Str(required=True, metadata={"description": "WeChat's id of it"})


class MeOut(Schema):
    member = fields.Part(MemberOut, required=True, allow_none=True)
    branch = fields.Part(NamedOut, required=True, allow_none=True)
    unit = fields.Part(NamedOut, required=True, allow_none=True)
    registration = fields.Part(StandingRegistrationOut, required=True, allow_none=True)
    registered = fields.Bool(
        required=True,
        metadata={"description": "With any community of the city, as a home or besides"},
    )
    appointments = fields.ListOf(fields.Part(AppointmentOut), required=True)
    posts = fields.ListOf(fields.Part(PostOut), required=True)
    consent = fields.Part(ConsentStateOut, required=True)
    large_type = fields.Bool(required=True)
    staff_name = fields.Str(
        required=True,
        allow_none=True,
        metadata={"description": "Of an account that belongs to no member"},
    )
    may = fields.ListOf(
        fields.Str(),
        required=True,
        metadata={"description": "What one may begin at a desk"},
    )
    message_templates = fields.ListOf(
        fields.Part(MessageTemplateOut),
        required=True,
        metadata={"description": "To ask leave for with wx.requestSubscribeMessage"},
    )


class RosterQuery(PageQuery):
    q = fields.Query(30, metadata={"description": "Part of a member's name, or how it reads"})


class PreferencesIn(OneIn):
    large_type = fields.Bool(required=True)


class PreferencesOut(Schema):
    large_type = fields.Bool(required=True)


class PhoneAnswerIn(OneIn):
    agreed = fields.Bool(required=True)


class PhoneAnswerOut(Schema):
    agreed = fields.Bool(required=True, attribute="in_force")


class NoticeOut(Schema):
    version = fields.Str(required=True)
    title = fields.Str(required=True)
    body = fields.Str(required=True)
    published_at = fields.Moment(required=True)
    purposes = fields.ListOf(fields.Anything(), required=True)


class ConsentIn(Schema):
    makes = Agreeing
    notice_version = fields.Token(40, required=True)
    purposes = fields.Many(fields.Choice(Purpose), 10, least=1, required=True)


class ConsentOut(Schema):
    notice_version = fields.Str(required=True)
    purposes = fields.ListOf(fields.Choice(Purpose), required=True)
