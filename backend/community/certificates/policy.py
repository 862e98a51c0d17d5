"""Who may do what with certificates. Everything not named here is refused."""

import sqlalchemy as sa

from backend.community.certificates.models import ServiceCertificate
from backend.core.actor import Actor, Role
from backend.core.own import is_own
from backend.people.members import policy as members


def visible(actor: Actor) -> sa.ColumnElement[bool]:
    """Whether a certificate exists for the actor: the own one, or one of the own community.

    Officers see none: a certificate says what one person did (spec 8.5, D6).
    """
    return sa.or_(
        is_own(ServiceCertificate.member_id, actor.member_id),
        ServiceCertificate.community_id.in_(actor.areas(Role.COMMUNITY_SECRETARY)),
        revocable(actor),
    )


def revocable(actor: Actor) -> sa.ColumnElement[bool]:
    """Whether the actor may revoke for the committee: never the own, and a secretary's is a
    deputy's or the street's to revoke."""
    return members.decides(
        actor,
        member_id=ServiceCertificate.member_id,
        area_id=ServiceCertificate.community_id,
    )
