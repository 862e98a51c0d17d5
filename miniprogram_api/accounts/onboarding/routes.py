"""Sign in, sign out, link oneself to the roster; secretaries decide who did not match."""

from functools import partial
from typing import Any

from flask import request

from backend.accounts.onboarding import lists, service
from backend.accounts.onboarding.flow import FLOW, Entry
from backend.accounts.onboarding.models import LinkApplication
from backend.accounts.onboarding.service import Linking
from backend.city.demo import staff as demo_staff
from backend.city.demo.people import PEOPLE
from backend.core.errors import Invalid, NotFound
from backend.people.members import service as accounts
from backend.people.members.models import Member
from backend.people.members.service import IssuedSession
from miniprogram_api import steps
from miniprogram_api.accounts.onboarding.schemas import (
    ApprovalIn,
    DemoPersonOut,
    LinkApplicationOut,
    LinkApplicationQuery,
    MemberLinkIn,
    SessionOut,
    SignInIn,
)
from miniprogram_api.auth import bearer_token
from miniprogram_api.devices import described
from miniprogram_api.http import (
    Blueprint,
    Page,
    PageQuery,
    actor,
    fetch_page,
    page_of,
    paging,
    services,
    session,
    slice_page,
)
from miniprogram_api.people.members.schemas import MemberOut
from miniprogram_api.throttle import BINDINGS, SIGN_INS, client, limited

sessions = Blueprint("sessions", __name__, description="登录")
member_link = Blueprint("member-link", __name__, description="登录")
applications = Blueprint("link-applications", __name__, description="身份关联申请")
demo_people = Blueprint("demo-people", __name__, description="演示")
demo_accounts = Blueprint("demo-staff", __name__, description="演示")


@sessions.post("")
@sessions.arguments(SignInIn)
@sessions.response(201, SessionOut)
def sign_in(code: str) -> IssuedSession:
    """Exchange the code of wx.login for a token."""
    asker = client()
    openid = limited(SIGN_INS, asker, lambda: services().wechat.code_to_session(code, asker=asker))
    device = described(request.user_agent.string)
    return service.sign_in(session(), services().crypto, openid=openid, device=device)


@sessions.delete("/current")
@sessions.response(204)
def sign_out() -> None:
    """Sign this device out."""
    accounts.close_session(session(), actor=actor(), token=bearer_token())


@member_link.post("")
@member_link.arguments(MemberLinkIn)
@member_link.response(200, MemberOut)
def link_member(said: Linking) -> Member:
    """Find oneself on the roster by the phone number WeChat vouches for."""
    keys, asked = services().crypto, services().wechat.phone_number
    openid = service.openid_of(session(), keys, actor=actor())
    who = str(actor().account_id)
    try:
        phone = limited(BINDINGS, who, lambda: asked(said.phone_code, openid), costs=True)
    except Invalid as refusal:
        accounts.note_failed_link(session(), actor=actor(), why=refusal.code)
        refusal.keeps = True
        raise
    return service.link(session(), keys, actor=actor(), phone=phone, said=said)


@applications.get("")
@applications.arguments(LinkApplicationQuery, location="query")
@applications.response(200, page_of(LinkApplicationOut))
def list_applications(query: dict[str, Any]) -> Page:
    """List the link applications the actor is to decide about or has decided, the last first; what
    waits for one's own decision, the first."""
    page = paging(query) | {"newest_first": not query["decidable"]}
    return fetch_page(lists.listed(actor(), **query), LinkApplication.id, **page)


@applications.post("/<int:application_id>/approval")
@applications.arguments(ApprovalIn)
@applications.response(200, LinkApplicationOut)
def approve(said: Entry, application_id: int) -> LinkApplication:
    """Say which entry of the own roster the applicant is; links at once what the number proves."""
    return service.approve(session(), actor=actor(), application_id=application_id, said=said)


steps.serve(
    applications,
    FLOW,
    LinkApplicationOut,
    "application_id",
    [ApprovalIn],
    by_hand={"approval"},
)


@demo_people.get("")
@demo_people.arguments(PageQuery, location="query")
@demo_people.response(200, page_of(DemoPersonOut))
def list_demo_people(query: dict[str, Any]) -> Page:
    """List who can sign in to the demo city; 404 everywhere else."""
    _check_demo()
    return slice_page(PEOPLE, **query)


@demo_accounts.get("")
@demo_accounts.arguments(PageQuery, location="query")
@demo_accounts.response(200, page_of(DemoPersonOut))
def list_demo_staff(query: dict[str, Any]) -> Page:
    """List the demo city's staff accounts; 404 everywhere else."""
    _check_demo()
    return slice_page(demo_staff.listed(session()), **query)


@demo_accounts.post("/<code>/session")
@demo_accounts.response(201, SessionOut)
def sign_demo_staff_in(code: str) -> IssuedSession:
    """Sign in as one of the demo city's staff accounts; 404 everywhere else."""
    _check_demo()
    device = described(request.user_agent.string)
    opened = partial(demo_staff.sign_in, session(), code=code, device=device)
    return limited(SIGN_INS, client(), opened)


def _check_demo() -> None:
    if not services().settings.is_demo:
        raise NotFound("not_found", "没有找到您要的内容。")
