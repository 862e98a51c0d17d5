"""报到: submit, correct, withdraw; accept, return, reject. Callers own the transaction.

What happens to one that stands: `requests`. Every step locks the member first and the registration
second, so that two of them never cross.
"""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.community.registrations import access, kinds, news, places, queries, waiting
from backend.community.registrations.models import (
    CommunityRegistration,
    RegistrationKind,
    RegistrationStatus,
    RejectionCode,
    ResidenceBasis,
    Visibility,
)
from backend.community.registrations.standing import begin, drop_request, move_out
from backend.community.registrations.states import REGISTRATION
from backend.core import clock
from backend.core.actor import Actor
from backend.core.errors import Conflict
from backend.ledger.rulepack import RulePack
from backend.support.attachments import carried as attachments
from backend.support.documents import numbers
from backend.support.text_checks import service as text_checks


def submit(
    session: Session,
    rules: RulePack,
    *,
    actor: Actor,
    community_code: str | None,
    kind: RegistrationKind,
    skills: Sequence[str],
    interests: Sequence[str],
    availability: str,
    basis: ResidenceBasis | None = None,
    external_place: str | None = None,
    visibility: Visibility = Visibility.COMMUNITY,
    attachment_ids: Sequence[int] = (),
) -> CommunityRegistration:
    """Register the actor with a community; while one stands elsewhere this asks for a transfer.

    With the basis `external` it is in `external_place`, with the receipt from there attached, and
    the home branch answers.
    """
    member = access.lock_member(session, actor.as_member())
    community = places.receiving(
        session, member, community_code, basis, kind, external_place, attachment_ids
    )
    registration = CommunityRegistration(
        member=member, community=community, kind=kind, visibility=visibility
    )
    registration.basis, registration.external_place = basis, external_place
    registration.skills, registration.interests = list(skills), list(interests)
    registration.availability = availability
    enter(session, rules, actor, registration)
    _attach(session, actor, registration, attachment_ids)
    news.tell_deciders(session, registration)
    return registration


def _attach(
    session: Session, actor: Actor, registration: CommunityRegistration, ids: Sequence[int]
) -> None:
    attachments.attach(
        session,
        actor=actor,
        ids=ids,
        kind=kinds.FILES,
        subject=registration.as_subject,
        area_id=registration.answerable_area_id,
        inside=registration.community_id is None,
    )


def enter(
    session: Session, rules: RulePack, actor: Actor, registration: CommunityRegistration
) -> None:
    """Let a new registration wait for its answer; the member is locked."""
    _refuse_second(session, registration)
    registration.status = RegistrationStatus.SUBMITTED
    session.add(registration)
    waiting.begin(session, rules, registration)
    audit.record(session, actor, "registration.submitted", registration)
    _check_offer(session, actor, registration)


def _check_offer(session: Session, actor: Actor, registration: CommunityRegistration) -> None:
    offer = [*registration.skills, *registration.interests, registration.availability]
    check_text(session, actor, registration, "offer", *offer)
    if registration.external_place:
        check_text(session, actor, registration, "external_place", registration.external_place)


def check_text(
    session: Session, actor: Actor, registration: CommunityRegistration, part: str, *texts: str
) -> None:
    """Have a text of a registration checked. Outside the city no community reads it: none is asked
    about it."""
    text_checks.submit(
        session,
        actor,
        kind=kinds.TEXTS,
        subject=registration.as_subject,
        part=part,
        area_id=registration.community_id,
        texts=texts,
    )


def _refuse_second(session: Session, registration: CommunityRegistration) -> None:
    live = session.scalars(queries.live_of_member(registration.member.id)).all()
    primary = registration.kind is RegistrationKind.PRIMARY
    primaries = [other for other in live if other.kind is RegistrationKind.PRIMARY]
    waits = primary and any(other.status in queries.WAITING for other in primaries)
    there = registration.community and registration.community.id
    if waits or (there and any(other.community_id == there for other in live)):
        raise Conflict("already_registered", "您已向社区报到，可在“我的报到”中查看进度。")
    if primary:
        for standing in primaries:
            _ask_for_transfer(session, standing)


def _ask_for_transfer(session: Session, standing: CommunityRegistration) -> None:
    if standing.status is RegistrationStatus.PAUSED:
        raise Conflict("registration_paused", "您的报到正在暂停，请先申请恢复，再向其他社区报到。")
    drop_request(standing)
    standing.status = REGISTRATION.after(standing.status, "request_transfer")
    session.flush()


