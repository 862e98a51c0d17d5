"""报到: submit, correct, withdraw; accept, return, reject. Callers own the transaction.

Every step locks the member first and the registration second, so that two of them never cross.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy.orm import Session

from backend.areas import service as areas
from backend.audit import service as audit
from backend.core import clock
from backend.core.actor import Actor
from backend.core.errors import Conflict, Forbidden, NotFound
from backend.documents import numbers
from backend.duties import service as ledger
from backend.duties.models import SubjectKind
from backend.duties.rulepack import RulePack
from backend.duties.service import Source
from backend.duties.subjects import Subject
from backend.members.models import Member
from backend.registrations import news, policy, queries, reminders
from backend.registrations.models import (
    CommunityRegistration,
    EndReason,
    RegistrationKind,
    RegistrationStatus,
    RejectionCode,
)
from backend.registrations.states import REGISTRATION
from backend.text_checks import service as text_checks

# Standing facts of rule 2i: accepted; and left without an answer beyond the term.
FACT, UNANSWERED = "community_registration", "community_registration_unanswered"


def submit(
    session: Session,
    rules: RulePack,
    *,
    actor: Actor,
    community_code: str,
    kind: RegistrationKind,
    skills: Sequence[str],
    interests: Sequence[str],
    availability: str,
) -> CommunityRegistration:
    """Register the actor with a community; while one stands elsewhere this asks for a transfer."""
    member_id = _lock_member(session, actor.as_member()).id
    community = areas.community(session, community_code)
    _refuse_second(session, member_id, community.id, kind)
    registration = CommunityRegistration(
        member_id=member_id,
        community_id=community.id,
        kind=kind,
        status=RegistrationStatus.SUBMITTED,
        skills=list(skills),
        interests=list(interests),
        availability=availability,
    )
    session.add(registration)
    _begin_waiting(session, rules, registration)
    audit.record(session, actor, "registration.submitted", registration)
    _check_offer(session, actor, registration)
    news.tell_secretaries(session, registration)
    return registration


def _check_offer(session: Session, actor: Actor, registration: CommunityRegistration) -> None:
    offer = [*registration.skills, *registration.interests, registration.availability]
    _check(session, actor, registration, "offer", *offer)


def _check(
    session: Session, actor: Actor, registration: CommunityRegistration, part: str, *texts: str
) -> None:
    text_checks.submit(
        session,
        actor,
        subject=registration.as_subject,
        part=part,
        area_id=registration.community_id,
        texts=texts,
    )


def _refuse_second(
    session: Session, member_id: int, community_id: int, kind: RegistrationKind
) -> None:
    live = session.scalars(queries.live_of_member(member_id)).all()
    primary = kind is RegistrationKind.PRIMARY
    for other in live:
        waiting = other.status in queries.WAITING and other.kind is kind is RegistrationKind.PRIMARY
        if waiting or other.community_id == community_id:
            raise Conflict("already_registered", "您已向社区报到，可在“我的报到”中查看进度。")
    standing = next((r for r in live if r.kind is RegistrationKind.PRIMARY), None)
    if primary and standing is not None:
        standing.status = REGISTRATION.after(standing.status, "request_transfer")


def resubmit(
    session: Session,
    rules: RulePack,
    *,
    actor: Actor,
    registration_id: int,
    skills: Sequence[str],
    interests: Sequence[str],
    availability: str,
) -> CommunityRegistration:
    """Send a returned registration again, corrected."""
    registration = _own(session, actor, registration_id)
    registration.status = REGISTRATION.after(registration.status, "resubmit")
    registration.skills, registration.interests = list(skills), list(interests)
    registration.availability = availability
    _begin_waiting(session, rules, registration)
    audit.record(session, actor, "registration.resubmitted", registration)
    _check_offer(session, actor, registration)
    news.tell_secretaries(session, registration)
    return registration


def withdraw(session: Session, *, actor: Actor, registration_id: int) -> CommunityRegistration:
    """Take back what has not been accepted; withdrawing twice is the same as once."""
    registration = _own(session, actor, registration_id)
    if registration.status is RegistrationStatus.WITHDRAWN:
        return registration
    registration.status = REGISTRATION.after(registration.status, "withdraw")
    _end_waiting(session, registration)
    _drop_transfer(session, registration)
    audit.record(session, actor, "registration.withdrawn", registration)
    return registration


def accept(session: Session, *, actor: Actor, registration_id: int) -> CommunityRegistration:
    """Accept: issues the receipt and, for the primary one, makes this the member's community."""
    registration = _decidable(session, actor, registration_id)
    if _decided_alike(registration, actor, RegistrationStatus.ACTIVE):
        return registration
    primary = registration.kind is RegistrationKind.PRIMARY
    if primary and registration.status is RegistrationStatus.SUBMITTED:
        _move_out(session, registration)  # first: at no moment do two of them stand
    _decide(session, actor, registration, "accept")
    registration.accepted_on = clock.today()
    registration.receipt_no = numbers.new("BD")
    if primary:
        _move_in(session, registration)
    audit.record(session, actor, "registration.accepted", registration)
    news.tell_member(session, registration)
    return registration


