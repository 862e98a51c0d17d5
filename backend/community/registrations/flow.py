"""What may happen to a registration, and to what a member asks of it (spec 3.2)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session, defaultload, with_expression

from backend.community.registrations import (
    evidence,
    kinds,
    news,
    places,
    policy,
    queries,
    standing,
    waiting,
)
from backend.community.registrations.models import (
    CommunityRegistration,
    EndReason,
    PauseReason,
    RegistrationKind,
    RegistrationRequest,
    RejectionCode,
    RequestKind,
)
from backend.community.registrations.models import RegistrationStatus as S
from backend.community.registrations.models import RequestStatus as R
from backend.community.registrations.policy import DECIDER, EITHER, MEMBER, SYSTEM
from backend.core import clock
from backend.core.errors import Invalid
from backend.core.states import Guard
from backend.flows.flow import Flow
from backend.flows.steps import Reason, Step, Taken, never
from backend.ledger.changes import one_change
from backend.support.attachments import carried
from backend.support.attachments import queries as attachments
from backend.support.documents import numbers

# What a community may end by itself (spec 3.2).
UNASKED = frozenset(EndReason) - {EndReason.WITHDRAWN, EndReason.AREA_CHANGED}

Registration = Taken[CommunityRegistration]
Request = Taken[RegistrationRequest]


# Until it is answered.


@dataclass(frozen=True)
class Rejection:
    """Why it is rejected: on one of the three grounds, and in words."""

    reason_code: RejectionCode
    reason: str


@dataclass(frozen=True)
class Correction:
    """What a member sends anew; None leaves what was sent before."""

    skills: Sequence[str] | None = None
    interests: Sequence[str] | None = None
    availability: str | None = None
    external_place: str | None = None
    attachment_ids: Sequence[int] | None = None


def _move_out(taken: Registration) -> None:
    """End what stood elsewhere first: at no moment do two of them stand."""
    if taken.row.kind is RegistrationKind.PRIMARY:
        primary = queries.standing_primary(taken.row.member_id)
        for old in taken.session.scalars(primary).all():
            FLOW.turn(taken.session, old, "move", taken.rules)
        taken.session.flush()


def _receive(taken: Registration) -> None:
    """Issue the receipt, and for the primary one make this the member's community."""
    taken.row.accepted_on, taken.row.receipt_no = clock.today(), numbers.new("BD")
    with one_change(taken.session, taken.rules):
        waiting.end(taken.session, taken.rules, taken.row)
        standing.begin(taken.session, taken.rules, taken.row)


def _tell_received(session: Session, row: CommunityRegistration) -> None:
    news.tell_home_branch(session, row)
    news.tell_member(session, row)


def _answer(taken: Registration) -> None:
    waiting.end(taken.session, taken.rules, taken.row)


def _come_to_nothing(taken: Registration) -> None:
    """What stood elsewhere goes on standing."""
    waiting.end(taken.session, taken.rules, taken.row)
    if taken.row.kind is RegistrationKind.PRIMARY:
        primary = queries.standing_primary(taken.row.member_id)
        for old in taken.session.scalars(primary).all():
            if old.status is S.TRANSFER_PENDING:
                FLOW.turn(taken.session, old, "drop_transfer")


def _send_again(taken: Registration) -> None:
    row, said = taken.row, taken.said
    for name in ("skills", "interests", "availability"):
        if getattr(said, name) is not None:
            setattr(row, name, getattr(said, name))
    if said.external_place is not None or said.attachment_ids is not None:
        places.correct(row, said.external_place, said.attachment_ids)
    waiting.begin(taken.session, taken.rules, row)
    carried.replace(
        taken.session,
        actor=taken.actor,
        ids=said.attachment_ids,
        kind=kinds.FILES,
        subject=row.as_subject,
        area_id=row.answerable_area_id,
        inside=row.community_id is None,
    )
    check_offer(taken)


def check_offer(taken: Registration) -> None:
    """Have checked what a member offers. Outside the city no community reads it: none is asked."""
    row = taken.row
    taken.check("offer", *row.skills, *row.interests, row.availability)


# Once it stands.


@dataclass(frozen=True)
class Because:
    """Why it rests or ends; in words, too, where the member did not ask for it."""

    reason_code: PauseReason | EndReason | None = None
    reason: str | None = None


NOTHING_ASKED = Guard(
    "nothing_asked",
    "the member asked, or a signed slip did",
    "没有等待办理的这项申请，请刷新后查看。",
)


def _asked_for(kind: RequestKind) -> Guard:
    """Refuse who decides while the member has not asked for it."""
    return replace(
        NOTHING_ASKED,
        holds=lambda row: MEMBER.stands(row) or (row.asked is not None and row.asked.kind is kind),
    )