def resubmit(
    session: Session,
    rules: RulePack,
    *,
    actor: Actor,
    registration_id: int,
    skills: Sequence[str] | None = None,
    interests: Sequence[str] | None = None,
    availability: str | None = None,
    external_place: str | None = None,
    attachment_ids: Sequence[int] | None = None,
) -> CommunityRegistration:
    """Send a returned registration again, corrected; None leaves what was sent before."""
    registration = access.own(session, actor, registration_id)
    registration.status = REGISTRATION.after(registration.status, "resubmit")
    if skills is not None:
        registration.skills = list(skills)
    if interests is not None:
        registration.interests = list(interests)
    if availability is not None:
        registration.availability = availability
    if external_place is not None or attachment_ids is not None:
        places.correct(registration, external_place, attachment_ids)
    waiting.begin(session, rules, registration)
    attachments.replace(
        session,
        actor=actor,
        ids=attachment_ids,
        kind=kinds.FILES,
        subject=registration.as_subject,
        area_id=registration.answerable_area_id,
        inside=registration.community_id is None,
    )
    audit.record(session, actor, "registration.resubmitted", registration)
    _check_offer(session, actor, registration)
    news.tell_deciders(session, registration)
    return registration


def withdraw(session: Session, *, actor: Actor, registration_id: int) -> CommunityRegistration:
    """Take back what has not been accepted; withdrawing twice is the same as once."""
    registration = access.own(session, actor, registration_id)
    if registration.status is RegistrationStatus.WITHDRAWN:
        return registration
    registration.status = REGISTRATION.after(registration.status, "withdraw")
    waiting.come_to_nothing(session, registration)
    audit.record(session, actor, "registration.withdrawn", registration)
    return registration


def accept(session: Session, *, actor: Actor, registration_id: int) -> CommunityRegistration:
    """Accept: issues the receipt and, for the primary one, makes this the member's community."""
    registration = access.decidable(session, actor, registration_id)
    if _decided_alike(registration, actor, RegistrationStatus.ACTIVE):
        return registration
    receive(session, actor, registration)
    news.tell_member(session, registration)
    return registration


def receive(session: Session, actor: Actor, registration: CommunityRegistration) -> None:
    """Let a registration that waits stand from today."""
    status = REGISTRATION.after(registration.status, "accept")
    if registration.kind is RegistrationKind.PRIMARY:
        move_out(session, registration.member_id)  # first: at no moment do two of them stand
    _decide(session, actor, registration, status)
    registration.accepted_on, registration.receipt_no = clock.today(), numbers.new("BD")
    begin(session, registration)
    audit.record(session, actor, "registration.accepted", registration)
    news.tell_home_branch(session, registration)


def send_back(
    session: Session, *, actor: Actor, registration_id: int, reason: str
) -> CommunityRegistration:
    """Return for correction; the member may send it again."""
    registration = access.decidable(session, actor, registration_id)
    if _decided_alike(registration, actor, RegistrationStatus.RETURNED):
        return registration
    _decide(session, actor, registration, REGISTRATION.after(registration.status, "return"))
    registration.return_reason = reason
    audit.record(session, actor, "registration.returned", registration)
    check_text(session, actor, registration, "return_reason", reason)
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
    registration = access.decidable(session, actor, registration_id)
    if _decided_alike(registration, actor, RegistrationStatus.REJECTED):
        return registration
    _decide(session, actor, registration, REGISTRATION.after(registration.status, "reject"))
    registration.rejection_code, registration.rejection_reason = reason_code, reason
    waiting.drop_transfer(session, registration)
    audit.record(session, actor, "registration.rejected", registration, code=reason_code)
    check_text(session, actor, registration, "rejection_reason", reason)
    news.tell_member(session, registration)
    return registration


def _decided_alike(
    registration: CommunityRegistration, actor: Actor, status: RegistrationStatus
) -> bool:
    """A second tap of the same person finds the work done."""
    return registration.status is status and registration.decided_by == actor.account_id


def _decide(
    session: Session, actor: Actor, registration: CommunityRegistration, status: RegistrationStatus
) -> None:
    registration.status = status
    registration.decided_by, registration.decided_at = actor.account_id, clock.now()
    waiting.end(session, registration)
