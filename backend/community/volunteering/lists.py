"""The lists in which an actor finds service records. They are executed with `asked_by`."""

from functools import cache

import sqlalchemy as sa

from backend.community.volunteering.flow import FLOW
from backend.community.volunteering.models import ServiceRecord, ServiceRecordStatus
from backend.community.volunteering.policy import DECIDER, MEMBER, READER
from backend.core.actor import Actor
from backend.core.asker import Asker, asker_of
from backend.people.areas import service as areas
from backend.people.members import queries as members

# What waits for the community.
WAITING = (ServiceRecordStatus.SUBMITTED, ServiceRecordStatus.DISPUTED)


def listed(
    actor: Actor,
    *,
    community_code: str | None = None,
    status: ServiceRecordStatus | None = None,
    decidable: bool = False,
    q: str | None = None,
) -> sa.Select[ServiceRecord]:
    """Select what a secretary or officer answers for, leaving out the own records; `q`: by the
    member's name, among those whose name the actor may read."""
    asker = asker_of(actor)
    statement = FLOW.shown(asker).where(asker.anothers(ServiceRecord.member_id))
    if decidable:
        statement = statement.where(DECIDER.holds(asker))
        if status is None:
            statement = statement.where(ServiceRecord.status.in_(WAITING))
    if community_code is not None:
        statement = statement.where(ServiceRecord.community_id == areas.id_of(community_code))
    if status is not None:
        statement = statement.where(ServiceRecord.status == status)
    if q is not None:
        meant = ServiceRecord.member_id.in_(members.meant_by(q))
        statement = statement.where(READER.holds(asker), meant)
    return statement


def own(actor: Actor) -> sa.Select[ServiceRecord]:
    """Select the actor's own records. Raises Forbidden without a roster entry."""
    actor.as_member()
    return _own(asker_of(actor))


@cache
def _own(asker: Asker) -> sa.Select[ServiceRecord]:
    return FLOW.shown(asker).where(MEMBER.holds(asker))
