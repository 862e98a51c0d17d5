"""Who acts, and in which scope: plain values that every layer may read."""

import enum
from dataclasses import dataclass, field
from datetime import UTC, datetime

from backend.core.errors import Forbidden


class Role(enum.StrEnum):
    COMMUNITY_SECRETARY = "community_secretary"
    BRANCH_SECRETARY = "branch_secretary"
    UNIT_CONTACT = "unit_contact"
    STREET_OFFICER = "street_officer"
    DISTRICT_OFFICER = "district_officer"
    CITY_OFFICER = "city_officer"
    GRID_WORKER = "grid_worker"
    # The three administrators: exclusive of each other, and of business data (spec 8.5).
    SYSTEM_ADMINISTRATOR = "system_administrator"
    SECURITY_ADMINISTRATOR = "security_administrator"
    AUDIT_ADMINISTRATOR = "audit_administrator"


class PositionKind(enum.StrEnum):
    """Posts within a branch; a group leader's is held in the group."""

    SECRETARY = "secretary"
    DEPUTY_SECRETARY = "deputy_secretary"
    COMMITTEE_MEMBER = "committee_member"
    GROUP_LEADER = "group_leader"


# The officers, from the smallest territory to the largest.
OFFICERS = (Role.STREET_OFFICER, Role.DISTRICT_OFFICER, Role.CITY_OFFICER)
ADMINISTRATORS = (
    Role.SYSTEM_ADMINISTRATOR,
    Role.SECURITY_ADMINISTRATOR,
    Role.AUDIT_ADMINISTRATOR,
)


# Stands for the moment of what has not happened.
NEVER = datetime(2000, 1, 1, tzinfo=UTC)


class SessionKind(enum.StrEnum):
    """By what somebody is signed in: the app, a console they scanned, name and password there."""

    PHONE = "phone"
    CONSOLE = "console"
    STAFF = "staff"


@dataclass(frozen=True)
class Grant:
    """One appointment in force today: a role over exactly one area, organisation or unit."""

    role: Role
    area_id: int | None = None
    organization_id: int | None = None
    unit_id: int | None = None


@dataclass(frozen=True)
class Post:
    """A post held today in a branch or a Party group."""

    kind: PositionKind
    organization_id: int


@dataclass(frozen=True)
class Actor:
    """A signed-in account. The member's fields are None until a roster entry is linked."""

    account_id: int
    member_id: int | None = None
    branch_id: int | None = None
    unit_id: int | None = None
    community_id: int | None = None
    also_in: tuple[int, ...] = ()
    consented: bool = False
    grants: tuple[Grant, ...] = field(default=())
    posts: tuple[Post, ...] = ()
    via: SessionKind = SessionKind.PHONE
    # When it was last proven that it is they who sit at a console.
    proven_at: datetime = NEVER

    @property
    def administers(self) -> bool:
        """Whether the actor is one of the three administrators, and so nothing else."""
        return any(grant.role in ADMINISTRATORS for grant in self.grants)

    def as_member(self) -> int:
        """Return the member's id; raises Forbidden when no roster entry is linked yet."""
        if self.member_id is None:
            raise Forbidden("member_link_required", "请先关联党员身份，再使用此功能。")
        return self.member_id

    @property
    def registered(self) -> bool:
        """Whether the member is registered with a community of the city, as a home or besides."""
        return self.community_id is not None or bool(self.also_in)

    def areas(self, *roles: Role) -> frozenset[int]:
        """Return the ids of the areas over which the actor holds one of `roles`."""
        return frozenset(g.area_id for g in self.grants if g.role in roles and g.area_id)

    def organizations(self, *roles: Role) -> frozenset[int]:
        """Return the ids of the organisations over which the actor holds one of `roles`."""
        return frozenset(
            g.organization_id for g in self.grants if g.role in roles and g.organization_id
        )

    def units(self, *roles: Role) -> frozenset[int]:
        """Return the ids of the units over which the actor holds one of `roles`."""
        return frozenset(g.unit_id for g in self.grants if g.role in roles and g.unit_id)

    def serves(self, *kinds: PositionKind) -> frozenset[int]:
        """Return the ids of the branches or groups in which the actor holds one of the posts."""
        return frozenset(post.organization_id for post in self.posts if post.kind in kinds)
