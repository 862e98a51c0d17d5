"""Sign in with WeChat, find oneself on the roster by phone number, else ask the secretary. What
becomes of that stands in `flow`."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.accounts.onboarding import entries, kinds, news, policy, queries
from backend.accounts.onboarding.flow import FLOW, Entry
from backend.accounts.onboarding.models import (
    OPEN,
    LinkApplication,
    LinkApplicationReason,
    LinkApplicationStatus,
)
from backend.audit import service as audit
from backend.core import wording
from backend.core.actor import Actor
from backend.core.crypto import Crypto
from backend.core.errors import Conflict, Invalid, NotFound
from backend.people.members import service as accounts
from backend.people.members.models import Account, Member
from backend.people.members.service import IssuedSession
from backend.people.organizations.models import Organization
from backend.support.text_checks import service as text_checks


class RosterNoMatch(NotFound):
    """The number is on no roster entry; the application that was made stays."""

    keeps = True


class RosterAmbiguous(Conflict):
    """The number is on several roster entries; the application that was made stays."""

    keeps = True


SENT = "已转党支部书记核实，请等待通知。"
# Nobody may ever see this one, and whether somebody does would tell who is on a roster.
SENT_NOWHERE = "申请已收到。请再选择您所在的党支部，书记才能及时核实。"


confirm = FLOW.step("confirm", "application_id")
refuse = FLOW.step("refuse", "application_id")


def sign_in(
    session: Session, keys: Crypto, *, openid: str, device: str | None = None
) -> IssuedSession:
    """Open a session for a WeChat identity, and its account at the first time."""
    account = accounts.account_for(session, keys, openid)
    return accounts.open_session(session, account, device=device)


def openid_of(session: Session, keys: Crypto, *, actor: Actor) -> str:
    """Return the actor's openid for a call to WeChat; refuses who is linked already (Conflict)."""
    account = session.get_one(Account, actor.account_id)
    entries.refuse_linked(account)
    sealed = account.openid_encrypted
    if sealed is None:
        raise Conflict("staff_account", "工作账号不能关联党员身份，请用本人的微信办理。")
    return keys.decrypt(sealed, purpose="account.openid")


@dataclass(frozen=True)
class Linking:
    """What WeChat vouches for the number with; name and branch help the secretary where it matches
    no single entry."""

    phone_code: str
    name: str = ""
    organization_id: int | None = None


def link(session: Session, keys: Crypto, *, actor: Actor, phone: str, said: Linking) -> Member:
    """Link the actor to the one free roster entry with this number.

    Raises RosterNoMatch or RosterAmbiguous, both of which leave an application to the secretary.
    """
    account = entries.lock_account(session, actor.account_id)
    entries.refuse_linked(account)
    organization = _organization(session, said.organization_id)
    phone = wording.phone(phone)
    digest = keys.lookup(phone, purpose="member.phone")
    found = session.scalars(entries.with_number(digest)).all()
    if len(found) != 1:
        if not wording.name(said.name):
            raise _unmatched("请填写姓名后再试，以便党支部核实。", ambiguous=bool(found))
        application = _apply(
            session, keys, account, phone, said.name, organization, ambiguous=bool(found)
        )
        _check_name(session, actor, application)
        raise _unmatched(SENT if organization else SENT_NOWHERE, ambiguous=bool(found))
    entries.assign(session, account, found[0])
    audit.record(session, actor, "member.linked", found[0])
    return found[0]


def _organization(session: Session, organization_id: int | None) -> Organization | None:
    if organization_id is None:
        return None
    organization = session.get(Organization, organization_id)
    if organization is None:
        raise Invalid("organization_id", "没有找到这个党组织，请重新选择。")
    return organization


def _apply(
    session: Session,
    keys: Crypto,
    account: Account,
    phone: str,
    name: str,
    organization: Organization | None,
    *,
    ambiguous: bool,
) -> LinkApplication:
    """Put the open application in place, or bring the account's open one up to date."""
    application = session.scalars(
        sa.select(LinkApplication).where(
            LinkApplication.account_id == account.id, LinkApplication.status.in_(OPEN)
        )
    ).first() or LinkApplication(account_id=account.id, status=LinkApplicationStatus.SUBMITTED)
    digest = keys.lookup(phone, purpose="member.phone")
    renewed = (name, digest, organization)
    if application.status is LinkApplicationStatus.NAMED:
        if renewed == _what_was_said(application):
            return application  # who it is has been said of just this
        application.status = FLOW.machine.after(application.status, "renew")
        application.member_id = application.named_by = application.named_at = None
    application.reason = (
        LinkApplicationReason.AMBIGUOUS if ambiguous else LinkApplicationReason.NO_MATCH
    )
    application.applicant_name, application.phone_hash, application.organization = renewed
    application.phone_encrypted = keys.encrypt(phone, purpose="member.phone")
    application.phone_tail = phone[-4:]
    session.add(application)
    session.flush()
    audit.record(session, None, "link_application.submitted", application)
    news.tell_secretaries(session, application)
    return application


def _what_was_said(application: LinkApplication) -> tuple[str, str, Organization | None]:
    return application.applicant_name, application.phone_hash, application.organization


def _check_name(session: Session, actor: Actor, application: LinkApplication) -> None:
    text_checks.submit(
        session,
        actor,
        kind=kinds.TEXTS,
        subject=application.as_subject,
        part="applicant_name",
        area_id=FLOW.area_id(application),
        texts=[application.applicant_name],
    )


def _unmatched(then: str, *, ambiguous: bool) -> RosterAmbiguous | RosterNoMatch:
    """Return what to answer: what was found, and what follows."""
    if ambiguous:
        return RosterAmbiguous("roster_ambiguous", f"有多名党员登记了这个手机号，{then}")
    return RosterNoMatch("roster_no_match", f"党员名册中没有这个手机号，{then}")


_SAID = (LinkApplicationStatus.NAMED, LinkApplicationStatus.APPROVED)


def approve(session: Session, *, actor: Actor, application_id: int, said: Entry) -> LinkApplication:
    """Say which free entry of the own roster the applicant is.

    An entry with the applicant's number is linked at once. Any other waits for a second person:
    one alone could otherwise put an account of theirs into anybody's place.
    """
    taken = FLOW.held(session, actor, application_id, policy.DECIDER, said)
    row = taken.row
    before = (row.decided_by or row.named_by, row.member_id)
    if row.status in _SAID and before == (actor.account_id, said.member_id):
        return row
    FLOW.machine.after(row.status, "name")
    member = entries.free(session, said.member_id)
    if member is None or not policy.may_assign(actor, member):
        raise Invalid("member_id", "只能关联本支部名册中的党员。")
    row.member = member
    proven = member.phone_hash == row.phone_hash and not member.phone_unproven
    event = "approve" if proven else "name"
    FLOW.apply(FLOW.by_event[event], taken)
    FLOW.stand(session, actor, row)
    row.holds_office = session.scalar(queries.holds_office(said.member_id))
    return row
