"""What a user takes back at WeChat is gone here, too; what the organisation keeps stays."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.accounts.onboarding.models import (
    LinkApplication,
    LinkApplicationReason,
    LinkApplicationStatus,
)
from backend.accounts.privacy import service
from backend.audit.models import AuditEntry
from backend.core.crypto import Crypto
from backend.people.members import service as members
from backend.people.members.models import Account, Consent, LoginSession, Member
from backend.support.notifications.models import Notification
from tests.factories import Make

PHONE = "10000001234"


def applied(
    session: Session, keys: Crypto, account: Account, status: LinkApplicationStatus
) -> LinkApplication:
    row = LinkApplication(
        account_id=account.id,
        status=status,
        reason=LinkApplicationReason.NO_MATCH,
        applicant_name="来客",
        phone_encrypted=keys.encrypt(PHONE, purpose="member.phone"),
        phone_hash=keys.lookup(PHONE, purpose="member.phone"),
        phone_tail=PHONE[-4:],
    )
    session.add(row)
    session.flush()
    return row


def with_phone(session: Session, make: Make, keys: Crypto) -> Member:
    member = make.member()
    member.phone_hash = keys.lookup(PHONE, purpose="member.phone")
    member.phone_encrypted = keys.encrypt(PHONE, purpose="member.phone")
    session.flush()
    return member


def test_the_number_shown_by_wechat_is_erased_wherever_it_came_to(
    session: Session, make: Make, keys: Crypto
) -> None:
    member = with_phone(session, make, keys)
    account = make.account(member)
    decided = applied(session, keys, account, LinkApplicationStatus.APPROVED)
    applied(session, keys, account, LinkApplicationStatus.SUBMITTED)

    service.forget_phone(session, account)

    session.expire_all()
    assert (member.phone_hash, member.phone_encrypted) == (None, None)
    assert (decided.phone_hash, decided.phone_encrypted, decided.phone_tail) == ("", "", "")
    assert session.scalars(sa.select(LinkApplication)).all() == [decided]


def test_the_number_on_the_roster_is_the_branch_s_and_stays(
    session: Session, make: Make, keys: Crypto
) -> None:
    member = with_phone(session, make, keys)

    service.forget_phone(session, make.account(member))

    session.expire_all()
    assert member.phone_hash is not None


def test_whoever_leaves_takes_the_identity_along_and_leaves_the_record(
    session: Session, make: Make, keys: Crypto
) -> None:
    member = with_phone(session, make, keys)
    actor = make.actor(member)
    account = session.get_one(Account, actor.account_id)
    make.consent(actor)
    members.open_session(session, account)
    applied(session, keys, account, LinkApplicationStatus.APPROVED)
    other = make.actor(make.member())

    service.close_account(session, account)

    session.expunge_all()
    for left in (LoginSession, Consent, Notification, LinkApplication):
        assert session.scalars(sa.select(left)).all() == []
    assert session.scalars(sa.select(Account.id)).all() == [other.account_id]
    assert session.get(Member, member.id) is not None
    noted = sa.select(AuditEntry.action).where(AuditEntry.subject == f"account:{actor.account_id}")
    assert "account.closed" in session.scalars(noted).all()