ONE_AT_A_TIME = Guard(
    "registration_request_waiting",
    "the member asks for one thing at a time",
    "已有一份申请等待社区答复，请先撤回，或等待答复。",
    lambda row: not MEMBER.stands(row) or row.asked is None,
)
NOT_MOVING = Guard(
    "registration_transfer_pending",
    "who is moving need not ask for it",
    "您已申请转到其他社区，接收后这里自动结束；不想转的，请先撤回那份报到。",
    lambda row: not MEMBER.stands(row) or row.status is not S.TRANSFER_PENDING,
)


def _drop_request(taken: Registration) -> None:
    """What was asked of a registration that is leaving has no answer any more."""
    if taken.row.asked is not None:
        REQUEST.turn(taken.session, taken.row.asked, "drop")


def _moved(taken: Registration) -> None:
    taken.row.ended_on, taken.row.end_reason = clock.today(), EndReason.MOVED
    evidence.release(taken.session, taken.rules, taken.row)


def _rest(taken: Registration) -> None:
    standing.rest(taken.session, taken.rules, taken.row, taken.said.reason_code)


def _resume(taken: Registration) -> None:
    standing.resume(taken.session, taken.rules, taken.row)


def _end_unasked(taken: Registration) -> None:
    """Only for what no member asks for, and with a note that the member reads."""
    if taken.said.reason_code not in UNASKED:
        raise Invalid("reason_code", "该原因须由本人提出。")
    if not taken.said.reason:
        raise Invalid("reason", "请写明情况，本人会看到。")
    _drop_request(taken)


def _ended_alike(taken: Registration) -> bool:
    """Who ended it unasked has done so; who once decided about one that moved away has not."""
    row, said = taken.row, taken.said
    by_actor = row.decided_by == taken.actor.account_id
    done = row.status is S.ENDED and row.end_note is not None and by_actor
    if done and (row.end_reason, row.end_note) != (said.reason_code, said.reason):
        raise FLOW.done_otherwise()
    return done


def _end(taken: Registration) -> None:
    standing.close(taken.session, taken.rules, taken.row)
    standing.leave(taken.row)


def _tell_ended(session: Session, row: CommunityRegistration) -> None:
    news.tell_home_branch(session, row)
    news.tell_member_of_ending(session, row)


def _hand_over(taken: Registration) -> None:
    """Where the member belongs the successor says."""
    taken.row.end_reason = EndReason.AREA_CHANGED
    standing.close(taken.session, taken.rules, taken.row)


FLOW: Flow[CommunityRegistration] = Flow(
    "registration",
    CommunityRegistration,
    select=queries.shown,
    visible=policy.visible,
    missing="没有找到这份报到。",
    texts=kinds.TEXTS,
    # Outside the city no community reads it: none is asked about its texts.
    area_id=lambda row: row.community_id,
    # The member first and the registration second, so that two steps never cross.
    lock_first=lambda session, row: standing.lock_member(session, row.member_id),
    fill=attachments.fill,
    others=[policy.KNOWS_MEMBER, policy.LEARNS],
    steps=[
        Step("accept", "acceptance",
             "Accept a registration and issue its receipt number.",
             {S.SUBMITTED: S.ACTIVE}, DECIDER, "never one's own",
             first=_move_out, signs="decided", then=_receive,
             past="accepted", tells=_tell_received, awaited=True),
        Step("return", "return",
             "Return a registration for correction.",
             {S.SUBMITTED: S.RETURNED}, DECIDER, "with a reason",
             says=Reason, writes={"reason": "return_reason"}, signs="decided", then=_answer,
             past="returned", tells=news.tell_member),
        Step("reject", "rejection",
             "Reject a registration on one of the three grounds.",
             {S.SUBMITTED: S.REJECTED}, DECIDER, "only on the three grounds",
             says=Rejection,
             writes={"reason_code": "rejection_code", "reason": "rejection_reason"},
             signs="decided", then=_come_to_nothing,
             past="rejected", details=lambda taken: {"code": taken.row.rejection_code},
             tells=news.tell_member),
        Step("withdraw", "withdrawal",
             "Take a registration back before it is accepted.",
             {S.SUBMITTED: S.WITHDRAWN, S.RETURNED: S.WITHDRAWN}, MEMBER,
             then=_come_to_nothing, past="withdrawn"),
        Step("resubmit", "resubmission",
             "Send a returned registration again.",
             {S.RETURNED: S.SUBMITTED}, MEMBER,
             says=Correction, again=never, then=_send_again,
             past="resubmitted", tells=news.tell_deciders, awaited=True),
        Step("request_transfer", "", "Ask to move: a registration elsewhere was submitted.",
             {S.ACTIVE: S.TRANSFER_PENDING}, SYSTEM, "new one submitted",
             first=_drop_request),
        Step("drop_transfer", "", "Go on standing.",
             {S.TRANSFER_PENDING: S.ACTIVE}, SYSTEM, "new one came to nothing"),
        Step("move", "", "End where the member has moved away from.",
             {S.TRANSFER_PENDING: S.ENDED}, SYSTEM, "new one accepted", then=_moved),
        Step("pause", "pause",
             "Ask for a pause; called by who received the registration it confirms what was asked.",
             {S.ACTIVE: S.PAUSED}, EITHER,
             guards=[ONE_AT_A_TIME, _asked_for(RequestKind.PAUSE)],
             says=Because, signs="decided", then=_rest, tells=news.tell_home_branch),
        Step("resume", "resumption",
             "Ask for the pause to end; called by who received the registration it confirms that.",
             {S.PAUSED: S.ACTIVE}, EITHER,
             guards=[ONE_AT_A_TIME, _asked_for(RequestKind.RESUMPTION)],
             signs="decided", then=_resume, tells=news.tell_home_branch),
        Step("end_as_asked", "", "End what the member asks to end.",
             {S.ACTIVE: S.ENDED, S.PAUSED: S.ENDED}, DECIDER,
             guards=[_asked_for(RequestKind.ENDING)],
             says=Because, writes={"reason_code": "end_reason"}, signs="decided",
             then=_end, tells=news.tell_home_branch),
        Step("end", "ending",
             "Ask for the ending; who received the registration confirms it, or ends it with a "
             "reason.",
             {S.ACTIVE: S.ENDED, S.PAUSED: S.ENDED, S.TRANSFER_PENDING: S.ENDED}, EITHER,
             "unasked, with a note", guards=[NOT_MOVING, ONE_AT_A_TIME],
             says=Because, again=_ended_alike, first=_end_unasked,
             writes={"reason_code": "end_reason", "reason": "end_note"}, signs="decided",
             then=_end, past="ended", details=lambda taken: {"code": taken.row.end_reason},
             tells=_tell_ended),
        Step("hand_over", "", "End with the community, in favour of its successor.",
             {S.ACTIVE: S.ENDED, S.PAUSED: S.ENDED, S.TRANSFER_PENDING: S.ENDED}, SYSTEM,
             "the community has a successor",
             first=_drop_request, then=_hand_over, past="area_changed"),
    ],
)  # fmt: skip


