"""Who may do what with certificates. Everything not named here is refused."""

import sqlalchemy as sa

from backend.community.certificates.models import ServiceCertificate
from backend.core.actor import Role
from backend.core.asker import Asker
from backend.flows.steps import Party
from backend.people.members import policy as members

_C = ServiceCertificate


def visible(asker: Asker) -> sa.ColumnElement[bool]:
    """Return whether a certificate exists for the asker: the own one, or one of the own community.

    Officers see none: a certificate says what one person did (spec 8.5, D6).
    """
    return sa.or_(
        asker.own(_C.member_id),
        asker.over(_C.community_id, Role.COMMUNITY_SECRETARY),
        _revokes(asker),
    )


def _revokes(asker: Asker) -> sa.ColumnElement[bool]:
    """Return whether the asker may revoke it.

    Never the own, and a secretary's is a deputy's or the street's to revoke.
    """
    return members.decided_by(asker, member_id=_C.member_id, area_id=_C.community_id)


COMMITTEE = Party(
    "community secretary, for the committee",
    _revokes,
    "not_your_decision",
    "只有报到社区可以撤销，且不能撤销本人的证明。",
)
# Replaces what counted time twice.
SYSTEM = Party("system", lambda _asker: sa.false())
