"""What somebody is in the system: one answer across capabilities, one statement or two."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from backend.accounts.appointments import policy as appointments
from backend.community.registrations.models import CommunityRegistration
from backend.community.registrations.queries import is_standing_primary
from backend.core import db
from backend.core.actor import Actor, Post, Role
from backend.core.asker import asked_by
from backend.core.settings import Settings
from backend.people.areas.models import Area
from backend.people.members import phone_sharing
from backend.people.members import queries as members
from backend.people.members.models import Account, Appointment, Consent, Member, Purpose
from backend.people.organizations.models import Organization, Unit
from backend.rosters import policy as rosters
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
    """Of member, branch, unit and registration what the app shows of them."""

    member: dict[str, Any] | None
    branch: dict[str, Any] | None
    unit: dict[str, Any] | None
    registration: dict[str, Any] | None
    # With any community of the city, as a home or besides: what one needs to take part.
    registered: bool
    appointments: Sequence[Appointment]
    posts: Sequence[Post]
    consent: ConsentState
    large_type: bool
    # How an account is called that belongs to no member.
    staff_name: str | None
    # What the actor may begin at a desk.
    may: Sequence[str]
    # The messages the app may ask leave for, of those who agreed to messages at all.
    message_templates: list[Configured]


def _purposes() -> sa.ScalarSelect[Any]:
    """Select what the account agrees to, in order."""
    each = aggregate_order_by(Consent.purpose, Consent.purpose)
    agreed = members.consents_of(Account.id).with_only_columns(sa.func.array_agg(each))
    return agreed.order_by(None).correlate(Account).scalar_subquery()


# What is shown of each of those an account leads to, where it leads there.
_SHOWN: dict[str, dict[str, Any]] = {
    "member": {"id": Member.id, "name": Member.name, "category": Member.category},
    "branch": {"id": Organization.id, "name": Organization.name},
    "unit": {"id": Unit.id, "name": Unit.name},
    "registration": {
        "id": CommunityRegistration.id,
        "status": CommunityRegistration.status,
        "receipt_no": CommunityRegistration.receipt_no,
    },
    "community": {"id": Area.id, "code": Area.code, "name": Area.name},
}
_home = sa.and_(CommunityRegistration.member_id == Member.id, is_standing_primary())
_PROFILE = (
    sa.select(
        Account.large_type,
        Account.name,
        phone_sharing.answered(Account.id),
        members.current_notice_version(),
        _purposes(),
        *(column for shown in _SHOWN.values() for column in shown.values()),
    )
    .outerjoin(Member, sa.and_(Member.id == Account.member_id, Member.active))
    .outerjoin(Organization, Organization.id == Member.branch_id)
    .outerjoin(Unit, Unit.id == Member.unit_id)
    .outerjoin(CommunityRegistration, _home)
    .outerjoin(Area, Area.id == CommunityRegistration.community_id)
    .where(Account.id == sa.bindparam("account_id"))
)


def of(session: Session, settings: Settings, *, actor: Actor) -> Profile:
    """Return the actor's own profile; an account without a member has the consent part only."""
    row = db.read(session, _PROFILE, {"account_id": actor.account_id}).one()
    large_type, staff_name, phone_answered, version, purposes, *values = row
    agreed = [Purpose(purpose) for purpose in purposes or ()]
    shown = _read(values)
    if shown["registration"]:
        shown["registration"]["community"] = shown["community"]
    return Profile(
        member=shown["member"],
        branch=shown["branch"],
        unit=shown["unit"],
        registration=shown["registration"],
        registered=actor.registered,
        appointments=_appointments(session, actor),
        posts=actor.posts,
        consent=ConsentState(not actor.consented, version, agreed, phone_answered),
        large_type=large_type,
        staff_name=staff_name,
        may=_may(actor),
        message_templates=all_configured(settings) if _wants_messages(agreed) else [],
    )


def _may(actor: Actor) -> list[str]:
    """Return what the actor may begin at a desk, beside what each thing says one may do."""
    roles = {grant.role for grant in actor.grants}
    proposing = ["proposing"] if roles.intersection(appointments.GRANTING) else []
    opening = ["opening"] if Role.SECURITY_ADMINISTRATOR in roles else []
    return [*rosters.may_begin(actor), *proposing, *opening]


def _read(values: Sequence[Any]) -> dict[str, dict[str, Any] | None]:
    """Put the values of a row together as `_SHOWN` names them; None where there was no row."""
    given = iter(values)
    found = {}
    for kind, names in _SHOWN.items():
        shown = {name: next(given) for name in names}
        found[kind] = None if shown["id"] is None else shown
    return found


def _wants_messages(agreed: list[Purpose]) -> bool:
    return Purpose.SUBSCRIPTION_MESSAGES in agreed


def _appointments(session: Session, actor: Actor) -> Sequence[Appointment]:
    if not actor.grants:
        return ()
    return session.scalars(members.OFFICES, asked_by(actor)).all()
