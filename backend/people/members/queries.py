"""Questions about accounts, sessions and appointments."""

from functools import cache
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, aliased, joinedload, with_expression

from backend.core import wording
from backend.core.actor import OFFICERS, PositionKind, Role
from backend.core.asker import ACCOUNT, MEMBER
from backend.core.db import TODAY
from backend.core.finding import found_by
from backend.core.own import is_own
from backend.people.areas.models import Area
from backend.people.members.models import (
    Account,
    Appointment,
    AppointmentStatus,
    Consent,
    LoginSession,
    Member,
    Position,
    PrivacyNotice,
)
from backend.people.organizations.models import Organization

_Led = aliased(Member)
# Who holds an appointment that is `in_force`: that says it is a member.
HOLDER = cast("InstrumentedAttribute[int]", Appointment.member_id)


@cache
def current_notice() -> sa.Select[PrivacyNotice]:
    return (
        sa.select(PrivacyNotice)
        .order_by(PrivacyNotice.published_at.desc(), PrivacyNotice.version.desc())
        .limit(1)
    )


@cache
def current_notice_version() -> sa.ScalarSelect[str]:
    return current_notice().with_only_columns(PrivacyNotice.version).scalar_subquery()


def sessions_beyond(account_id: int, most: int) -> sa.Delete:
    """Delete an account's oldest sessions but `most`."""
    mine = sa.select(LoginSession.id).where(LoginSession.account_id == account_id)
    old = mine.order_by(LoginSession.id.desc()).offset(most)
    return sa.delete(LoginSession).where(LoginSession.id.in_(old))


def account_by_openid_hash(digest: str) -> sa.Select[Account]:
    return (
        sa.select(Account).where(Account.openid_hash == digest).options(joinedload(Account.member))
    )


def account_of_member(member_id: int) -> sa.Select[Account]:
    return sa.select(Account).where(Account.member_id == member_id)


def in_term(row: Any) -> sa.ColumnElement[bool]:
    """Return whether an appointment is approved and its term covers the day on which the statement
    runs.

    `row`: the model, an alias of it or the columns of its table.
    """
    return sa.and_(
        row.status == AppointmentStatus.APPROVED,
        row.starts_on <= TODAY,
        sa.or_(row.ends_on.is_(None), row.ends_on >= TODAY),
    )


@cache
def in_force(row: type[Appointment] = Appointment) -> sa.ColumnElement[bool]:
    """Say whether an appointment is approved, its term covers the day on which the statement runs
    and an active member holds it."""
    holder = aliased(Member)
    return sa.and_(in_term(row), sa.exists().where(holder.id == row.member_id, holder.active))


# The appointments in force of who asks, a member or an account that belongs to none, with what they
# are held over. It is executed with `asked_by`.
OFFICES = (
    sa.select(Appointment)
    .where(
        sa.or_(
            sa.and_(Appointment.member_id == MEMBER, in_force()),
            sa.and_(Appointment.account_id == ACCOUNT, in_term(Appointment)),
        )
    )
    .options(
        joinedload(Appointment.area),
        joinedload(Appointment.organization),
        joinedload(Appointment.unit),
    )
    .order_by(Appointment.id)
)


def holders(role: Role, *, area_id: int | None = None, organization_id: int | None = None,
            unit_id: int | None = None) -> sa.Select[int]:  # fmt: skip
    """Select the ids of the members who hold `role` today over the one scope given; nobody holds
    one over what a row does not have, like the street of a community that lies in none."""
    scope = sa.or_(
        is_own(Appointment.area_id, area_id),
        is_own(Appointment.organization_id, organization_id),
        is_own(Appointment.unit_id, unit_id),
    )
    return sa.select(HOLDER).where(Appointment.role == role, scope, in_force())


def deciders(community: Area, member_id: int) -> sa.Select[int]:
    """Select who decides about a member at a community: its secretaries, and where the member is
    one of them the officers of the street; for a larger area, where organisations may lie, its own
    officers; never the member (spec 3.5)."""
    holding = holders(Role.COMMUNITY_SECRETARY, area_id=community.id).correlate(None)
    secretaries = sa.and_(
        Appointment.role.in_((Role.COMMUNITY_SECRETARY, *OFFICERS)),
        Appointment.area_id == community.id,
    )
    street = sa.and_(
        Appointment.role == Role.STREET_OFFICER,
        Appointment.area_id == community.township_id,
        sa.literal(member_id).in_(holding),
    )
    return sa.select(HOLDER).where(
        in_force(), Appointment.member_id != member_id, sa.or_(secretaries, street)
    )


