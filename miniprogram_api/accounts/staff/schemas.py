"""Wire shapes of staff accounts and of signing in with one."""

from typing import Any

from backend.accounts.staff import policy
from backend.accounts.staff.models import StaffAccount, StaffStatus
from backend.accounts.staff.service import SIGN_IN_NAME, SIGN_IN_NAME_WORDS, Opening
from backend.accounts.staff.sign_in import Enrolment, Proof, SigningIn
from miniprogram_api import fields
from miniprogram_api.http import PageQuery, Schema, actor

_PASSWORD, _CODE = 128, 40
STEPS = ("locking", "unlocking", "reset")


class StaffSignInIn(Schema):
    """A code of the app that tells the time, or one for a lost phone; none at the first time."""

    makes = SigningIn
    name = fields.Token(64, required=True)
    password = fields.Token(_PASSWORD, required=True)
    code = fields.Token(_CODE, least=0, load_default="")


class ReauthenticationIn(Schema):
    makes = Proof
    password = fields.Token(_PASSWORD, required=True)
    code = fields.Token(_CODE, least=0, load_default="")


class EnrolmentIn(Schema):
    """The own password, at least 12 characters, and the first code of the second factor."""

    makes = Enrolment
    token = fields.Token(100, required=True)
    password = fields.Token(_PASSWORD, required=True)
    code = fields.Token(_CODE, required=True)


class EnrollingOut(Schema):
    """What the own second factor is made of: shown once."""

    token = fields.Str(required=True)
    secret = fields.Str(required=True)
    provisioning_uri = fields.Str(required=True, metadata={"description": "As a code to scan"})
    expires_at = fields.Moment(required=True)


class StaffSessionOut(Schema):
    """A token, or at the first time what is needed to set password and second factor."""

    token = fields.Str(required=True, allow_none=True)
    expires_at = fields.Moment(required=True)
    enrolment = fields.Part(EnrollingOut, required=True, allow_none=True)


class EnrolledOut(Schema):
    token = fields.Str(required=True, attribute="session.token")
    expires_at = fields.Moment(required=True, attribute="session.expires_at")
    recovery_codes = fields.ListOf(
        fields.Str(), required=True, metadata={"description": "Each works once; shown once"}
    )


class StaffAccountIn(Schema):
    makes = Opening
    name = fields.Name(30, required=True)
    sign_in_name = fields.Code(SIGN_IN_NAME, error=SIGN_IN_NAME_WORDS, required=True)


class StaffAccountQuery(PageQuery):
    pass


class _Can(fields.ListOf[str]):
    """What whoever reads this may do with the account now."""

    def get_value(self, obj: StaffAccount, *_args: Any, **_kwargs: Any) -> Any:
        return policy.can(actor(), obj)


class StaffAccountOut(Schema):
    id = fields.Id(required=True)
    account_id = fields.Id(required=True, metadata={"description": "To be appointed by"})
    name = fields.Str(required=True)
    sign_in_name = fields.Str(required=True)
    status = fields.Choice(StaffStatus, required=True)
    locked_until = fields.Moment(required=True, allow_none=True)
    can = _Can(fields.Str(), required=True)
    created_at = fields.Moment(required=True)


class HandedOverOut(Schema):
    """The account, and the password to hand over: shown once."""

    account = fields.Part(StaffAccountOut, required=True)
    one_time_password = fields.Str(required=True)
