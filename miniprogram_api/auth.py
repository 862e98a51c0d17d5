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
        "demo-people.list_demo_people",
        "about.show_about",
        # Opened by the signature in its address, by whoever holds it.
        "attachments.read_content",
        "documents.read_document",
        # By its number, which nobody guesses; no answer says whose it is.
        "receipts.verify_receipt",
        "certificates.verify_certificate",
        "h5.front",
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


def authenticate(session: Session) -> Actor | None:
    """Return the requesting actor, None on a public endpoint; raises Unauthenticated, Forbidden."""
    if request.endpoint is None or request.endpoint in PUBLIC_ENDPOINTS:
        return None
    actor = acting.actor_of(session, bearer_token())
    if not actor.consented and request.endpoint not in BEFORE_CONSENT:
        raise Forbidden("consent_required", "请先阅读并同意隐私告知，再使用此功能。")
    return actor


def bearer_token() -> str:
    """Return the token of the Authorization header; raises Unauthenticated."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("not_signed_in", "请先登录。")
    return token.strip()
