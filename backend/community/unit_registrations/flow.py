"""What may happen to a unit's registration, who does it, and what follows (spec 3.3)."""

from collections.abc import Sequence
from dataclasses import dataclass

from backend.community.unit_registrations import evidence, kinds, news, policy, queries, resources
from backend.community.unit_registrations.models import UnitRegistration
from backend.community.unit_registrations.models import UnitRegistrationStatus as S
from backend.community.unit_registrations.policy import CONTACT, EITHER, RECEIVER
from backend.community.unit_registrations.resources import Resource
from backend.core import clock
from backend.core.own import is_own
from backend.flows.flow import Flow
from backend.flows.steps import CLOCK, Reason, Step, Taken
from backend.people.members.models import Member
from backend.people.organizations.models import Unit
from backend.support.documents import numbers


def _receive(taken: Taken[UnitRegistration]) -> None:
    """Issue the receipt: the unit has registered in the sense of rule 2h."""
    taken.row.accepted_on, taken.row.receipt_no = clock.today(), numbers.new("DW")
    evidence.hold(taken)


@dataclass(frozen=True)
class Sending:
    """What a unit sends anew; None leaves the list that was sent before."""

    plan: str
    resources: Sequence[Resource] | None = None


def _answer_for_it(taken: Taken[UnitRegistration]) -> None:
    """Whoever sends or renews it is whom the receiver turns to."""
    taken.row.contact = taken.session.get_one(Member, taken.actor.as_member())


def _send_again(taken: Taken[UnitRegistration]) -> None:
    _answer_for_it(taken)
    taken.row.submitted_at = clock.now()
    if taken.said.resources is not None:
        resources.write(taken, taken.said.resources)


def _renew(taken: Taken[UnitRegistration]) -> None:
    _answer_for_it(taken)
    taken.row.renewed_on = clock.today()


def _renewed_alike(taken: Taken[UnitRegistration]) -> bool:
    """Again in the same year by the same contact is no change."""
    row = taken.row
    fresh = row.renewed_on is not None and row.renewed_on.year == clock.today().year
    return row.status is S.ACTIVE and fresh and is_own(row.contact_id, taken.actor.member_id)


FLOW = Flow(
    "unit_registration",
    UnitRegistration,
    select=queries.shown,
    visible=policy.visible,
    missing="没有找到这份单位报到。",
    texts=kinds.TEXTS,
    area_id=lambda row: row.area_id,
    # The unit first and the registration second, so that two steps never cross.
    lock_first=lambda session, row: session.get_one(Unit, row.unit_id, with_for_update=True),
    steps=[
        Step("accept", "acceptance",
             "Accept a unit's registration and issue its receipt number.",
             {S.SUBMITTED: S.ACTIVE}, RECEIVER,
             "never of the own unit; what the secretary sent, a deputy or the street",
             signs="decided", then=_receive, past="accepted", tells=news.tell_accepted,
             awaited=True),
        Step("return", "return",
             "Return a registration for correction.",
             {S.SUBMITTED: S.RETURNED}, RECEIVER, "with a reason",
             says=Reason, writes={"reason": "return_reason"}, signs="decided",
             past="returned", tells=news.tell_returned),
        Step("withdraw", "withdrawal",
             "Take a registration back before it is accepted.",
             {S.SUBMITTED: S.WITHDRAWN, S.RETURNED: S.WITHDRAWN},
             CONTACT, past="withdrawn"),
        Step("resubmit", "resubmission",
             "Send a returned registration again.",
             {S.RETURNED: S.SUBMITTED}, CONTACT,
             says=Sending, writes={"plan": "plan"}, then=_send_again,
             past="resubmitted", tells=news.tell_receiver, awaited=True),
        Step("fall_due", "", "Ask for the renewal of the year.",
             {S.ACTIVE: S.RENEWAL_DUE}, CLOCK, "confirmed in an earlier year",
             past="fell_due", tells=news.tell_renewal_due),
        Step("renew", "renewal",
             "Confirm for the year that the registration goes on.",
             {S.RENEWAL_DUE: S.ACTIVE}, CONTACT,
             again=_renewed_alike, then=_renew, past="renewed", awaited=True),
        Step("end", "ending",
             "End a registration, from either side.",
             {S.ACTIVE: S.ENDED, S.RENEWAL_DUE: S.ENDED}, EITHER,
             "with a reason", says=Reason, writes={"reason": "end_reason"}, signs="ended",
             then=evidence.release, past="ended", tells=news.tell_ended),
    ],
)  # fmt: skip
