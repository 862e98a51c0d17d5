"""报到: submit. What else may happen stands in `flow`, what is asked of one that stands in
`requests`. Callers own the transaction.
"""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from backend.community.registrations import kinds, news, places, queries, waiting
from backend.community.registrations.applying import Application
from backend.community.registrations.flow import FLOW, check_offer
from backend.community.registrations.models import (
    CommunityRegistration,
    RegistrationKind,
    RegistrationStatus,
)
from backend.community.registrations.standing import lock_member
from backend.core.actor import Actor
from backend.core.errors import Conflict
from backend.ledger.rulepack import RulePack
from backend.support.attachments import carried as attachments

accept = FLOW.step("accept", "registration_id")
send_back = FLOW.step("return", "registration_id")
reject = FLOW.step("reject", "registration_id")
withdraw = FLOW.step("withdraw", "registration_id")
resubmit = FLOW.step("resubmit", "registration_id")


def submit(
    session: Session, rules: RulePack, *, actor: Actor, said: Application
) -> CommunityRegistration:
    """Register the actor with a community; while one stands elsewhere this asks for a transfer.

    Outside the city the home branch answers.
    """
    member = lock_member(session, actor.as_member())
    registration = said.registration(member, places.receiving(session, member, said))
    enter(session, rules, actor, registration)
    _attach(session, actor, registration, said.attachment_ids)
    news.tell_deciders(session, registration)
    FLOW.fill(session, actor, [registration])
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
    check_offer(FLOW.begin(session, actor, registration, "submitted"))


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
    FLOW.turn(session, standing, "request_transfer")
    session.flush()
