"""Find a registration for whoever acts, locked: first the member, then what is the member's."""

from sqlalchemy.orm import Session

from backend.community.registrations import policy, queries
from backend.community.registrations.models import CommunityRegistration, RegistrationRequest
from backend.core.actor import Actor
from backend.core.errors import Forbidden, NotFound
from backend.core.own import is_own
from backend.people.members.models import Member

_STATE = ["status", "decided_by", "accepted_on", "receipt_no", "ended_on", "end_reason"]


def lock_member(session: Session, member_id: int) -> Member:
    return session.get_one(Member, member_id, with_for_update=True, populate_existing=True)


def visible(session: Session, actor: Actor, registration_id: int) -> CommunityRegistration:
    """Return the registration, locked after its member, if it exists for the actor."""
    found = queries.shown().where(
        CommunityRegistration.id == registration_id, policy.visible(actor)
    )
    registration = session.scalars(found).first()
    if registration is None:
        raise NotFound("registration_not_found", "没有找到这份报到。")
    _lock(session, registration)
    return registration


def _lock(session: Session, registration: CommunityRegistration) -> None:
    lock_member(session, registration.member_id)
    session.refresh(registration, with_for_update=True, attribute_names=_STATE)
    look_again(session, registration)


def look_again(session: Session, registration: CommunityRegistration) -> None:
    """Have what was asked and what rests be read anew."""
    session.flush()
    session.expire(registration, ["request", "pause"])


def own(session: Session, actor: Actor, registration_id: int) -> CommunityRegistration:
    registration = visible(session, actor, registration_id)
    if not is_own(registration.member_id, actor.member_id):
        raise Forbidden("not_yours", "只能办理本人的报到。")
    return registration


def decidable(session: Session, actor: Actor, registration_id: int) -> CommunityRegistration:
    registration = visible(session, actor, registration_id)
    if not policy.may_decide(actor, registration):
        raise not_your_decision()
    return registration


def not_your_decision() -> Forbidden:
    return Forbidden("not_your_decision", "只有接收社区的书记可以办理，且不能办理本人的报到。")


def request(session: Session, actor: Actor, request_id: int) -> RegistrationRequest:
    """Return a request, locked after its member and registration, if it exists for the actor."""
    found = queries.requests().where(
        RegistrationRequest.id == request_id, policy.visible_request(actor)
    )
    row = session.scalars(found).first()
    if row is None:
        raise NotFound("registration_request_not_found", "没有找到这份申请。")
    _lock(session, row.registration)
    session.refresh(row, with_for_update=True, attribute_names=["status", "decided_by"])
    return row
