"""What somebody is in the system: one answer across capabilities, six statements."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from backend.community.registrations import queries as registrations
from backend.community.registrations.models import CommunityRegistration
from backend.core.actor import Actor, Post
from backend.core.settings import Settings
from backend.people.members import phone_sharing
from backend.people.members import queries as members
from backend.people.members import service as consents
from backend.people.members.models import Account, Appointment, Member, Purpose
from backend.people.organizations.models import Organization, Unit
from backend.support.notifications.templates import Configured, all_configured


@dataclass(frozen=True)
class ConsentState:
    required: bool
    notice_version: str | None
    purposes: list[Purpose]
    # Whether the community may see the number: answered with yes or no.
    phone_answered: bool


@dataclass(frozen=True)
class Profile:
    member: Member | None
    branch: Organization | None
    unit: Unit | None
    registration: CommunityRegistration | None
    # With any community of the city, as a home or besides: what one needs to take part.
    registered: bool
    appointments: Sequence[Appointment]
    posts: Sequence[Post]
    consent: ConsentState
    large_type: bool
    # The messages the app may ask leave for, of those who agreed to messages at all.
    message_templates: list[Configured]


def of(session: Session, settings: Settings, *, actor: Actor) -> Profile:
    """Return the actor's own profile; an account without a member has the consent part only."""
    notice = consents.current_notice(session)
    agreed = [consent.purpose for consent in consents.consents(session, actor.account_id)]
    account, phone_answered = session.execute(_account(actor.account_id)).one()
    version = notice.version if notice else None
    member = None if actor.member_id is None else account.member
    return Profile(
        member=member,
        branch=member.branch if member else None,
        unit=member.unit if member else None,
        registration=_registration(session, member),
        registered=actor.registered,
        appointments=_appointments(session, member),
        posts=actor.posts,
        consent=ConsentState(not actor.consented, version, agreed, phone_answered),
        large_type=account.large_type,
        message_templates=all_configured(settings) if _wants_messages(agreed) else [],
    )


def _wants_messages(agreed: list[Purpose]) -> bool:
    return Purpose.SUBSCRIPTION_MESSAGES in agreed


def _registration(session: Session, member: Member | None) -> CommunityRegistration | None:
    if member is None:
        return None
    return session.scalars(registrations.standing_primary(member.id)).first()


def _appointments(session: Session, member: Member | None) -> Sequence[Appointment]:
    if member is None:
        return ()
    return session.scalars(members.appointments_in_force(member.id)).all()


def _account(account_id: int) -> sa.Select[*tuple[Account, bool]]:
    """Select the account with who it is and whether it was asked, in one statement."""
    member = joinedload(Account.member)
    return (
        sa.select(Account, phone_sharing.answered(Account.id))
        .where(Account.id == account_id)
        .options(member.joinedload(Member.branch), member.joinedload(Member.unit))
    )
