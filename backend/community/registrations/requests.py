"""Pausing, resuming and ending what stands: the member asks, who received it confirms or refuses.

One step, two sides: called by the member it asks, called by who decides it confirms. Who decides
may also act on a signed slip, and may end without being asked for what no member can ask for.
"""

from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.community.registrations import access, news, policy, standing
from backend.community.registrations.models import (
    CommunityRegistration,
    EndReason,
    PauseReason,
    RegistrationRequest,
    RegistrationStatus,
    RequestKind,
    RequestStatus,
)
from backend.community.registrations.service import check_text
from backend.community.registrations.states import REGISTRATION, REGISTRATION_REQUEST
from backend.core import clock
from backend.core.actor import Actor
from backend.core.errors import Conflict, Forbidden, Invalid
from backend.core.own import is_own
from backend.ledger.rulepack import RulePack

# What a member may give as the reason, and what a community may act on by itself (spec 3.2).
ASKED_FOR = frozenset(
    {EndReason.MOVED, EndReason.LEFT_UNIT, EndReason.RETIRED, EndReason.WITHDRAWN}
)
UNASKED = frozenset(EndReason) - {EndReason.WITHDRAWN, EndReason.AREA_CHANGED}
EVENTS = {
    RequestKind.PAUSE: "pause",
    RequestKind.RESUMPTION: "resume",
    RequestKind.ENDING: "end",
}

Reason = PauseReason | EndReason | None


def pause(
    session: Session,
    rules: RulePack,
    *,
    actor: Actor,
    registration_id: int,
    reason_code: PauseReason | None,
    slip_no: str | None = None,
) -> CommunityRegistration:
    """Ask for a pause, or confirm what was asked."""
    registration = access.visible(session, actor, registration_id)
    kind = RequestKind.PAUSE
    if _asks(actor, registration) or slip_no:
        if reason_code is None:
            raise Invalid("reason_code", "请选择暂停的原因。")
        _ask(session, actor, registration, kind, reason_code, slip_no)
    return _answered(session, rules, actor, registration, kind)


def resume(
    session: Session,
    rules: RulePack,
    *,
    actor: Actor,
    registration_id: int,
    slip_no: str | None = None,
) -> CommunityRegistration:
    """Ask for the pause to end, or confirm what was asked."""
    registration = access.visible(session, actor, registration_id)
    kind = RequestKind.RESUMPTION
    if _asks(actor, registration) or slip_no:
        _ask(session, actor, registration, kind, None, slip_no)
    return _answered(session, rules, actor, registration, kind)


def end(
    session: Session,
    rules: RulePack,
    *,
    actor: Actor,
    registration_id: int,
    reason_code: EndReason | None,
    reason: str | None = None,
    slip_no: str | None = None,
) -> CommunityRegistration:
    """Ask for the ending, or confirm what was asked; who decides may end with a reason unasked."""
    registration = access.visible(session, actor, registration_id)
    kind, asks = RequestKind.ENDING, _asks(actor, registration)
    if not asks and reason_code is not None and slip_no is None:
        return _end_unasked(session, rules, actor, registration, reason_code, reason)
    if asks or slip_no:
        _check_asked(registration, reason_code)
        _ask(session, actor, registration, kind, reason_code, slip_no)
    return _answered(session, rules, actor, registration, kind)


def _asks(actor: Actor, registration: CommunityRegistration) -> bool:
    """Whether the actor asks: the member does; others decide, or may not touch it (Forbidden)."""
    if is_own(registration.member_id, actor.member_id):
        return True
    if not policy.may_decide(actor, registration):
        raise access.not_your_decision()
    return False


def _check_asked(registration: CommunityRegistration, reason_code: EndReason | None) -> None:
    if reason_code not in ASKED_FOR:
        raise Invalid("reason_code", "请选择结束的原因；其他情形由社区办理。")
    if registration.status is RegistrationStatus.TRANSFER_PENDING:
        raise Conflict(
            "registration_transfer_pending",
            "您已申请转到其他社区，接收后这里自动结束；不想转的，请先撤回那份报到。",
        )


def _ask(
    session: Session,
    actor: Actor,
    registration: CommunityRegistration,
    kind: RequestKind,
    reason: Reason,
    slip_no: str | None,
) -> None:
    """Put the request; the same one again is no second. Raises Conflict."""
    asked = waiting(registration)
    if asked is None:
        REGISTRATION.after(registration.status, EVENTS[kind])
        _put(session, actor, registration, kind, reason, slip_no)
    elif asked.kind is not kind:
        raise Conflict(
            "registration_request_waiting", "已有一份申请等待社区答复，请先撤回，或等待答复。"
        )


def _put(
    session: Session,
    actor: Actor,
    registration: CommunityRegistration,
    kind: RequestKind,
    reason: Reason,
    slip_no: str | None,
) -> None:
    row = RegistrationRequest(
        registration_id=registration.id,
        kind=kind,
        status=RequestStatus.SUBMITTED,
        pause_reason=reason if isinstance(reason, PauseReason) else None,
        end_reason=reason if isinstance(reason, EndReason) else None,
        slip_no=slip_no,
        asked_at=clock.now(),
    )
    session.add(row)
    access.look_again(session, registration)
    audit.record(session, actor, "registration.asked", registration, kind=kind)
    if slip_no is None:
        news.tell_deciders_of_request(session, registration, row)


