"""Organisers publish activities and keep their lists; registered members sign up."""

from typing import Any

from backend.community.invitations import queries as invitations
from backend.community.unit_registrations import queries as units
from backend.community.volunteering.activities import (
    attendance,
    check_in,
    detail,
    lists,
    service,
    sign_ups,
)
from backend.community.volunteering.activities.attendance import Listing
from backend.community.volunteering.activities.changing import Plan
from backend.community.volunteering.activities.detail import Roll
from backend.community.volunteering.activities.flow import FLOW, CallingOff
from backend.community.volunteering.activities.models import Activity, ActivityShift, ActivitySignUp
from backend.community.volunteering.activities.places import Wish
from backend.community.volunteering.activities.sign_ups import SignUps
from backend.core.rotating_code import Code
from backend.flows.steps import Changes, Reason
from miniprogram_api import steps
from miniprogram_api.check_in_codes import CheckInCodeOut
from miniprogram_api.community.volunteering.activities.schemas import (
    ActivityDetailOut,
    ActivityIn,
    ActivityOut,
    ActivityPatchIn,
    ActivityPutIn,
    ActivityQuery,
    CheckInIn,
    MySignUpOut,
    RollIn,
    RollOut,
    SignUpIn,
    SignUpOut,
    SignUpsOut,
    WithdrawalQuery,
)
from miniprogram_api.http import (
    Blueprint,
    Page,
    PageQuery,
    ReasonIn,
    actor,
    fetch_in_order,
    page_of,
    paging,
    services,
    session,
)
from miniprogram_api.idempotency import idempotent

blueprint = Blueprint("activities", __name__, description="志愿服务活动")
mine = Blueprint("my-sign-ups", __name__, description="志愿服务活动")


@blueprint.get("")
@blueprint.arguments(ActivityQuery, location="query")
@blueprint.response(200, page_of(ActivityOut))
def list_activities(query: dict[str, Any]) -> Page:
    """List what was published, and to organisers their drafts: what is to come in the order in
    which it begins; without `from` the last to begin first."""
    page = paging(query) | {"newest_first": "since" not in query}
    found = lists.listed(actor(), **query)
    return fetch_in_order(found, Activity.starts_at, Activity.id, **page)


@blueprint.post("")
@idempotent
@blueprint.arguments(ActivityIn)
@blueprint.response(201, ActivityDetailOut)
def create(plan: Plan) -> Activity:
    """Draw up an activity of the own community; a draft until it is published."""
    near = units.units_registered_with
    return service.create(session(), actor=actor(), plan=plan, registered_units=near)


@blueprint.get("/<int:activity_id>")
@blueprint.response(200, ActivityDetailOut)
def show(activity_id: int) -> Activity:
    """Show an activity with one's own sign-ups."""
    return FLOW.show(session(), actor(), activity_id)


@blueprint.patch("/<int:activity_id>")
@blueprint.arguments(ActivityPatchIn)
@blueprint.response(200, ActivityDetailOut)
def amend(changes: Changes, activity_id: int) -> Activity:
    """Change an activity; whoever signed up is told when time or place moved."""
    return _amend(activity_id, changes)


@blueprint.put("/<int:activity_id>")
@blueprint.arguments(ActivityPutIn)
@blueprint.response(200, ActivityDetailOut)
def replace(changes: Changes, activity_id: int) -> Activity:
    """Write an activity anew; the same as PATCH, which WeChat's `wx.request` does not know."""
    return _amend(activity_id, changes)


steps.serve(
    blueprint,
    FLOW,
    ActivityDetailOut,
    "activity_id",
    by_hand={"amendment", "cancellation", "sign-ups"},
)


@blueprint.post("/<int:activity_id>/cancellation")
@blueprint.arguments(ReasonIn)
@blueprint.response(200, ActivityDetailOut)
def cancel(said: Reason, activity_id: int) -> Activity:
    """Call an activity off, which whoever signed up is told with the reason."""
    told = CallingOff(said.reason, invitations.unanswered)
    return FLOW.take(session(), actor(), activity_id, "cancel", told)


@blueprint.post("/<int:activity_id>/sign-ups")
@blueprint.arguments(SignUpIn)
@blueprint.response(201, SignUpsOut)
def sign_up(said: Wish, activity_id: int) -> SignUps:
    """Sign up for shifts; where all places are taken one waits, in order."""
    return sign_ups.sign_up(session(), actor=actor(), activity_id=activity_id, said=said)


@blueprint.delete("/<int:activity_id>/sign-ups/mine")
@blueprint.arguments(WithdrawalQuery, location="query")
@blueprint.response(200, SignUpsOut)
def withdraw(query: dict[str, Any], activity_id: int) -> SignUps:
    """Withdraw from shifts until they are over, but not once one has come; without consequence."""
    return sign_ups.withdraw(session(), actor=actor(), activity_id=activity_id, **query)


@blueprint.get("/<int:activity_id>/attendance")
@blueprint.response(200, RollOut)
def show_list(activity_id: int) -> Roll:
    """Show the organiser's list: who signed up, who came."""
    rules = services().rules
    return detail.roll(session(), rules.counting, actor=actor(), activity_id=activity_id)


@blueprint.put("/<int:activity_id>/attendance")
@blueprint.arguments(RollIn)
@blueprint.response(200, RollOut)
def write_list(said: Listing, activity_id: int) -> Roll:
    """Write the list, which is the record: who was present gets a service record."""
    rules, keys = services().rules, services().crypto
    activity = attendance.write_list(
        session(), rules, keys, actor=actor(), activity_id=activity_id, said=said
    )
    return detail.written(session(), rules.counting, activity)


@blueprint.get("/<int:activity_id>/check-in-code")
@blueprint.response(200, CheckInCodeOut)
def show_code(activity_id: int) -> Code:
    """Show the code of this moment; it changes every 15 seconds."""
    return check_in.show_code(session(), services().crypto, actor=actor(), activity_id=activity_id)


@blueprint.post("/<int:activity_id>/check-ins")
@blueprint.arguments(CheckInIn)
@blueprint.response(200, SignUpOut)
def check_in_(code: str, activity_id: int) -> ActivitySignUp:
    """Say with the code that one came; the organiser's list counts the same without."""
    return check_in.check_in(
        session(), services().crypto, actor=actor(), activity_id=activity_id, code=code
    )


@blueprint.post("/<int:activity_id>/check-outs")
@blueprint.arguments(CheckInIn)
@blueprint.response(200, SignUpOut)
def check_out(code: str, activity_id: int) -> ActivitySignUp:
    """Say with the code that one leaves."""
    return check_in.check_out(
        session(), services().crypto, actor=actor(), activity_id=activity_id, code=code
    )


@mine.get("")
@mine.arguments(PageQuery, location="query")
@mine.response(200, page_of(MySignUpOut))
def list_mine(query: dict[str, Any]) -> Page:
    """List one's own sign-ups, those withdrawn too: the last shift to begin first."""
    found = lists.own_sign_ups(actor())
    return fetch_in_order(
        found, ActivityShift.starts_at, ActivitySignUp.id, newest_first=True, **query
    )


def _amend(activity_id: int, changes: Changes) -> Activity:
    return service.amend(
        session(),
        actor=actor(),
        activity_id=activity_id,
        changes=changes,
        registered_units=units.units_registered_with,
        invited=invitations.unanswered,
    )
