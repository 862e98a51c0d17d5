"""Wire shapes of signing in and of link applications."""

from backend.accounts.onboarding.flow import FLOW, Entry
from backend.accounts.onboarding.models import LinkApplicationReason, LinkApplicationStatus
from backend.accounts.onboarding.service import Linking
from miniprogram_api import fields
from miniprogram_api.http import OneIn, PageQuery, Schema
from miniprogram_api.people.members.schemas import MemberOut, NamedOut
from miniprogram_api.steps import Can, NextStep
from miniprogram_api.support.text_checks.schemas import CheckedStr


class SignInIn(OneIn):
    code = fields.Token(200, required=True)


class SessionOut(Schema):
    token = fields.Str(required=True)
    expires_at = fields.Moment(required=True)
    member = fields.Part(MemberOut, required=True, allow_none=True, attribute="account.member")


class MemberLinkIn(Schema):
    """Name and branch help the secretary when the number matches no single entry."""

    makes = Linking
    phone_code = fields.Token(200, required=True)
    name = fields.Name(50, least=0, load_default="")
    organization_id = fields.Id(load_default=None, allow_none=True)


class LinkApplicationQuery(PageQuery):
    organization_id = fields.QueryInt(1)
    status = fields.Choice(LinkApplicationStatus)
    decidable = fields.QueryBool(
        load_default=False, metadata={"description": "Only what waits for one's own decision"}
    )


class EntryOut(NamedOut):
    branch = fields.Part(NamedOut, required=True)


class ApprovalIn(Schema):
    makes = Entry
    member_id = fields.Id(required=True)


class LinkApplicationOut(Schema):
    id = fields.Id(required=True)
    status = fields.Choice(LinkApplicationStatus, required=True)
    reason = fields.Choice(LinkApplicationReason, required=True)
    applicant_name = CheckedStr(part="applicant_name", required=True)
    phone_tail = fields.Str(required=True, metadata={"description": "Last four digits"})
    organization = fields.Part(NamedOut, required=True, allow_none=True)
    member = fields.Part(
        EntryOut,
        required=True,
        allow_none=True,
        metadata={"description": "The entry that was named for the applicant"},
    )
    holds_office = fields.Bool(
        required=True,
        metadata={"description": "Whether rights or a post come with it"},
    )
    can = Can(FLOW)
    next_step = NextStep(FLOW)
    refusal_reason = CheckedStr(part="refusal_reason", required=True, allow_none=True)
    created_at = fields.Moment(required=True)
    decided_at = fields.Moment(required=True, allow_none=True)


class DemoPersonOut(Schema):
    code = fields.Str(required=True, metadata={"description": "Login code of the stand-in"})
    name = fields.Str(required=True)
    role = fields.Str(required=True)