def send_back(
    session: Session, *, actor: Actor, registration_id: int, reason: str
) -> CommunityRegistration:
    """Return for correction; the member may send it again."""
    registration = _decidable(session, actor, registration_id)
    if _decided_alike(registration, actor, RegistrationStatus.RETURNED):
        return registration
    _decide(session, actor, registration, "return")
    registration.return_reason = reason
    audit.record(session, actor, "registration.returned", registration)
    _check(session, actor, registration, "return_reason", reason)
    news.tell_member(session, registration)
    return registration


def reject(
    session: Session,
    *,
    actor: Actor,
    registration_id: int,
    reason_code: RejectionCode,
    reason: str,
) -> CommunityRegistration:
    """Reject on one of the three grounds; final for this registration."""
    registration = _decidable(session, actor, registration_id)
    if _decided_alike(registration, actor, RegistrationStatus.REJECTED):
        return registration
    _decide(session, actor, registration, "reject")
    registration.rejection_code, registration.rejection_reason = reason_code, reason
    _drop_transfer(session, registration)
    audit.record(session, actor, "registration.rejected", registration, code=reason_code)
    _check(session, actor, registration, "rejection_reason", reason)
    news.tell_member(session, registration)
    return registration


def _lock_member(session: Session, member_id: int) -> Member:
    return session.get_one(Member, member_id, with_for_update=True, populate_existing=True)


def _visible(session: Session, actor: Actor, registration_id: int) -> CommunityRegistration:
    """Return the registration, locked after its member, if it exists for the actor."""
    found = queries.shown().where(
        CommunityRegistration.id == registration_id, policy.visible(actor)
    )
    registration = session.scalars(found).first()
    if registration is None:
        raise NotFound("registration_not_found", "没有找到这份报到。")
    _lock_member(session, registration.member_id)
    session.refresh(registration, with_for_update=True, attribute_names=_STATE)
    return registration


_STATE = ["status", "decided_by", "accepted_on", "receipt_no", "ended_on"]


def _own(session: Session, actor: Actor, registration_id: int) -> CommunityRegistration:
    registration = _visible(session, actor, registration_id)
    if registration.member_id != actor.member_id:
        raise Forbidden("not_yours", "只能办理本人的报到。")
    return registration


def _decidable(session: Session, actor: Actor, registration_id: int) -> CommunityRegistration:
    registration = _visible(session, actor, registration_id)
    if not policy.may_decide(actor, registration):
        raise Forbidden("not_your_decision", "只有接收社区的书记可以办理，且不能办理本人的报到。")
    return registration


def _decided_alike(
    registration: CommunityRegistration, actor: Actor, status: RegistrationStatus
) -> bool:
    """A second tap of the same person finds the work done."""
    return registration.status is status and registration.decided_by == actor.account_id


def _decide(
    session: Session, actor: Actor, registration: CommunityRegistration, event: str
) -> None:
    registration.status = REGISTRATION.after(registration.status, event)
    registration.decided_by, registration.decided_at = actor.account_id, clock.now()
    _end_waiting(session, registration)


def _begin_waiting(session: Session, rules: RulePack, registration: CommunityRegistration) -> None:
    """Start the community's term: once it has passed, rule 2i counts as met meanwhile."""
    registration.submitted_at = clock.now()
    registration.answer_due_on = clock.add_working_days(
        clock.today(), rules.counting.registration_answer_working_days
    )
    session.flush()
    reminders.plan(session, registration)
    if registration.kind is RegistrationKind.PRIMARY:
        ledger.hold(
            session,
            UNANSWERED,
            _subject(registration),
            source_of(registration),
            starts_on=unanswered_from(registration),
            area_id=registration.community_id,
        )


def unanswered_from(registration: CommunityRegistration) -> date:
    """Return the first day on which the missing answer is the community's gap."""
    return registration.answer_due_on + timedelta(days=1)


def _end_waiting(session: Session, registration: CommunityRegistration) -> None:
    ledger.release(session, UNANSWERED, source_of(registration), ends_on=clock.today())
    reminders.drop(session, registration)


def _move_out(session: Session, registration: CommunityRegistration) -> None:
    """End what stood elsewhere, in the transaction in which this one begins to stand."""
    today = clock.today()
    for old in session.scalars(queries.standing_primary(registration.member_id)).all():
        old.status = REGISTRATION.after(old.status, "move")
        old.ended_on, old.end_reason = today, EndReason.MOVED
        ledger.release(session, FACT, source_of(old), ends_on=today)
    session.flush()


def _move_in(session: Session, registration: CommunityRegistration) -> None:
    ledger.hold(
        session,
        FACT,
        _subject(registration),
        source_of(registration),
        starts_on=clock.today(),
        area_id=registration.community_id,
    )
    registration.member.community_id = registration.community_id


def _drop_transfer(session: Session, registration: CommunityRegistration) -> None:
    """What stood elsewhere goes on standing when the new registration came to nothing."""
    if registration.kind is not RegistrationKind.PRIMARY:
        return
    for old in session.scalars(queries.standing_primary(registration.member_id)).all():
        if old.status is RegistrationStatus.TRANSFER_PENDING:
            old.status = REGISTRATION.after(old.status, "drop_transfer")


def _subject(registration: CommunityRegistration) -> Subject:
    return Subject(SubjectKind.MEMBER, registration.member_id)


def source_of(registration: CommunityRegistration) -> Source:
    return Source(CommunityRegistration.__tablename__, registration.id)
