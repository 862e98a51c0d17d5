"""Questions about organisations as those who keep them see them."""

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload, with_expression

from backend.branch_life.meetings.models import Meeting, MeetingStatus
from backend.core.actor import Actor
from backend.core.finding import found_by
from backend.people.areas.models import Area
from backend.people.areas.service import below, id_of
from backend.people.members.models import Member, Position
from backend.people.organizations.models import Organization, OrganizationKind
from backend.rosters import policy

_Parent, _Below = aliased(Organization), aliased(Organization)
_LASTS = Organization.dissolved_on.is_(None)


def shown() -> sa.Select[Organization]:
    """Select organisations but groups, which their branch keeps, with where they lie."""
    return (
        sa.select(Organization)
        .where(Organization.kind != OrganizationKind.GROUP)
        .options(
            joinedload(Organization.area).joinedload(Area.district),
            joinedload(Organization.area).joinedload(Area.township),
            joinedload(Organization.unit),
            with_expression(Organization.has_below, _has_below()),
        )
    )


def _has_below() -> sa.ColumnElement[bool]:
    return sa.exists().where(
        _Below.parent_id == Organization.id,
        _Below.kind != OrganizationKind.GROUP,
        _Below.dissolved_on.is_(None),
    )


def listed(
    actor: Actor,
    *,
    area_code: str | None = None,
    kind: OrganizationKind | None = None,
    parent_id: int | None = None,
    top: bool = False,
    q: str | None = None,
) -> sa.Select[Organization]:
    """Select the organisations there are today that show to the actor; `top`: under none that
    does."""
    statement = shown().where(_LASTS, policy.sees(actor))
    if area_code is not None:
        inside = sa.select(Area.id).where(below([id_of(area_code)]))
        statement = statement.where(Organization.area_id.in_(inside))
    if kind is not None:
        statement = statement.where(Organization.kind == kind)
    if parent_id is not None:
        statement = statement.where(Organization.parent_id == parent_id)
    if top:
        statement = statement.where(sa.not_(_under_one_seen(actor)))
    if q:
        statement = statement.where(found_by(Organization.found_as, Organization.name, q))
    return statement


def _under_one_seen(actor: Actor) -> sa.ColumnElement[bool]:
    seen = sa.select(Organization.id).where(_LASTS, policy.sees(actor)).correlate(None)
    return sa.and_(Organization.parent_id.is_not(None), Organization.parent_id.in_(seen))


def open_to_all(found: sa.Select[Organization]) -> sa.Select[Organization]:
    """Select these with where they lie, as everybody may see them."""
    return shown().where(Organization.id.in_(found.with_only_columns(Organization.id)))


def one(organization_id: int, *conditions: sa.ColumnElement[bool]) -> sa.Select[Organization]:
    return shown().where(Organization.id == organization_id, *conditions)


def subtree(organization: Organization) -> sa.ColumnElement[bool]:
    """Say whether an Organization row is the organisation or lies below it."""
    return Organization.path.op("<@")(sa.cast(organization.path, Organization.path.type))


def members_of(organization_id: int) -> sa.Select[Member]:
    """Select those on its roster, in order of id, locked."""
    return (
        sa.select(Member)
        .where(Member.branch_id == organization_id, Member.active)
        .order_by(Member.id)
        .with_for_update(of=Member)
        .execution_options(populate_existing=True)
    )


def in_group(group_id: int) -> sa.Select[Member]:
    """Select who is in a Party group, in order of id, locked."""
    own = sa.select(Member).where(Member.group_id == group_id).order_by(Member.id)
    return own.with_for_update(of=Member).execution_options(populate_existing=True)


def children(organization_id: int, *kinds: OrganizationKind) -> sa.Select[Organization]:
    """Select the organisations of these kinds below it, but the dissolved; none named: all."""
    found = sa.select(Organization).where(Organization.parent_id == organization_id, _LASTS)
    return (found.where(Organization.kind.in_(kinds)) if kinds else found).order_by(Organization.id)


def open_posts(organization_id: int) -> sa.Select[Position]:
    return sa.select(Position).where(
        Position.organization_id == organization_id, Position.ends_on.is_(None)
    )


def meeting_ahead(organization_id: int) -> sa.Select[bool]:
    """Ask whether it has convened a meeting that is not closed yet."""
    waits = sa.exists().where(
        Meeting.organization_id == organization_id, Meeting.status == MeetingStatus.CONVENED
    )
    return sa.select(waits)


def parent_of(organization: Organization) -> sa.Select[Organization]:
    return sa.select(_Parent).where(_Parent.id == organization.parent_id)


def size(session: Session, organization_id: int) -> int:
    """Return how many are on its roster."""
    own = sa.select(sa.func.count()).where(Member.branch_id == organization_id, Member.active)
    return session.scalar(own) or 0