@cache
def holds(
    role: Role,
    *,
    member_id: InstrumentedAttribute[int] | InstrumentedAttribute[int | None],
    area_id: InstrumentedAttribute[int] | InstrumentedAttribute[int | None],
) -> sa.ColumnElement[bool]:
    """Say whether the member of a row holds `role` today over the area of that row."""
    return sa.exists().where(
        Appointment.member_id == member_id,
        Appointment.role == role,
        Appointment.area_id == area_id,
        in_force(),
    )


def holds_office(
    member_id: InstrumentedAttribute[int] | InstrumentedAttribute[int | None],
) -> sa.ColumnElement[bool]:
    """Say whether an appointment is in force for a member, or may come to be, or a post is held."""
    posts = sa.exists().where(Position.member_id == member_id, Position.ends_on.is_(None))
    appointed = sa.exists().where(
        Appointment.member_id == member_id,
        Appointment.status.in_((AppointmentStatus.PROPOSED, AppointmentStatus.APPROVED)),
        sa.or_(Appointment.ends_on.is_(None), Appointment.ends_on >= TODAY),
    )
    return sa.or_(posts, appointed)


def leads_own_branch(
    member_id: InstrumentedAttribute[int] | sa.BindParameter[int],
) -> sa.ColumnElement[bool]:
    """Say whether a member is a secretary of the own branch today."""
    return sa.exists().where(
        Appointment.member_id == member_id,
        Appointment.role == Role.BRANCH_SECRETARY,
        _Led.id == Appointment.member_id,
        Appointment.organization_id == _Led.branch_id,
        in_force(),
    )


def judges(member: Member) -> sa.Select[int]:
    """Select who judges about a member for the home branch: its other secretaries, and about a
    secretary those of the organisation above."""
    above = sa.select(Organization.parent_id).where(
        Organization.id == member.branch_id, leads_own_branch(sa.literal(member.id))
    )
    led = sa.or_(
        Appointment.organization_id == member.branch_id,
        Appointment.organization_id.in_(above),
    )
    return sa.select(HOLDER).where(
        Appointment.role == Role.BRANCH_SECRETARY,
        led,
        in_force(),
        Appointment.member_id != member.id,
    )


def active_members_of(branch_id: int) -> sa.Select[Member]:
    """Select the members affiliated to a branch, in order of id."""
    return sa.select(Member).where(Member.branch_id == branch_id, Member.active).order_by(Member.id)


COMMITTEE = (
    PositionKind.SECRETARY,
    PositionKind.DEPUTY_SECRETARY,
    PositionKind.COMMITTEE_MEMBER,
)


def open_positions(organization_id: int, *kinds: PositionKind) -> sa.Select[Position]:
    """Select who holds such a post in a branch or group today, in the order of taking it."""
    return (
        sa.select(Position)
        .where(
            Position.organization_id == organization_id,
            Position.kind.in_(kinds),
            Position.ends_on.is_(None),
        )
        .order_by(Position.id)
    )


def deputies_of(branch_id: int) -> sa.Select[int]:
    """Select the ids of a branch's deputy secretaries."""
    posts = open_positions(branch_id, PositionKind.DEPUTY_SECRETARY).order_by(None)
    return (
        posts.join(Position.member)
        .where(Member.active, Member.branch_id == branch_id)
        .with_only_columns(Position.member_id)
    )


def roster(branch_id: int) -> sa.Select[Member]:
    """Select a branch's roster with, as `linked`, whether somebody has claimed the entry."""
    linked = sa.exists().where(Account.member_id == Member.id)
    return active_members_of(branch_id).options(with_expression(Member.linked, linked))


def roster_entries(name: str, phone_hash: str) -> sa.Select[Member]:
    """Select whoever is on the roster under this name, in whatever spelling, and number."""
    return (
        sa.select(Member)
        .where(Member.phone_hash == phone_hash, named(name), Member.active)
        .order_by(Member.id)
    )


def named(name: str) -> sa.ColumnElement[bool]:
    """Say whether a member has this name, however either of them is spelled."""
    return wording.sought(Member.name) == wording.key(name)


def name_of(member_id: sa.SQLColumnExpression[Any]) -> sa.ScalarSelect[str]:
    """Select a member's name, for a statement that shows nothing else of them."""
    return sa.select(Member.name).where(Member.id == member_id).scalar_subquery()


def meant_by(q: str) -> sa.Select[int]:
    """Select the ids of the members whom `q` means, by a part of the name or how it reads."""
    return sa.select(Member.id).where(found_by(Member.found_as, Member.name, q))


def consents_of(account_id: int | InstrumentedAttribute[int]) -> sa.Select[Consent]:
    """Select what an account agrees to under the current notice."""
    version = current_notice_version()
    return (
        sa.select(Consent)
        .where(
            Consent.account_id == account_id,
            Consent.notice_version == version,
            Consent.withdrawn_at.is_(None),
        )
        .order_by(Consent.purpose)
    )
