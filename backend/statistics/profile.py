"""What somebody is in the system: one answer across capabilities, five statements."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from backend.core.actor import Actor
from backend.members import queries as members
from backend.members import service as consents
from backend.members.models import Account, Appointment, Member
from backend.organizations.models import Organization, Unit
from backend.registrations import queries as registrations
from backend.registrations.models import CommunityRegistration


@dataclass(frozen=True)
class ConsentState:
    required: bool
    notice_version: str | None


@dataclass(frozen=True)
class Profile:
    member: Member | None
    branch: Organization | None
    unit: Unit | None
    registration: CommunityRegistration | None
    appointments: Sequence[Appointment]
    consent: ConsentState
    large_type: bool


def of(session: Session, actor: Actor) -> Profile:
    """Return the actor's own profile; an account without a member has the consent part only."""
    notice = consents.current_notice(session)
    consent = ConsentState(not actor.consented, notice.version if notice else None)
    large_type = session.get_one(Account, actor.account_id).large_type
    if actor.member_id is None:
        return Profile(None, None, None, None, (), consent, large_type)
    member = session.scalars(
        sa.select(Member)
        .where(Member.id == actor.member_id)
        .options(joinedload(Member.branch), joinedload(Member.unit))
    ).one()
    return Profile(
        member,
        member.branch,
        member.unit,
        session.scalars(registrations.standing_primary(member.id)).first(),
        session.scalars(members.appointments_in_force(member.id)).all(),
        consent,
        large_type,
    )
