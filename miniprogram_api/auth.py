"""Who is asking. Every endpoint needs a signed-in, consenting account unless it is listed here."""

from flask import request
from sqlalchemy.orm import Session

from backend.core.actor import Actor
from backend.core.errors import Forbidden, Unauthenticated
from backend.people.members import acting

PUBLIC_ENDPOINTS = frozenset(
    {
        "api-docs.openapi_json",
        "docs.page",
        "docs.start",
        "docs.asset",
        "health.live",
        "health.ready",
        "sessions.sign_in",
        "staff-sessions.sign_in_with_name",
        "staff-enrolments.enrol",
        "console-logins.ask",
        # With what the browser that asked was given.
        "console-logins.look",
        "demo-people.list_demo_people",
        "demo-staff.list_demo_staff",
        "demo-staff.sign_demo_staff_in",
        "about.show_about",
        # Opened by the signature in its address, by whoever holds it.
        "attachments.read_content",
        "documents.read_document",
        # By its number, which nobody guesses; no answer says whose it is.
        "receipts.verify_receipt",
        "certificates.verify_certificate",
        "console.front",
        "console.page",
        "h5.lost",
        "wechat.verify",
        "wechat.take",
    }
)

# What answers before consent is given: the notice, consenting, seeing oneself, signing out.
BEFORE_CONSENT = frozenset(
    {
        "me.show_me",
        "me.give_consent",
        "privacy-notices.current_notice",
        "sessions.sign_out",
    }
)

# What answers to the three administrators, who see nothing of the field: themselves, what they are
# told, accounts and roles. Whatever is new is closed to them until it stands here.
FOR_ADMINISTRATORS = BEFORE_CONSENT | {
    "about.show_about",
    "appointments.list_appointments",
    "appointments.show_appointment",
    "appointments.propose",
    "appointments.take_approve",
    "appointments.take_refuse",
    "appointments.take_withdraw",
    "appointments.take_end",
    "areas.list_areas",
    "areas.show_area",
    "audit-entries.list_entries",
    # Who administers the system's security brings the lists with which a city opens.
    "imports.begin",
    "imports.download_template",
    "imports.list_imports",
    "imports.list_rows",
    "imports.map_columns",
    "imports.show",
    "imports.take_commit",
    "imports.take_discard",
    "imports.undo",
    "me.set_preferences",
    "my-notifications.list_mine",
    "my-notifications.read",
    "my-notifications.read_all",
    "my-sessions.list_devices",
    "my-sessions.sign_device_out",
    "my-tasks.count_mine",
    "my-tasks.list_mine",
    "opening.show_opening",
    "reauthentication.reauthenticate",
    "staff-accounts.list_accounts",
    "staff-accounts.open_account",
    "staff-accounts.lock",
    "staff-accounts.unlock",
    "staff-accounts.reset",
}


def authenticate(session: Session) -> Actor | None:
    """Return the requesting actor, None on a public endpoint; raises Unauthenticated, Forbidden."""
    if request.endpoint is None or request.endpoint in PUBLIC_ENDPOINTS:
        return None
    actor = acting.actor_of(session, bearer_token())
    if not actor.consented and request.endpoint not in BEFORE_CONSENT:
        raise Forbidden("consent_required", "请先阅读并同意隐私告知，再使用此功能。")
    if actor.administers and request.endpoint not in FOR_ADMINISTRATORS:
        raise Forbidden("administrators_see_no_business", "管理员账号不能查看或办理业务。")
    return actor


def bearer_token() -> str:
    """Return the token of the Authorization header; raises Unauthenticated."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("not_signed_in", "请先登录。")
    return token.strip()


def browser_token() -> str:
    """Return what a browser was given when it asked to be signed in; raises Unauthenticated."""
    token = request.headers.get("X-Browser-Token", "").strip()
    if not token:
        raise Unauthenticated("browser_token_missing", "缺少浏览器凭据，请刷新二维码。")
    return token
