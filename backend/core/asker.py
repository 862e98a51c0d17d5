"""Who asks, for statements that are built once and told with each execution who it is.

An `Asker` is what of an actor shapes a statement: whether a roster entry is linked, which roles
and posts are held. Who exactly it is, and over what, are the parameters that go with the
execution (`asked_by`). Two of one shape share the statement, and a condition on a role somebody
does not hold is not in it, so that the database need not plan for it.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from backend.core.actor import Actor, PositionKind, Role

Column = sa.SQLColumnExpression[Any]
_IDS = postgresql.ARRAY(sa.BigInteger())
ACCOUNT = sa.bindparam("asker_account", type_=sa.BigInteger())
MEMBER = sa.bindparam("asker_member", type_=sa.BigInteger())
BRANCH = sa.bindparam("asker_branch", type_=sa.BigInteger())


def _ids(scope: str, of: Role | PositionKind) -> sa.BindParameter[Any]:
    return sa.bindparam(f"asker_{scope}_{of}", type_=_IDS)


@dataclass(frozen=True)
class Asker:
    """The shape of an actor. Each method answers with a condition on rows, `false` where the actor
    lacks what is compared: nothing is anybody's own while no roster entry is linked."""

    linked: bool
    roles: frozenset[Role]
    posts: frozenset[PositionKind] = frozenset()

    def own(self, column: Column) -> sa.ColumnElement[bool]:
        """Return whether a row names the asker as member."""
        return column == MEMBER if self.linked else sa.false()

    def anothers(self, column: Column) -> sa.ColumnElement[bool]:
        """Return whether a row does not name the asker: also one that names nobody."""
        return column.is_distinct_from(MEMBER) if self.linked else sa.true()

    def belongs(self, branch_id: Column) -> sa.ColumnElement[bool]:
        """Return whether a row's branch is the one to which the asker belongs."""
        return branch_id == BRANCH if self.linked else sa.false()

    def over(self, area_id: Column, *roles: Role) -> sa.ColumnElement[bool]:
        """Return whether a row's area is one over which the asker holds one of `roles`."""
        return self._among(area_id, "areas", self.roles.intersection(roles))

    def leads(self, organization_id: Column, *roles: Role) -> sa.ColumnElement[bool]:
        """Return whether a row's organisation is one over which the asker holds one of `roles`."""
        return self._among(organization_id, "organizations", self.roles.intersection(roles))

    def contacts(self, unit_id: Column) -> sa.ColumnElement[bool]:
        """Return whether a row's unit is one whose contact the asker is."""
        return self._among(unit_id, "units", self.roles.intersection({Role.UNIT_CONTACT}))

    def serves(self, organization_id: Column, *kinds: PositionKind) -> sa.ColumnElement[bool]:
        """Return whether a row's branch or group is one in which the asker holds such a post."""
        return self._among(organization_id, "posts", self.posts.intersection(kinds))

    def _among(self, column: Column, scope: str, held: "frozenset[Any]") -> sa.ColumnElement[bool]:
        return sa.or_(sa.false(), *(column == sa.any_(_ids(scope, of)) for of in sorted(held)))


def asker_of(actor: Actor) -> Asker:
    """Return the shape of an actor."""
    return Asker(
        actor.member_id is not None,
        frozenset(grant.role for grant in actor.grants),
        frozenset(post.kind for post in actor.posts),
    )


def asked_by(actor: Actor) -> dict[str, Any]:
    """Return the parameters of a statement that was built for the shape of this actor."""
    told: dict[str, Any] = {
        ACCOUNT.key: actor.account_id,
        MEMBER.key: actor.member_id,
        BRANCH.key: actor.branch_id,
    }
    for grant in actor.grants:
        for scope, id_ in (
            ("areas", grant.area_id),
            ("organizations", grant.organization_id),
            ("units", grant.unit_id),
        ):
            ids = told.setdefault(_ids(scope, grant.role).key, [])
            if id_ is not None:
                ids.append(id_)
    for post in actor.posts:
        told.setdefault(_ids("posts", post.kind).key, []).append(post.organization_id)
    return told
