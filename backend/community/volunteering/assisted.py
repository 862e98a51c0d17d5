"""A service entered by the community for somebody without the app. Callers own the transaction."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from backend.community.volunteering import evidence, news, overlaps, policy, terms
from backend.community.volunteering.facts import Facts, describe
from backend.community.volunteering.flow import FLOW
from backend.community.volunteering.models import RecordSource, ServiceRecord, ServiceRecordStatus
from backend.community.volunteering.policy import DECIDER
from backend.core import clock
from backend.core.actor import Actor
from backend.core.crypto import Crypto
from backend.core.errors import Forbidden
from backend.ledger.rulepack import RulePack
from backend.people.areas import service as areas
from backend.people.members import look_ups
from backend.people.members.models import Channel


@dataclass(frozen=True, kw_only=True)
class Slip:
    """What a signed slip says of a service, and who signed it; a late one is entered with a
    reason."""

    facts: Facts
    community_code: str
    name: str
    phone: str
    slip_no: str
    late_reason: str | None = None


def enter(
    session: Session, rules: RulePack, keys: Crypto, *, actor: Actor, said: Slip
) -> ServiceRecord:
    """Enter and confirm what a signed slip says (spec 3.5): the slip is the member's own word, who
    enters it vouches for the rest. It counts as any other.

    Raises NotFound `roster_no_match`, Conflict `roster_ambiguous` and `late_entry_closed`, TooFast.
    """
    community = areas.community(session, said.community_code)
    if not policy.may_enter(actor, community):
        raise Forbidden("not_your_community", "只能为本社区的服务代为录入。")
    member = look_ups.find(session, keys, actor=actor, name=said.name, phone=said.phone)
    with look_ups.kept(session):
        record = _signed(actor, member.id, community.id, said.slip_no)
        describe(record, said.facts)
        terms.stamp(record, rules)
        overlaps.hold(session, [member.id])
        overlaps.refuse_standing(session, record)
        taken = FLOW.begin(session, actor, record, "entered", slip_no=said.slip_no)
        DECIDER.check(record)
        terms.explain_late(taken, said.late_reason)
        evidence.follow(session, rules, member.id)
        taken.check("content", said.facts.content)
        news.tell_member(session, record)
    FLOW.fill(session, actor, [record])
    return record


def _signed(actor: Actor, member_id: int, community_id: int, slip_no: str) -> ServiceRecord:
    return ServiceRecord(
        member_id=member_id,
        community_id=community_id,
        source=RecordSource.ORGANISER,
        channel=Channel.ASSISTED,
        slip_no=slip_no,
        status=ServiceRecordStatus.CONFIRMED,
        decided_by=actor.account_id,
        decided_at=clock.now(),
    )
