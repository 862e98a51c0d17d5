"""Sign in at the console with name, password and second factor; keep the accounts for that."""

from typing import Any

from flask import request

from backend.accounts.staff import service, sign_in
from backend.accounts.staff.models import StaffAccount
from backend.accounts.staff.service import HandedOver, Opening
from backend.accounts.staff.sign_in import Enrolled, Enrolling, Enrolment, Proof, SigningIn
from miniprogram_api.accounts.staff.schemas import (
    EnrolledOut,
    EnrolmentIn,
    HandedOverOut,
    ReauthenticationIn,
    StaffAccountIn,
    StaffAccountOut,
    StaffAccountQuery,
    StaffSessionOut,
    StaffSignInIn,
)
from miniprogram_api.auth import bearer_token
from miniprogram_api.devices import described
from miniprogram_api.http import (
    Blueprint,
    Page,
    actor,
    fetch_page,
    page_of,
    paging,
    services,
    session,
)
from miniprogram_api.throttle import STAFF_SIGN_INS, client, limited

sessions = Blueprint("staff-sessions", __name__, description="登录")
enrolments = Blueprint("staff-enrolments", __name__, description="登录")
mine = Blueprint("reauthentication", __name__, description="登录")
blueprint = Blueprint("staff-accounts", __name__, description="工作账号")


@sessions.post("")
@sessions.arguments(StaffSignInIn)
@sessions.response(201, StaffSessionOut)
def sign_in_with_name(said: SigningIn) -> dict[str, Any]:
    """Sign in by name, password and code; with a password that was handed over, begin to set one's
    own. Whatever is wrong is answered alike."""
    keys, device = services().crypto, described(request.user_agent.string)
    done = limited(
        STAFF_SIGN_INS,
        client(),
        lambda: sign_in.sign_in(session(), keys, said=said, device=device),
    )
    if isinstance(done, Enrolling):
        return {"token": None, "expires_at": done.expires_at, "enrolment": done}
    return {"token": done.token, "expires_at": done.expires_at, "enrolment": None}


@enrolments.post("")
@enrolments.arguments(EnrolmentIn)
@enrolments.response(201, EnrolledOut)
def enrol(said: Enrolment) -> Enrolled:
    """Set the own password and second factor; answers the codes for a lost phone, once."""
    keys, device = services().crypto, described(request.user_agent.string)
    return limited(
        STAFF_SIGN_INS,
        client(),
        lambda: sign_in.enrol(session(), keys, said=said, device=device),
    )


@mine.post("")
@mine.arguments(ReauthenticationIn)
@mine.response(204)
def reauthenticate(said: Proof) -> None:
    """Prove once more that it is oneself, before rights are given or anything is exported."""
    keys, who, token = services().crypto, actor(), bearer_token()
    limited(
        STAFF_SIGN_INS,
        client(),
        lambda: sign_in.reauthenticate(session(), keys, actor=who, token=token, said=said),
    )


@blueprint.get("")
@blueprint.arguments(StaffAccountQuery, location="query")
@blueprint.response(200, page_of(StaffAccountOut))
def list_accounts(query: dict[str, Any]) -> Page:
    """List the accounts that belong to no member."""
    return fetch_page(service.listed(actor()), StaffAccount.id, **paging(query))


@blueprint.post("")
@blueprint.arguments(StaffAccountIn)
@blueprint.response(201, HandedOverOut)
def open_account(said: Opening) -> HandedOver:
    """Open an account; its password is to be handed over and is good for its first sign-in."""
    return service.open_account(session(), actor=actor(), said=said)


@blueprint.post("/<int:staff_account_id>/locking")
@blueprint.response(200, StaffAccountOut)
def lock(staff_account_id: int) -> StaffAccount:
    """Let nobody sign in with an account, and sign it out everywhere."""
    return service.lock(session(), actor=actor(), staff_account_id=staff_account_id)


@blueprint.post("/<int:staff_account_id>/unlocking")
@blueprint.response(200, StaffAccountOut)
def unlock(staff_account_id: int) -> StaffAccount:
    """Let its person sign in again."""
    return service.unlock(session(), actor=actor(), staff_account_id=staff_account_id)


@blueprint.post("/<int:staff_account_id>/reset")
@blueprint.response(200, HandedOverOut)
def reset(staff_account_id: int) -> HandedOver:
    """Hand an account over anew; what it may do waits for a second person's approval."""
    return service.reset(session(), actor=actor(), staff_account_id=staff_account_id)
