"""The lists in which an actor finds certificates. They are executed with `asked_by`."""

from functools import cache

import sqlalchemy as sa

from backend.community.certificates.flow import FLOW
from backend.community.certificates.models import CertificateStatus, ServiceCertificate
from backend.core import wording
from backend.core.actor import Actor
from backend.core.asker import Asker, asker_of
from backend.people.areas import service as areas
from backend.people.members import queries as members


def listed(
    actor: Actor,
    *,
    community_code: str | None = None,
    status: CertificateStatus | None = None,
    q: str | None = None,
) -> sa.Select[ServiceCertificate]:
    """Select what the actor answers for, leaving out the own ones; `q`: by the member's name or
    the number on the paper."""
    asker = asker_of(actor)
    statement = FLOW.shown(asker).where(asker.anothers(ServiceCertificate.member_id))
    if community_code is not None:
        statement = statement.where(ServiceCertificate.community_id == areas.id_of(community_code))
    if status is not None:
        statement = statement.where(ServiceCertificate.status == status)
    if q is not None:
        named = ServiceCertificate.member_id.in_(members.meant_by(q))
        numbered = ServiceCertificate.number == wording.code(q).upper()
        statement = statement.where(sa.or_(named, numbered))
    return statement


def own(actor: Actor) -> sa.Select[ServiceCertificate]:
    """Select the actor's own certificates. Raises Forbidden without a roster entry."""
    actor.as_member()
    return _own(asker_of(actor))


@cache
def _own(asker: Asker) -> sa.Select[ServiceCertificate]:
    return FLOW.shown(asker).where(asker.own(ServiceCertificate.member_id))
