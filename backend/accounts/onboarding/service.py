"""Sign in with WeChat, find oneself on the roster by phone number, else ask the secretary."""

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, with_expression

from backend.accounts.onboarding import kinds, news, policy
from backend.accounts.onboarding.models import (
    OPEN,
    LinkApplication,
    LinkApplicationReason,
    LinkApplicationStatus,
)
from backend.accounts.onboarding.states import LINK_APPLICATION
from backend.audit import service as audit
from backend.core import clock, wording
from backend.core.actor import Actor
from backend.core.crypto import Crypto
from backend.core.errors import Conflict, Forbidden, Invalid, NotFound
from backend.people.areas import service as areas
from backend.people.members import queries as members
from backend.people.members import service as accounts
from backend.people.members.models import Account, Member
from backend.people.members.service import IssuedSession
from backend.people.organizations.models import Organization
from backend.support.notifications.declared import NewsKind
from backend.support.text_checks import service as text_checks
from backend.support.text_checks import withheld


class RosterNoMatch(NotFound):
    """The number is on no roster entry; the application that was made stays."""

    keeps = True


class RosterAmbiguous(Conflict):
    """The number is on several roster entries; the application that was made stays."""

    keeps = True


SENT = "已转党支部书记核实，请等待通知。"
# Nobody may ever see this one, and whether somebody does would tell who is on a roster.
SENT_NOWHERE = "申请已收到。请再选择您所在的党支部，书记才能及时核实。"


def sign_in(session: Session, keys: Crypto, *, openid: str) -> IssuedSession:
    """Open a session for a WeChat identity, and its account at the first time."""
    return accounts.open_session(session, accounts.account_for(session, keys, openid))


def openid_of(session: Session, keys: Crypto, *, actor: Actor) -> str:
    """Return the actor's openid for a call to WeChat; refuses who is linked already (Conflict)."""
    account = session.get_one(Account, actor.account_id)
    _refuse_linked(account)
    return keys.decrypt(account.openid_encrypted, purpose="account.openid")


def link(
    session: Session,
    keys: Crypto,
    *,
    actor: Actor,
    phone: str,
    name: str,
    organization_id: int | None,
) -> Member:
    """Link the actor to the one free roster entry with this number.

    Raises RosterNoMatch or RosterAmbiguous, both of which leave an application to the secretary.
    """
    account = _lock_account(session, actor.account_id)
    _refuse_linked(account)
    organization = _organization(session, organization_id)
    phone = wording.phone(phone)
    digest = keys.lookup(phone, purpose="member.phone")
    found = session.scalars(_roster_entries(digest)).all()
    if len(found) != 1:
        if not wording.name(name):
            raise _unmatched("请填写姓名后再试，以便党支部核实。", ambiguous=bool(found))
        application = _apply(
            session, keys, account, phone, name, organization, ambiguous=bool(found)
        )
        _check(session, actor, application, "applicant_name", name)
        raise _unmatched(SENT if organization else SENT_NOWHERE, ambiguous=bool(found))
    _assign(session, account, found[0])
    audit.record(session, actor, "member.linked", found[0])
    return found[0]


def _lock_account(session: Session, account_id: int) -> Account:
    """Lock an account against changes, yet not against news: whoever writes to its inbox while
    holding what we ask for next must not wait for us."""
    for_no_key_update = {"key_share": True}
    return session.get_one(
        Account, account_id, with_for_update=for_no_key_update, populate_existing=True
    )


def _organization(session: Session, organization_id: int | None) -> Organization | None:
    if organization_id is None:
        return None
    organization = session.get(Organization, organization_id)
    if organization is None:
        raise Invalid("organization_id", "没有找到这个党组织，请重新选择。")
    return organization


def _refuse_linked(account: Account) -> None:
    if account.member is not None and not account.member.active:
        raise Conflict("member_inactive", "您的党员身份已停用，请联系所在党支部核实。")
    if account.member_id is not None:
        raise Conflict("already_linked", "您已关联党员身份，无需重复办理。")


