"""The paper channel: a signed slip is entered by the secretary and counts like any registration."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.community.registrations import places, policy, queries, service, standing
from backend.community.registrations.applying import Slip
from backend.community.registrations.flow import FLOW
from backend.community.registrations.models import (
    CommunityRegistration,
)
from backend.community.registrations.policy import DECIDER
from backend.core.actor import Actor
from backend.core.crypto import Crypto
from backend.core.errors import Conflict, Forbidden
from backend.core.own import is_own
from backend.ledger.rulepack import RulePack
from backend.people.areas import service as areas
from backend.people.areas.models import Area
from backend.people.members import look_ups
from backend.people.members.models import Channel, Member


def register(
    session: Session, rules: RulePack, keys: Crypto, *, actor: Actor, said: Slip
) -> CommunityRegistration:
    """Enter a slip for whoever uses no app: the slip is the application, so it is accepted at once.

    Raises Forbidden, Invalid, NotFound `roster_no_match`, Conflict, TooFast.
    """
    community = areas.community(session, said.community_code)
    if not policy.may_assist(actor, community):
        raise Forbidden("not_your_community", "只能为本社区登记书面报到。")
    found = look_ups.find(session, keys, actor=actor, name=said.name, phone=said.phone)
    with look_ups.kept(session):
        member = _locked(session, actor, found)
        places.receiving(session, member, said)
        _refuse_known_slip(session, community, said.slip_no)
        registration = said.registration(member, community)
        registration.channel, registration.slip_no = Channel.ASSISTED, said.slip_no
        registration.entered_by_id = actor.as_member()
        _receive(session, rules, actor, registration)
    return registration


def _receive(
    session: Session, rules: RulePack, actor: Actor, registration: CommunityRegistration
) -> None:
    service.enter(session, rules, actor, registration)
    FLOW.turn(session, registration, "accept", rules, actor=actor)
    audit.record(session, actor, "registration.entered", registration)
    FLOW.fill(session, actor, [registration])


def _locked(session: Session, actor: Actor, found: Member) -> Member:
    """Return the member on the slip, locked; it may be nobody's own slip."""
    if is_own(found.id, actor.member_id):
        raise DECIDER.refusal()
    return standing.lock_member(session, found.id)


def _refuse_known_slip(session: Session, community: Area, slip_no: str) -> None:
    if session.scalar(sa.select(queries.with_slip(community.id, slip_no).exists())):
        raise Conflict("slip_already_entered", "这个回单编号已经登记过，请核对。")
