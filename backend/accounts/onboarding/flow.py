"""What may happen to a link application: who an applicant is one person says, and where the number
does not prove it, a second one."""

from dataclasses import dataclass

from sqlalchemy.orm import Session, object_session

from backend.accounts.onboarding import entries, kinds, news, policy, queries
from backend.accounts.onboarding.models import LinkApplication
from backend.accounts.onboarding.models import LinkApplicationStatus as S
from backend.accounts.onboarding.policy import APPLICANT, DECIDER, SECOND
from backend.core.errors import Conflict, Forbidden
from backend.core.states import Guard
from backend.flows.flow import Flow
from backend.flows.steps import Reason, Step, Taken
from backend.people.areas import service as areas
from backend.people.members.models import Account, Member

SECOND_PERSON = Guard(
    "second_person_needed",
    "by a second person; whoever holds office: from above",
    "手机号与名册不一致的，须由另一人复核：支部其他负责人、上级党组织或街道、区、市；"
    "该党员担任职务的，由上级党组织或街道、区、市复核。",
    SECOND.stands,
    Forbidden,
)


@dataclass(frozen=True)
class Entry:
    """Which entry of the roster the applicant is said to be."""

    member_id: int


def _area_id(row: LinkApplication) -> int | None:
    """Where no organisation was named, the city's officers answer for the texts."""
    if row.organization is not None:
        return row.organization.area_id
    session = object_session(row)
    return session.scalar(areas.whole_city()) if session else None


def _link(taken: Taken[LinkApplication]) -> None:
    member = taken.session.get_one(Member, taken.said.member_id)
    entries.assign(taken.session, _account(taken), member)


def _account(taken: Taken[LinkApplication]) -> Account:
    return taken.session.get_one(Account, taken.row.account_id)


def _refuse_linked(taken: Taken[LinkApplication]) -> None:
    entries.refuse_linked(_account(taken))


def _see_whether_it_is_free(taken: Taken[LinkApplication]) -> None:
    """Raise Conflict when another entry has been named since, or the entry is linked or gone."""
    named = taken.said.member_id
    if taken.row.member_id != named:
        raise Conflict("named_otherwise", "核对的对象已有变化，请刷新后重新查看。")
    member = entries.free(taken.session, named)
    if member is None or not member.active:
        raise Conflict("member_inactive", "该党员已不在名册中，请退回后重新核对。")
    _refuse_linked(taken)


def _take_the_number_over(taken: Taken[LinkApplication]) -> None:
    """What was known of the entry was another number, or none."""
    member = taken.session.get_one(Member, taken.said.member_id)
    member.phone_encrypted, member.phone_hash = taken.row.phone_encrypted, taken.row.phone_hash
    member.phone_unproven = False
    _link(taken)


def _confirmed_alike(taken: Taken[LinkApplication]) -> bool:
    row = taken.row
    said = (row.decided_by, row.member_id)
    return row.status is S.APPROVED and said == (taken.actor.account_id, taken.said.member_id)


def _tell_second_persons(session: Session, row: LinkApplication) -> None:
    if row.member is not None:
        news.tell_second_persons(session, row, row.member)


def _tell_approved(session: Session, row: LinkApplication) -> None:
    news.tell_applicant(session, row, kinds.APPLICATION_APPROVED)


def _tell_refused(session: Session, row: LinkApplication) -> None:
    news.tell_applicant(session, row, kinds.APPLICATION_REFUSED)


FLOW = Flow(
    "link_application",
    LinkApplication,
    select=queries.shown,
    visible=policy.visible,
    missing="没有找到这份申请。",
    texts=kinds.TEXTS,
    area_id=_area_id,
    # The account first, as linking oneself locks it.
    lock_first=lambda session, row: entries.lock_account(session, row.account_id),
    others=[SECOND],
    steps=[
        # What naming an entry comes to says `service.approve`.
        Step("approve", "approval",
             "Say which entry of the own roster the applicant is; links at once what the number "
             "proves.",
             {S.SUBMITTED: S.APPROVED}, DECIDER, "the entry has this number", says=Entry,
             first=_refuse_linked, signs="decided", then=_link, past="approved",
             tells=_tell_approved, awaited=True),
        Step("name", "", "Have a second person confirm who the applicant is.",
             {S.SUBMITTED: S.NAMED}, DECIDER, "the entry has another number or none", says=Entry,
             signs="named", past="named",
             details=lambda taken: {"member_id": taken.said.member_id},
             tells=_tell_second_persons),
        Step("confirm", "confirmation",
             "Link the applicant to the entry that somebody else named.",
             {S.NAMED: S.APPROVED}, DECIDER, guards=[SECOND_PERSON], says=Entry,
             again=_confirmed_alike, first=_see_whether_it_is_free, signs="decided",
             then=_take_the_number_over, past="approved", tells=_tell_approved, awaited=True),
        Step("refuse", "refusal",
             "Refuse an application with a reason.",
             {S.SUBMITTED: S.REFUSED, S.NAMED: S.REFUSED}, DECIDER, "with a reason",
             says=Reason, writes={"reason": "refusal_reason"}, signs="decided",
             past="refused", tells=_tell_refused),
        Step("renew", "", "Apply with another name, number or branch.",
             {S.NAMED: S.SUBMITTED}, APPLICANT, "with another name, number or branch"),
    ],
)  # fmt: skip