def _roster_entries(digest: str) -> sa.Select[Member]:
    """Select the active entries with that number that nobody has been linked to, locked."""
    taken = sa.exists().where(Account.member_id == Member.id)
    return (
        sa.select(Member)
        .where(Member.phone_hash == digest, Member.active, ~taken)
        .order_by(Member.id)
        .with_for_update()
    )


def _assign(session: Session, account: Account, member: Member) -> None:
    account.member_id = member.id
    session.flush()


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
        application.status = LINK_APPLICATION.after(application.status, "renew")
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


def _check(
    session: Session, actor: Actor, application: LinkApplication, part: str, text: str
) -> None:
    """Have a text checked; where no organisation was named, the city's officers answer for it."""
    organization = application.organization
    area_id = organization.area_id if organization else session.scalar(areas.whole_city())
    text_checks.submit(
        session,
        actor,
        kind=kinds.TEXTS,
        subject=application.as_subject,
        part=part,
        area_id=area_id,
        texts=[text],
    )


def _unmatched(then: str, *, ambiguous: bool) -> RosterAmbiguous | RosterNoMatch:
    """Return what to answer: what was found, and what follows."""
    if ambiguous:
        return RosterAmbiguous("roster_ambiguous", f"有多名党员登记了这个手机号，{then}")
    return RosterNoMatch("roster_no_match", f"党员名册中没有这个手机号，{then}")


def applications(
    actor: Actor,
    *,
    organization_id: int | None = None,
    status: LinkApplicationStatus | None = None,
    decidable: bool = False,
) -> sa.Select[LinkApplication]:
    """Select the applications the actor may see."""
    statement = _columns(actor).where(policy.visible(actor))
    if decidable:
        statement = statement.where(sa.or_(policy.nameable(actor), policy.confirmable(actor)))
    if organization_id is not None:
        statement = statement.where(LinkApplication.organization_id == organization_id)
    if status is not None:
        statement = statement.where(LinkApplication.status == status)
    return statement


def _columns(actor: Actor) -> sa.Select[LinkApplication]:
    """Select applications with what the actor may do to them."""
    own_withheld = withheld.of(LinkApplication.__tablename__, LinkApplication.id)
    office = members.holds_office(LinkApplication.member_id)
    return sa.select(LinkApplication).options(
        joinedload(LinkApplication.organization),
        joinedload(LinkApplication.member).joinedload(Member.branch),
        with_expression(LinkApplication.withheld, own_withheld),
        with_expression(LinkApplication.nameable, policy.nameable(actor)),
        with_expression(LinkApplication.confirmable, policy.confirmable(actor)),
        with_expression(LinkApplication.holds_office, office),
    )


def approve(
    session: Session, *, actor: Actor, application_id: int, member_id: int
) -> LinkApplication:
    """Say which free entry of the own roster the applicant is.

    An entry with the applicant's number is linked at once. Any other waits for a second person:
    one alone could otherwise put an account of theirs into anybody's place.
    """
    application = _decidable(session, actor, application_id)
    said = (application.decided_by or application.named_by, application.member_id)
    if application.status in _SAID and said == (actor.account_id, member_id):
        return application
    after = LINK_APPLICATION.after(application.status, "name")
    member = _free_entry(session, member_id)
    if member is None or not policy.may_assign(actor, member):
        raise Invalid("member_id", "只能关联本支部名册中的党员。")
    application.member_id = member.id
    if member.phone_hash == application.phone_hash:
        application.status = LINK_APPLICATION.after(application.status, "approve")
        return _link(session, actor, application, member)
    application.status, application.named_by = after, actor.account_id
    application.named_at = clock.now()
    session.flush()
    audit.record(session, actor, "link_application.named", application, member_id=member.id)
    news.tell_second_persons(session, application, member)
    return _shown(session, actor, application)


_SAID = (LinkApplicationStatus.NAMED, LinkApplicationStatus.APPROVED)


