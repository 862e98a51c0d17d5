"""What each push does. What is not named here is acknowledged and forgotten."""

import logging
from collections.abc import Callable

from sqlalchemy.orm import Session

from backend.accounts.privacy import service as privacy
from backend.core.crypto import Crypto
from backend.people.members import queries as members
from backend.people.members.models import Account
from backend.support.attachments import checks
from backend.support.attachments import service as attachments
from backend.support.notifications import reports
from backend.wechat.push import Push, entries

log = logging.getLogger("wechat")

# RevokeInfo: what was shown to us by a permission that is taken back.
PHONE, PICTURES, FILES = "8", "14", "15"

MEDIA_CHECKED = "wxa_media_check"

Handler = Callable[[Session, Account, Push], None]


def handle(session: Session, keys: Crypto, push: Push) -> None:
    """Act on a push. One about somebody we do not know is no error: there is nothing to do."""
    if push.event == MEDIA_CHECKED:
        _media_checked(session, push)
        return
    handler = HANDLERS.get(push.event)
    if handler is None:
        log.warning("push of an unknown event", extra={"event": push.event[:60]})
        return
    digest = keys.lookup(push.openid, purpose="account.openid")
    account = session.scalars(members.account_by_openid_hash(digest)).first()
    if account is not None:
        handler(session, account, push)
    log.info("push handled", extra={"event": push.event})


def _media_checked(session: Session, push: Push) -> None:
    """The verdict on an image. One that comes without a result is for a person to judge."""
    result = push.values.get("result")
    suggest = result.get("suggest") if isinstance(result, dict) else None
    trace_id = str(push.values.get("trace_id", ""))
    known = suggest if isinstance(suggest, str) else None
    checks.media_checked(session, trace_id=trace_id, suggest=known)
    log.info("push handled", extra={"event": push.event})


def _asked(session: Session, account: Account, push: Push) -> None:
    for entry in entries(push.values):
        accepted = str(entry.get("SubscribeStatusString")) == "accept"
        template_id = str(entry.get("TemplateId"))
        reports.answered(session, account.id, template_id, accepted=accepted, at=push.at)


def _switched(session: Session, account: Account, push: Push) -> None:
    for entry in entries(push.values):
        if str(entry.get("SubscribeStatusString")) == "reject":
            reports.switched_off(session, account.id, str(entry.get("TemplateId")), at=push.at)


def _sent(session: Session, account: Account, push: Push) -> None:
    for entry in entries(push.values):
        reports.delivered(
            session,
            account.id,
            str(entry.get("TemplateId")),
            msgid=str(entry.get("MsgID")),
            errcode=str(entry.get("ErrorCode")),
        )


def _revoked(session: Session, account: Account, push: Push) -> None:
    """`user_authorization_revoke`: of what may be taken back, we hold number, pictures and files.

    One push may name several. A number we do not know is told in the log: somebody wants something
    deleted, and a person has to see whether we hold it.
    """
    for taken_back in str(push.values.get("RevokeInfo")).split(","):
        if taken_back == PHONE:
            privacy.forget_phone(session, account)
        elif taken_back in (PICTURES, FILES):
            attachments.forget_chosen(session, account.id, pictures=taken_back == PICTURES)
        else:
            log.warning("revocation not acted on", extra={"revoke_info": taken_back[:20]})


def _cancelled(session: Session, account: Account, _push: Push) -> None:
    """`user_authorization_cancellation`: the user has left."""
    privacy.close_account(session, account)


HANDLERS: dict[str, Handler] = {
    "subscribe_msg_popup_event": _asked,
    "subscribe_msg_change_event": _switched,
    "subscribe_msg_sent_event": _sent,
    "user_authorization_revoke": _revoked,
    "user_authorization_cancellation": _cancelled,
}
