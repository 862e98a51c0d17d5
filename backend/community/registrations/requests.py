"""Pausing, resuming and ending what stands: the member asks, who received it confirms or refuses.

One address, two sides: called by the member it asks, called by who decides it confirms. Who decides
may also act on a signed slip, and may end without being asked for what no member can ask for. So
these three are called by hand; the steps themselves stand in `flow`.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.community.registrations import news, standing
from backend.community.registrations.flow import (
    EVENTS,
    FLOW,
    NOT_MOVING,
    NOTHING_ASKED,
    ONE_AT_A_TIME,
    REQUEST,
    Because,
    Registration,
)
from backend.community.registrations.models import (
    CommunityRegistration,
    EndReason,
    RegistrationRequest,
    RegistrationStatus,
    RequestKind,
    RequestStatus,
)
from backend.community.registrations.policy import DECIDER, EITHER, MEMBER
from backend.core import clock
from backend.core.actor import Actor
from backend.core.errors import Invalid
from backend.ledger.rulepack import RulePack

# What a member may give as the reason (spec 3.2).
ASKED_FOR = frozenset(
    {EndReason.MOVED, EndReason.LEFT_UNIT, EndReason.RETIRED, EndReason.WITHDRAWN}
)

refuse = REQUEST.step("refuse", "request_id")
withdraw = REQUEST.step("withdraw", "request_id")


@dataclass(frozen=True)
class Asking(Because):
    """The member says why; who decides says nothing, gives a reason unasked, or a signed slip."""

    slip_no: str | None = None


def pause(
    session: Session, rules: RulePack, *, actor: Actor, registration_id: int, said: Asking
) -> CommunityRegistration:
    """Ask for a pause, or confirm what was asked."""
    taken = FLOW.held(session, actor, registration_id, EITHER, rules=rules)
    if _asks(taken, said.slip_no):
        if said.reason_code is None:
            raise Invalid("reason_code", "请选择暂停的原因。")
        _ask(taken, RequestKind.PAUSE, said.slip_no, pause_reason=said.reason_code)
    return _answered(taken, RequestKind.PAUSE)


def resume(
    session: Session,
    rules: RulePack,
    *,
    actor: Actor,
    registration_id: int,
    slip_no: str | None = None,
) -> CommunityRegistration:
    """Ask for the pause to end, or confirm what was asked."""
    taken = FLOW.held(session, actor, registration_id, EITHER, rules=rules)
    if _asks(taken, slip_no):
        _ask(taken, RequestKind.RESUMPTION, slip_no)
    return _answered(taken, RequestKind.RESUMPTION)


def end(
    session: Session, rules: RulePack, *, actor: Actor, registration_id: int, said: Asking
) -> CommunityRegistration:
    """Ask for the ending, or confirm what was asked; who decides may end with a reason unasked."""
    taken = FLOW.held(session, actor, registration_id, EITHER, said, rules)
    if _asks(taken, said.slip_no):
        _check_asked(taken.row, said)
        _ask(taken, RequestKind.ENDING, said.slip_no, end_reason=said.reason_code)
    elif said.reason_code is not None:
        return FLOW.go("end", taken)
    return _answered(taken, RequestKind.ENDING)


def on_slip(row: CommunityRegistration) -> list[RequestKind]:
    """Return what whoever the row was read for may enter from a signed slip of the member."""
    return [
        kind
        for kind, event in EVENTS.items()
        if DECIDER.stands(row)
        and row.status in FLOW.by_event[event].moves
        and (row.asked is None or row.asked.kind is kind)
    ]


def _asks(taken: Registration, slip_no: str | None) -> bool:
    """Whether it is the member who asks, here or on paper."""
    return bool(slip_no) or MEMBER.stands(taken.row)


def _check_asked(row: CommunityRegistration, said: Asking) -> None:
    if said.reason_code not in ASKED_FOR:
        raise Invalid("reason_code", "请选择结束的原因；其他情形由社区办理。")
    if row.status is RegistrationStatus.TRANSFER_PENDING:
        raise NOT_MOVING.refusal()


def _ask(taken: Registration, kind: RequestKind, slip_no: str | None, **why: object) -> None:
    """Put the request; the same one again is no second. Raises Conflict."""
    asked = taken.row.asked
    if asked is None:
        FLOW.machine.after(taken.row.status, EVENTS[kind])
        _put(taken, RegistrationRequest(kind=kind, slip_no=slip_no, asked_at=clock.now(), **why))
    elif asked.kind is not kind:
        raise ONE_AT_A_TIME.refusal()


def _put(taken: Registration, request: RegistrationRequest) -> None:
    session, row = taken.session, taken.row
    _add(session, row, request)
    audit.record(session, taken.actor, "registration.asked", row, kind=request.kind)
    if request.slip_no is None:
        news.tell_deciders_of_request(session, row, request)


def _add(session: Session, row: CommunityRegistration, request: RegistrationRequest) -> None:
    request.registration, request.status = row, RequestStatus.SUBMITTED
    session.add(request)
    standing.look_again(session, row)


def ask_again(session: Session, row: CommunityRegistration, asked: RegistrationRequest) -> None:
    """Put what was asked of a registration that has ended to who received its successor."""
    copied = ("kind", "pause_reason", "end_reason", "slip_no", "asked_at")
    request = RegistrationRequest(**{name: getattr(asked, name) for name in copied})
    _add(session, row, request)
    news.tell_deciders_of_request(session, row, request)


def _answered(taken: Registration, kind: RequestKind) -> CommunityRegistration:
    """Leave it waiting when the member has asked; carry it out when who decides acts."""
    if not MEMBER.stands(taken.row) and not _confirmed_alike(taken, kind):
        _confirm(taken, kind)
    FLOW.fill(taken.session, taken.actor, [taken.row])
    return taken.row


def _confirmed_alike(taken: Registration, kind: RequestKind) -> bool:
    """A second tap of the same person finds the work done."""
    request = taken.row.request
    return (
        request is not None
        and request.kind is kind
        and request.status is RequestStatus.CONFIRMED
        and request.decided_by == taken.actor.account_id
    )


def _confirm(taken: Registration, kind: RequestKind) -> None:
    row, asked = taken.row, taken.row.asked
    if asked is None or asked.kind is not kind:
        FLOW.machine.after(row.status, EVENTS[kind])
        raise NOTHING_ASKED.refusal()
    REQUEST.turn(taken.session, asked, "confirm", taken.pack, actor=taken.actor)
    standing.look_again(taken.session, row)