def confirm(
    session: Session, *, actor: Actor, application_id: int, member_id: int
) -> LinkApplication:
    """Link the applicant to the entry somebody else named; the roster takes the new number over.

    Raises Conflict when another entry has been named since, and Forbidden for the first person.
    """
    application = _decidable(session, actor, application_id)
    said = (application.decided_by, application.member_id)
    if application.status is LinkApplicationStatus.APPROVED and said == (
        actor.account_id,
        member_id,
    ):
        return application
    after = LINK_APPLICATION.after(application.status, "confirm")
    if application.member_id != member_id:
        raise Conflict("named_otherwise", "核对的对象已有变化，请刷新后重新查看。")
    member = _free_entry(session, member_id)
    if member is None or not member.active:
        raise Conflict("member_inactive", "该党员已不在名册中，请退回后重新核对。")
    if not _shown(session, actor, application).confirmable:
        raise Forbidden("second_person_needed", _SECOND_PERSON)
    application.status = after
    member.phone_encrypted, member.phone_hash = application.phone_encrypted, application.phone_hash
    return _link(session, actor, application, member)


_SECOND_PERSON = (
    "手机号与名册不一致的，须由另一人复核：支部其他负责人、上级党组织或街道、区、市；"
    "该党员担任职务的，由上级党组织或街道、区、市复核。"
)


def _free_entry(session: Session, member_id: int) -> Member | None:
    """Return a roster entry, locked. Raises Conflict when somebody is linked to it."""
    member = session.get(Member, member_id, with_for_update=True, populate_existing=True)
    if session.scalar(sa.select(sa.exists().where(Account.member_id == member_id))):
        raise Conflict("member_already_linked", "该党员已关联其他微信，请先核实。")
    return member


def _link(
    session: Session, actor: Actor, application: LinkApplication, member: Member
) -> LinkApplication:
    account = session.get_one(Account, application.account_id)
    _refuse_linked(account)
    _assign(session, account, member)
    _decide(session, actor, application, kinds.APPLICATION_APPROVED)
    return _shown(session, actor, application)


def _shown(session: Session, actor: Actor, application: LinkApplication) -> LinkApplication:
    """Return the application as it is for the actor now."""
    session.flush()
    rows = _columns(actor).where(LinkApplication.id == application.id)
    return session.scalars(rows.execution_options(populate_existing=True)).one()


def refuse(session: Session, *, actor: Actor, application_id: int, reason: str) -> LinkApplication:
    """Refuse with a reason; the person may apply again."""
    application = _decidable(session, actor, application_id)
    repeated = application.decided_by == actor.account_id
    if application.status is LinkApplicationStatus.REFUSED and repeated:
        return application
    application.status = LINK_APPLICATION.after(application.status, "refuse")
    application.refusal_reason = reason
    _check(session, actor, application, "refusal_reason", reason)
    _decide(session, actor, application, kinds.APPLICATION_REFUSED)
    return _shown(session, actor, application)


def _decidable(session: Session, actor: Actor, application_id: int) -> LinkApplication:
    """Return the application, locked after its account as `link` locks them, if it exists here."""
    statement = applications(actor).where(LinkApplication.id == application_id)
    application = session.scalars(statement).first()
    if application is None:
        raise NotFound("link_application_not_found", "没有找到这份申请。")
    if not policy.may_decide(actor, application):
        raise Forbidden("not_your_decision", "不能办理本人的申请。")
    _lock_account(session, application.account_id)
    session.refresh(application, with_for_update=True, attribute_names=_STATE)
    return application


_STATE = ["status", "decided_by", "named_by", "member_id", "phone_encrypted", "phone_hash"]


def _decide(session: Session, actor: Actor, application: LinkApplication, kind: NewsKind) -> None:
    application.decided_by, application.decided_at = actor.account_id, clock.now()
    audit.record(session, actor, f"link_application.{application.status}", application)
    news.tell_applicant(session, application, kind)
