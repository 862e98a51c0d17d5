"""Questions about registered members and invitations."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload, with_expression
from sqlalchemy.orm.strategy_options import _AbstractLoad

from backend.community.claims.models import LIVE, ProjectClaim
from backend.community.invitations import policy
from backend.community.invitations.models import Invitation
from backend.community.projects.models import ServiceProject
from backend.community.registrations import queries as registrations
from backend.community.registrations.models import CommunityRegistration
from backend.community.volunteering import occasions
from backend.community.volunteering import queries as volunteering
from backend.community.volunteering.activities import queries as activities
from backend.community.volunteering.activities.models import Activity, ActivitySignUp
from backend.community.volunteering.models import ServiceRecord
from backend.core import clock
from backend.core.actor import Actor
from backend.people.areas import service as areas
from backend.people.members import phone_sharing
from backend.people.members import queries as members
from backend.people.members.models import Member
from backend.support.text_checks import withheld


def registered(
    actor: Actor,
    *,
    community_code: str | None = None,
    q: str | None = None,
    offer: str | None = None,
    available: str | None = None,
) -> sa.Select[CommunityRegistration]:
    """Select who may be invited: by name, by skill or interest, by when there is time."""
    row = CommunityRegistration
    statement = registrations.shown().where(policy.findable(actor))
    if community_code is not None:
        statement = statement.where(row.community_id == areas.id_of(community_code))
    if q is not None:
        statement = statement.where(row.member_id.in_(members.meant_by(q)))
    if offer is not None:
        offered = sa.func.array_to_string(row.skills + row.interests, "\n")
        statement = statement.where(offered.contains(offer, autoescape=True))
    if available is not None:
        statement = statement.where(row.availability.contains(available, autoescape=True))
    return statement


@dataclass(frozen=True)
class Services:
    """What somebody did in one community, as confirmed; no measure of anybody."""

    count: int = 0
    minutes: int = 0
    last_on: date | None = None


def services(
    session: Session, registrations: Iterable[CommunityRegistration]
) -> dict[tuple[int, int | None], Services]:
    """Return what each did in the very community where the registration stands."""
    places = {(one.member_id, one.community_id) for one in registrations}
    row = ServiceRecord
    standing = sa.select(row).where(
        sa.tuple_(row.member_id, row.community_id).in_(places), volunteering.STANDS
    )
    done: dict[tuple[int, int | None], list[ServiceRecord]] = {}
    for record in session.scalars(standing):
        done.setdefault((record.member_id, record.community_id), []).append(record)
    return {place: _together(records) for place, records in done.items()}


def _together(records: Sequence[ServiceRecord]) -> Services:
    """Count an hour once, as the ledger and the certificates do."""
    shares = occasions.share(records)
    return Services(
        count=sum(share.is_first for share in shares),
        minutes=sum(share.minutes for share in shares),
        last_on=clock.local_date(max(record.started_at for record in records)),
    )


def sharing_phones(registrations: Iterable[CommunityRegistration]) -> sa.Select[int]:
    """Select, of these, the members who let the community see their number."""
    ids = [one.member_id for one in registrations]
    return sa.select(Member.id).where(Member.id.in_(ids), phone_sharing.shared_by(Member.id))


def to_thing(activity_id: int | None, project_id: int | None) -> sa.Select[Invitation]:
    """Select the invitations to one activity or project."""
    same = (
        Invitation.activity_id == activity_id
        if activity_id is not None
        else Invitation.project_id == project_id
    )
    return sa.select(Invitation).where(same)


def unanswered(activity_id: int) -> sa.Select[int]:
    """Select the members who were invited to an activity, did not decline and do not take part."""
    return sa.select(Invitation.member_id).where(
        Invitation.activity_id == activity_id,
        Invitation.declined_at.is_(None),
        Invitation.member_id.not_in(taking_part(activity_id, None)),
    )


def taking_part(activity_id: int | None, project_id: int | None) -> sa.Select[int]:
    """Select the members who need not be asked: they have signed up, wait, were there without
    either, or claim already."""
    if activity_id is not None:
        signed_up = activities.members_signed_up(ActivitySignUp.activity_id == activity_id)
        there = activities.members_present(activity_id)
        return sa.select(Member.id).where(sa.or_(Member.id.in_(signed_up), Member.id.in_(there)))
    return sa.select(ProjectClaim.member_id).where(
        ProjectClaim.project_id == project_id,
        ProjectClaim.unit_id.is_(None),
        ProjectClaim.status.in_(LIVE),
    )


def sent_today() -> sa.Select[int]:
    """Count what was sent since midnight."""
    begin = datetime.combine(clock.today(), time.min, clock.SHANGHAI)
    return sa.select(sa.func.count(Invitation.id)).where(Invitation.sent_at >= begin)


def _checked(kind: type[Activity] | type[ServiceProject]) -> _AbstractLoad:
    return with_expression(kind.withheld, withheld.of(kind.__tablename__, kind.id))


def shown(actor: Actor) -> sa.Select[Invitation]:
    """Select the actor's own invitations with what they are to."""
    return (
        sa.select(Invitation)
        .outerjoin(Invitation.activity)
        .outerjoin(Invitation.project)
        .where(policy.own(actor))
        .options(
            joinedload(Invitation.community),
            contains_eager(Invitation.activity).options(_checked(Activity)),
            contains_eager(Invitation.project).options(_checked(ServiceProject)),
        )
    )
