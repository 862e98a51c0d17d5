"""Wire shapes of registered members and invitations."""

from typing import Any

from backend.community.invitations.service import Inviting
from miniprogram_api import fields
from miniprogram_api.http import PageQuery, Schema
from miniprogram_api.people.areas.schemas import COMMUNITY_CODE, AreaRefOut
from miniprogram_api.people.members.schemas import NamedOut
from miniprogram_api.support.text_checks.schemas import (
    CheckedStr,
    GuardedCheckedList,
    GuardedCheckedStr,
)


class ThingIn(Schema):
    """An activity or a project of the community: one of the two."""

    activity_id = fields.Id(load_default=None, allow_none=True)
    project_id = fields.Id(load_default=None, allow_none=True)


class InvitationIn(ThingIn):
    makes = Inviting
    registration_id = fields.Id(required=True)


class RegisteredQuery(PageQuery):
    community_code = fields.Code(COMMUNITY_CODE, error="社区代码应为 12 位数字。")
    q = fields.Text(30, metadata={"description": "A name, or how it reads"})
    offer = fields.Text(20, metadata={"description": "Part of a skill or an interest"})
    available = fields.Text(20, metadata={"description": "Part of when there is time"})
    activity_id = fields.QueryInt(1, metadata={"description": "Who is asked to it already?"})
    project_id = fields.QueryInt(1, metadata={"description": "Who is asked to it already?"})


class ServicesHereOut(Schema):
    """Confirmed, in this community only; nobody is sorted by it."""

    count = fields.Whole(required=True)
    minutes = fields.Whole(required=True)
    last_on = fields.Day(required=True, allow_none=True)


def _listed(_row: Any) -> bool:
    """Only the secretary's own lists are ever asked for."""
    return True


class OfferOut(Schema):
    skills = GuardedCheckedList(fields.Str(), part="offer", allowed=_listed)
    interests = GuardedCheckedList(fields.Str(), part="offer", allowed=_listed)
    availability = GuardedCheckedStr(part="offer", allowed=_listed)


class RegisteredMemberOut(Schema):
    """Who may be invited: no phone number, no address."""

    id = fields.Id(required=True, attribute="registration.id")
    member = fields.Part(NamedOut, required=True, attribute="registration.member")
    community = fields.Part(AreaRefOut, required=True, attribute="registration.community")
    accepted_on = fields.Day(required=True, attribute="registration.accepted_on")
    offer = fields.Part(OfferOut, required=True, attribute="registration")
    services = fields.Part(ServicesHereOut, required=True)
    may_be_called = fields.Bool(
        required=True, metadata={"description": "Whether the number may be asked for, one by one"}
    )
    asked = fields.Str(
        required=True,
        allow_none=True,
        metadata={"description": "`sent`, `declined` or `taking_part` in what was asked about"},
    )


class PhoneOut(Schema):
    """The one place where a member's number is shown to somebody else."""

    phone = fields.Str(required=True)


class InvitedActivityOut(Schema):
    id = fields.Id(required=True)
    title = CheckedStr(part="plan", required=True)
    starts_at = fields.Moment(required=True)
    place = CheckedStr(part="plan", required=True)


class InvitedProjectOut(Schema):
    id = fields.Id(required=True)
    title = CheckedStr(part="plan", required=True)


class InvitationOut(Schema):
    id = fields.Id(required=True)
    community = fields.Part(AreaRefOut, required=True)
    activity = fields.Part(InvitedActivityOut, required=True, allow_none=True)
    project = fields.Part(InvitedProjectOut, required=True, allow_none=True)
    sent_at = fields.Moment(required=True)
    declined_at = fields.Moment(required=True, allow_none=True)
