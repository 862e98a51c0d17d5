"""Who am I, and what have I consented to."""

from typing import Any

from backend.core.errors import NotFound
from backend.figures import profile
from backend.figures.profile import Profile
from backend.people.members import phone_sharing, service
from backend.people.members.models import REQUIRED_PURPOSES, Account, Consent, Member, Purpose
from backend.people.members.service import Agreeing
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
from miniprogram_api.people.members.schemas import (
    ConsentIn,
    ConsentOut,
    MeOut,
    NoticeOut,
    PhoneAnswerIn,
    PhoneAnswerOut,
    PreferencesIn,
    PreferencesOut,
    RosterEntryOut,
    RosterQuery,
)

me = Blueprint("me", __name__, description="本人")
organizations = Blueprint("organizations", __name__, description="党组织")
notices = Blueprint("privacy-notices", __name__, description="隐私告知")

PURPOSE_WORDS = {
    Purpose.CORE_SERVICE: "提供核心服务：身份核实、报到、志愿服务、组织生活与项目认领",
    Purpose.SUBSCRIPTION_MESSAGES: "通过微信订阅消息提醒办理结果",
    # Whether the community may see the number is asked of who registers there, not of everybody.
}


@me.get("")
@me.response(200, MeOut)
def show_me() -> Profile:
    """Show the own profile, appointments and what consent is due."""
    return profile.of(session(), services().settings, actor=actor())


@me.post("/consents")
@me.arguments(ConsentIn)
@me.response(201, ConsentOut)
def give_consent(said: Agreeing) -> dict[str, Any]:
    """Agree to these purposes of the current privacy notice and to no others."""
    given: list[Consent] = service.give_consent(session(), actor=actor(), said=said)
    return {
        "notice_version": said.notice_version,
        "purposes": [consent.purpose for consent in given],
    }


@me.put("/phone-to-community")
@me.arguments(PhoneAnswerIn)
@me.response(200, PhoneAnswerOut)
def answer_about_phone(agreed: bool) -> Consent:
    """Say whether the community where one registered may see one's number; the last word stands."""
    return phone_sharing.answer(session(), actor=actor(), agreed=agreed)


@me.put("/preferences")
@me.arguments(PreferencesIn)
@me.response(200, PreferencesOut)
def set_preferences(large_type: bool) -> Account:
    """Set how the app shows itself to this account."""
    return service.set_preferences(session(), actor=actor(), large_type=large_type)


@organizations.get("/<int:organization_id>/members")
@organizations.arguments(RosterQuery, location="query")
@organizations.response(200, page_of(RosterEntryOut))
def list_roster(query: dict[str, Any], organization_id: int) -> Page:
    """List the roster of the own branch."""
    page = paging(query)
    roster = service.roster(actor(), organization_id, **query)
    return fetch_page(roster, Member.id, newest_first=False, **page)


@notices.get("/current")
@notices.response(200, NoticeOut)
def current_notice() -> dict[str, Any]:
    """Show the privacy notice in force and the purposes consent is asked for."""
    notice = service.current_notice(session())
    if notice is None:
        raise NotFound("notice_not_found", "尚未发布隐私告知。")
    purposes = [
        {"purpose": purpose.value, "text": text, "required": purpose in REQUIRED_PURPOSES}
        for purpose, text in PURPOSE_WORDS.items()
    ]
    names = ("version", "title", "body", "published_at")
    return {name: getattr(notice, name) for name in names} | {"purposes": purposes}