# What a member asks of one that stands.

EVENTS = {
    RequestKind.PAUSE: "pause",
    RequestKind.RESUMPTION: "resume",
    RequestKind.ENDING: "end_as_asked",
}


def _carry_out(taken: Request) -> None:
    """Take the registration's own step, while the request still waits for it."""
    row, why = taken.row, Because(taken.row.reason_code)
    event = EVENTS[row.kind]
    FLOW.turn(taken.session, row.registration, event, taken.rules, actor=taken.actor, said=why)


def _tell_answer(session: Session, row: RegistrationRequest) -> None:
    news.tell_member_of_answer(session, row.registration, row)


def _lock(session: Session, row: RegistrationRequest) -> None:
    """The member, then the registration, then what was asked of it."""
    standing.lock_member(session, row.registration.member_id)
    session.get_one(CommunityRegistration, row.registration_id, with_for_update=True)


REQUEST: Flow[RegistrationRequest] = Flow(
    "registration_request",
    RegistrationRequest,
    select=queries.requests,
    visible=policy.visible_request,
    missing="没有找到这份申请。",
    texts=kinds.TEXTS,
    area_id=lambda row: row.registration.community_id,
    lock_first=_lock,
    # One stands to a request as to its registration.
    others=FLOW.parties,
    standing_on=lambda held: defaultload(RegistrationRequest.registration).options(
        with_expression(CommunityRegistration.parties, held)
    ),
    audited_as="registration",
    steps=[
        Step("confirm", "confirmation",
             "Confirm what is asked: the registration's own step of that name.",
             {R.SUBMITTED: R.CONFIRMED}, DECIDER, "never one's own",
             first=_carry_out, signs="decided",
             past="confirmed", details=lambda taken: {"kind": taken.row.kind},
             tells=_tell_answer, awaited=True),
        Step("refuse", "refusal",
             "Refuse what a member asks; the registration stays as it is.",
             {R.SUBMITTED: R.REFUSED}, DECIDER, "with a reason",
             says=Reason, writes={"reason": "request_refusal"}, signs="decided",
             past="refused", details=lambda taken: {"kind": taken.row.kind}, tells=_tell_answer),
        Step("withdraw", "withdrawal",
             "Take back what one has asked.",
             {R.SUBMITTED: R.WITHDRAWN}, MEMBER, past="took_back"),
        Step("drop", "", "Leave unanswered what is asked of a registration that leaves.",
             {R.SUBMITTED: R.DROPPED}, SYSTEM, "transferred or ended meanwhile"),
    ],
)  # fmt: skip
