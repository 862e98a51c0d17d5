"""Sign in with WeChat, find oneself on the roster by phone number, else ask the secretary."""

from typing import NoReturn

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, with_expression

from backend.areas import service as areas
from backend.audit import service as audit
from backend.core import clock
from backend.core.actor import Actor, Role
from backend.core.crypto import Crypto
from backend.core.errors import Conflict, Forbidden, Invalid, NotFound
from backend.members import queries as members
from backend.members import service as accounts
from backend.members.models import Account, Member
from backend.members.service import IssuedSession
from backend.notifications import service as notifications
from backend.notifications.models import NotificationKind
from backend.notifications.service import News
from backend.onboarding import policy
from backend.onboarding.models import (
    LinkApplication,
    LinkApplicationReason,
    LinkApplicationStatus,
)
from backend.onboarding.states import LINK_APPLICATION
from backend.organizations.models import Organization
from backend.text_checks import service as text_checks
from backend.text_checks import withheld


class RosterNoMatch(NotFound):
    """The number is on no roster entry; the application that was made stays."""

    keeps = True


class RosterAmbiguous(Conflict):
    """The number is on several roster entries; the application that was made stays."""

    keeps = True


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
    digest = keys.lookup(phone, purpose="member.phone")
    found = session.scalars(_roster_entries(digest)).all()
    if len(found) != 1:
        application = _apply(
            session, keys, account, phone, name, organization, ambiguous=bool(found)
        )
        _check(session, actor, application, "applicant_name", name)
        _answer(application)
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
            LinkApplication.account_id == account.id,
            LinkApplication.status == LinkApplicationStatus.SUBMITTED,
        )
    ).first() or LinkApplication(account_id=account.id, status=LinkApplicationStatus.SUBMITTED)
    application.reason = (
        LinkApplicationReason.AMBIGUOUS if ambiguous else LinkApplicationReason.NO_MATCH
    )
    application.applicant_name, application.organization = name, organization
    application.phone_encrypted = keys.encrypt(phone, purpose="member.phone")
    application.phone_hash = keys.lookup(phone, purpose="member.phone")
    application.phone_tail = phone[-4:]
    session.add(application)
    session.flush()
    audit.record(session, None, "link_application.submitted", application)
    _tell_secretaries(session, application)
    return application


def _check(
    session: Session, actor: Actor, application: LinkApplication, part: str, text: str
) -> None:
    """Have a text checked; where no organisation was named, the city's officers answer for it."""
    organization = application.organization
    area_id = organization.area_id if organization else session.scalar(areas.whole_city())
    text_checks.submit(
        session,
        actor,
        subject=application.as_subject,
        part=part,
        area_id=area_id,
        texts=[text],
    )


def _answer(application: LinkApplication) -> NoReturn:
    if application.reason is LinkApplicationReason.AMBIGUOUS:
        raise RosterAmbiguous(
            "roster_ambiguous", "有多名党员登记了这个手机号，已转党支部书记核实，请等待通知。"
        )
    raise RosterNoMatch(
        "roster_no_match", "党员名册中没有这个手机号，已转党支部书记核实，请等待通知。"
    )


def _tell_secretaries(session: Session, application: LinkApplication) -> None:
    if application.organization_id is None:
        return  # nobody in particular is asked; it stands in every secretary's queue
    notifications.notify(
        session,
        members.holders(Role.BRANCH_SECRETARY, organization_id=application.organization_id),
        News(
            NotificationKind.LINK_APPLICATION_SUBMITTED,
            str(application.id),
            "有新的身份关联申请",
            "有人申请关联本支部党员身份，请核实。",
            application.as_subject,
        ),
    )


def applications(
    actor: Actor,
    *,
    organization_id: int | None = None,
    status: LinkApplicationStatus | None = None,
) -> sa.Select[LinkApplication]:
    """Select the applications the actor may see."""
    statement = (
        sa.select(LinkApplication)
        .where(policy.visible(actor))
        .options(
            joinedload(LinkApplication.organization),
            joinedload(LinkApplication.member),
            with_expression(
                LinkApplication.withheld,
                withheld.of(LinkApplication.__tablename__, LinkApplication.id),
            ),
        )
    )
    if organization_id is not None:
        statement = statement.where(LinkApplication.organization_id == organization_id)
    if status is not None:
        statement = statement.where(LinkApplication.status == status)
    return statement


def approve(
    session: Session, *, actor: Actor, application_id: int, member_id: int
) -> LinkApplication:
    """Link the applicant to a free entry of the secretary's own roster, with the new number."""
    application = _decidable(session, actor, application_id)
    repeated = (application.decided_by, application.member_id) == (actor.account_id, member_id)
    if application.status is LinkApplicationStatus.APPROVED and repeated:
        return application
    application.status = LINK_APPLICATION.after(application.status, "approve")
    member = session.get(Member, member_id, with_for_update=True)
    if member is None or not policy.may_assign(actor, member):
        raise Invalid("member_id", "只能关联本支部名册中的党员。")
    if session.scalar(sa.select(sa.exists().where(Account.member_id == member_id))):
        raise Conflict("member_already_linked", "该党员已关联其他微信，请先核实。")
    account = session.get_one(Account, application.account_id)
    _refuse_linked(account)
    _assign(session, account, member)
    member.phone_encrypted, member.phone_hash = application.phone_encrypted, application.phone_hash
    application.member_id = member.id
    _decide(session, actor, application, NotificationKind.LINK_APPLICATION_APPROVED)
    return application


def refuse(session: Session, *, actor: Actor, application_id: int, reason: str) -> LinkApplication:
    """Refuse with a reason; the person may apply again."""
    application = _decidable(session, actor, application_id)
    repeated = application.decided_by == actor.account_id
    if application.status is LinkApplicationStatus.REFUSED and repeated:
        return application
    application.status = LINK_APPLICATION.after(application.status, "refuse")
    application.refusal_reason = reason
    _check(session, actor, application, "refusal_reason", reason)
    _decide(session, actor, application, NotificationKind.LINK_APPLICATION_REFUSED)
    return application


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


_STATE = ["status", "decided_by", "member_id", "phone_encrypted", "phone_hash"]


_OUTCOME = {
    NotificationKind.LINK_APPLICATION_APPROVED: ("身份关联已通过", "您的党员身份已核实并关联。"),
    NotificationKind.LINK_APPLICATION_REFUSED: ("身份关联未通过", "请与所在党支部联系核实。"),
}


def _decide(
    session: Session, actor: Actor, application: LinkApplication, kind: NotificationKind
) -> None:
    application.decided_by, application.decided_at = actor.account_id, clock.now()
    audit.record(session, actor, f"link_application.{application.status}", application)
    title, text = _OUTCOME[kind]
    subject = application.as_subject
    notifications.notify_account(
        session, application.account_id, News(kind, str(application.id), title, text, subject)
    )