def ask_again(
    session: Session, registration: CommunityRegistration, asked: RegistrationRequest
) -> None:
    """Put what was asked of a registration that has ended to who received its successor."""
    copied = ("kind", "pause_reason", "end_reason", "slip_no", "asked_at")
    row = RegistrationRequest(
        registration_id=registration.id,
        status=RequestStatus.SUBMITTED,
        **{name: getattr(asked, name) for name in copied},
    )
    session.add(row)
    access.look_again(session, registration)
    news.tell_deciders_of_request(session, registration, row)


def waiting(registration: CommunityRegistration) -> RegistrationRequest | None:
    """Return what was asked of a registration and has no answer yet."""
    last = registration.request
    return last if last is not None and last.status is RequestStatus.SUBMITTED else None


def _answered(
    session: Session,
    rules: RulePack,
    actor: Actor,
    registration: CommunityRegistration,
    kind: RequestKind,
) -> CommunityRegistration:
    """Leave it waiting when the member has asked; carry it out when who decides acts."""
    if is_own(registration.member_id, actor.member_id):
        return registration
    request = registration.request
    if _confirmed_alike(request, actor, kind):
        return registration
    REGISTRATION.after(registration.status, EVENTS[kind])
    if request is None or request.kind is not kind or waiting(registration) is None:
        raise Conflict("nothing_asked", "没有等待办理的这项申请，请刷新后查看。")
    _confirm(session, rules, actor, registration, request)
    return registration


def _confirmed_alike(request: RegistrationRequest | None, actor: Actor, kind: RequestKind) -> bool:
    """A second tap of the same person finds the work done."""
    return (
        request is not None
        and request.kind is kind
        and request.status is RequestStatus.CONFIRMED
        and request.decided_by == actor.account_id
    )


def _confirm(
    session: Session,
    rules: RulePack,
    actor: Actor,
    registration: CommunityRegistration,
    request: RegistrationRequest,
) -> None:
    _decide(actor, request, "confirm")
    if request.kind is RequestKind.PAUSE and request.pause_reason:
        standing.pause(session, rules, registration, request.pause_reason)
    elif request.kind is RequestKind.RESUMPTION:
        standing.resume(session, rules, registration)
    elif request.end_reason:
        standing.end(session, rules, registration, request.end_reason)
    _note_decision(session, actor, registration)
    audit.record(session, actor, "registration.confirmed", registration, kind=request.kind)
    news.tell_member_of_answer(session, registration, request)


def _decide(actor: Actor, request: RegistrationRequest, event: str) -> None:
    request.status = REGISTRATION_REQUEST.after(request.status, event)
    request.decided_by, request.decided_at = actor.account_id, clock.now()


def _note_decision(session: Session, actor: Actor, registration: CommunityRegistration) -> None:
    registration.decided_by, registration.decided_at = actor.account_id, clock.now()
    news.tell_home_branch(session, registration)
    access.look_again(session, registration)


def _end_unasked(
    session: Session,
    rules: RulePack,
    actor: Actor,
    registration: CommunityRegistration,
    reason_code: EndReason,
    reason: str | None,
) -> CommunityRegistration:
    again = registration.end_reason is reason_code and registration.decided_by == actor.account_id
    if again and registration.status is RegistrationStatus.ENDED:
        return registration
    REGISTRATION.after(registration.status, "end")
    if reason_code not in UNASKED:
        raise Invalid("reason_code", "该原因须由本人提出。")
    if not reason:
        raise Invalid("reason", "请写明情况，本人会看到。")
    standing.end(session, rules, registration, reason_code)
    registration.end_note = reason
    _note_decision(session, actor, registration)
    audit.record(session, actor, "registration.ended", registration, code=reason_code)
    check_text(session, actor, registration, "end_note", reason)
    news.tell_member_of_ending(session, registration)
    return registration


def refuse(session: Session, *, actor: Actor, request_id: int, reason: str) -> RegistrationRequest:
    """Refuse what was asked, with a reason; everything stays as it is."""
    request = access.request(session, actor, request_id)
    registration = request.registration
    if not policy.may_decide(actor, registration):
        raise access.not_your_decision()
    if request.status is RequestStatus.REFUSED and request.decided_by == actor.account_id:
        return request
    _decide(actor, request, "refuse")
    request.refusal_reason = reason
    session.flush()
    audit.record(session, actor, "registration.refused", registration, kind=request.kind)
    check_text(session, actor, registration, "request_refusal", reason)
    news.tell_member_of_answer(session, registration, request)
    return request


def withdraw(session: Session, *, actor: Actor, request_id: int) -> RegistrationRequest:
    """Take back what one has asked; withdrawing twice is the same as once."""
    request = access.request(session, actor, request_id)
    if not is_own(request.registration.member_id, actor.member_id):
        raise Forbidden("not_yours", "只能撤回本人的申请。")
    if request.status is not RequestStatus.WITHDRAWN:
        request.status = REGISTRATION_REQUEST.after(request.status, "withdraw")
        session.flush()
        audit.record(session, actor, "registration.took_back", request.registration)
    return request
