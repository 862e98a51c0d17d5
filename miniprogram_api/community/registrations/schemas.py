"""Wire shapes of registrations. `...In` is what we accept, `...Out` what we answer."""

from typing import Any

from backend.community.registrations import policy, progress, requests
from backend.community.registrations.applying import Application, Slip
from backend.community.registrations.flow import FLOW, REQUEST, Correction, Rejection
from backend.community.registrations.models import (
    EndReason,
    PauseReason,
    RegistrationKind,
    RegistrationStatus,
    RejectionCode,
    RequestKind,
    RequestStatus,
    ResidenceBasis,
    Visibility,
)
from backend.community.registrations.requests import Asking
from backend.people.members.models import Channel
from miniprogram_api import fields
from miniprogram_api.http import OneIn, PageQuery, ReasonIn, Schema
from miniprogram_api.people.areas.schemas import COMMUNITY_CODE, AreaRefOut, ReachedAreaOut
from miniprogram_api.people.members.schemas import NamedOut, SlipIn, slip_no
from miniprogram_api.steps import Can, NextStep
from miniprogram_api.support.attachments.schemas import AttachmentOut, attachment_ids
from miniprogram_api.support.text_checks.schemas import (
    CheckedStr,
    GuardedCheckedList,
    GuardedCheckedStr,
)
from miniprogram_api.timeline import StepOut


class OfferIn(Schema):
    """What the member offers; all of it voluntary."""

    skills = fields.Many(fields.Text(20), 10, load_default=[])
    interests = fields.Many(fields.Text(20), 10, load_default=[])
    availability = fields.Text(100, least=0, load_default="")


def community_code(**kwargs: Any) -> fields.Code:
    return fields.Code(COMMUNITY_CODE, error="社区代码应为 12 位数字。", **kwargs)


class EntryIn(OfferIn):
    """What every registration says, whichever way it comes in."""

    kind = fields.Choice(RegistrationKind, load_default=RegistrationKind.PRIMARY)
    basis = fields.Choice(ResidenceBasis, load_default=None, allow_none=True)
    visibility = fields.Choice(Visibility, load_default=Visibility.COMMUNITY)


class RegistrationIn(EntryIn):
    makes = Application
    community_code = community_code(
        load_default=None,
        allow_none=True,
        metadata={"description": "Needed unless the basis is `external`"},
    )
    external_place = fields.Text(
        60,
        load_default=None,
        allow_none=True,
        metadata={"description": "City and community outside; with the basis `external` only"},
    )
    attachment_ids = attachment_ids(load_default=[])


class CorrectionIn(Schema):
    """What is left out stays as it was."""

    makes = Correction
    skills = fields.Many(fields.Text(20), 10, load_default=None)
    interests = fields.Many(fields.Text(20), 10, load_default=None)
    availability = fields.Text(100, least=0, load_default=None)
    external_place = fields.Text(60, load_default=None, allow_none=True)
    attachment_ids = attachment_ids(load_default=None)


class AssistedRegistrationIn(EntryIn, SlipIn):
    makes = Slip
    community_code = community_code(required=True)


class PauseIn(Schema):
    """The member says why; who decides says nothing, or gives a signed slip and its reason."""

    makes = Asking
    reason_code = fields.Choice(PauseReason, load_default=None, allow_none=True)
    slip_no = slip_no(load_default=None, allow_none=True)


class ResumptionIn(OneIn):
    slip_no = slip_no(load_default=None, allow_none=True)


class EndingIn(Schema):
    """As for a pause; `reason` goes with what the community ends without being asked."""

    makes = Asking
    reason_code = fields.Choice(EndReason, load_default=None, allow_none=True)
    reason = fields.Text(200, load_default=None, allow_none=True)
    slip_no = slip_no(load_default=None, allow_none=True)


class RejectionIn(ReasonIn):
    makes = Rejection
    reason_code = fields.Choice(RejectionCode, required=True)


class RegistrationQuery(PageQuery):
    community_code = community_code()
    status = fields.Choice(RegistrationStatus)
    decidable = fields.QueryBool(
        load_default=False, metadata={"description": "Only what waits for one's own decision"}
    )
    of_own_branch = fields.QueryBool(
        load_default=False,
        metadata={"description": "Only received members of the branch one is secretary of"},
    )
    overdue = fields.QueryBool(
        load_default=False,
        metadata={"description": "Only what the community should have answered by now"},
    )
    q = fields.Query(30, metadata={"description": "Part of a member's name, or how it reads"})


class RequestQuery(PageQuery):
    status = fields.Choice(RequestStatus)
    decidable = fields.QueryBool(
        load_default=False, metadata={"description": "Only what waits for one's own decision"}
    )


may_see_person = policy.EITHER.stands


class AskedOut(Schema):
    """What a member asks of a registration that stands."""

    id = fields.Id(required=True)
    kind = fields.Choice(RequestKind, required=True)
    status = fields.Choice(RequestStatus, required=True)
    can = Can(REQUEST)
    next_step = NextStep(REQUEST)
    reason_code = fields.Str(required=True, allow_none=True)
    slip_no = fields.Str(required=True, allow_none=True)
    asked_at = fields.Moment(required=True)
    decided_at = fields.Moment(required=True, allow_none=True)
    refusal_reason = CheckedStr(part="request_refusal", required=True, allow_none=True)


class Timeline(fields.ListOf[Any]):
    """The steps of a registration, made when it is shown."""

    def get_value(self, obj: Any, *_args: Any, **_kwargs: Any) -> Any:
        return progress.steps(obj)


class Standing(fields.Choice):
    """The status, to those who do not learn what is asked as it was before."""

    def get_value(self, obj: Any, *args: Any, **kwargs: Any) -> Any:
        leaving = obj.status is RegistrationStatus.TRANSFER_PENDING
        if leaving and not policy.LEARNS.stands(obj):
            return RegistrationStatus.ACTIVE
        return super().get_value(obj, *args, **kwargs)


class OnSlip(fields.ListOf[RequestKind]):
    """What may be entered from a signed slip, made when it is shown."""

    def get_value(self, obj: Any, *_args: Any, **_kwargs: Any) -> Any:
        return requests.on_slip(obj)


class RegistrationOut(Schema):
    id = fields.Id(required=True)
    status = Standing(RegistrationStatus, required=True)
    can = Can(FLOW)
    on_slip = OnSlip(
        fields.Choice(RequestKind),
        required=True,
        metadata={"description": "What the reader may enter from a slip signed by the member"},
    )
    next_step = NextStep(FLOW)
    kind = fields.Choice(RegistrationKind, required=True)
    community = fields.Part(
        ReachedAreaOut,
        required=True,
        allow_none=True,
        metadata={"description": "Null outside the city: see `external_place`"},
    )
    external_place = GuardedCheckedStr(part="external_place", allowed=may_see_person)
    basis = fields.Choice(ResidenceBasis, required=True, allow_none=True)
    visibility = fields.Choice(Visibility, required=True)
    channel = fields.Choice(Channel, required=True)
    slip_no = fields.GuardedStr(allowed=may_see_person)
    entered_by = fields.GuardedPart(NamedOut, allowed=may_see_person)
    # Null for street, district and city.
    member = fields.GuardedPart(NamedOut, allowed=policy.KNOWS_MEMBER.stands)
    skills = GuardedCheckedList(fields.Str(), part="offer", allowed=may_see_person)
    interests = GuardedCheckedList(fields.Str(), part="offer", allowed=may_see_person)
    availability = GuardedCheckedStr(part="offer", allowed=may_see_person)
    submitted_at = fields.Moment(required=True)
    answer_due_on = fields.Day(required=True)
    answer_due_provisional = fields.Bool(
        required=True,
        metadata={"description": "That year's holidays are not published yet"},
    )
    decided_at = fields.Moment(required=True, allow_none=True)
    return_reason = GuardedCheckedStr(part="return_reason", allowed=may_see_person)
    rejection_code = fields.Choice(RejectionCode, required=True, allow_none=True)
    rejection_reason = GuardedCheckedStr(part="rejection_reason", allowed=may_see_person)
    receipt_no = fields.Str(required=True, allow_none=True)
    accepted_on = fields.Day(required=True, allow_none=True)
    ended_on = fields.Day(required=True, allow_none=True)
    end_reason = fields.Choice(EndReason, required=True, allow_none=True)
    end_note = GuardedCheckedStr(part="end_note", allowed=may_see_person)
    paused_on = fields.Day(
        required=True, allow_none=True, attribute="pause.starts_on", dump_default=None
    )
    timeline = Timeline(fields.Part(StepOut), required=True)
    request = fields.GuardedPart(AskedOut, allowed=may_see_person)
    attachments = fields.GuardedList(fields.Part(AttachmentOut), allowed=may_see_person)


class RegistrationRequestOut(Schema):
    id = fields.Id(required=True)
    kind = fields.Choice(RequestKind, required=True)
    status = fields.Choice(RequestStatus, required=True)
    can = Can(REQUEST)
    next_step = NextStep(REQUEST)
    registration_id = fields.Id(required=True)
    community = fields.Part(
        AreaRefOut, required=True, allow_none=True, attribute="registration.community"
    )
    # Null for street, district and city.
    member = fields.GuardedPart(NamedOut, allowed=may_see_person, attribute="registration.member")
    reason_code = fields.GuardedStr(allowed=may_see_person)
    slip_no = fields.GuardedStr(allowed=may_see_person)
    asked_at = fields.Moment(required=True)
    decided_at = fields.Moment(required=True, allow_none=True)
    refusal_reason = GuardedCheckedStr(part="request_refusal", allowed=may_see_person)


class UnregisteredOut(Schema):
    """Of the secretary's own branch; nothing is said of why."""

    member = fields.Part(NamedOut, required=True)
    reachable = fields.Bool(
        required=True, metadata={"description": "Reads messages in the app: may be reminded there"}
    )
    reminded_at = fields.Moment(
        required=True, allow_none=True, metadata={"description": "This year"}
    )
