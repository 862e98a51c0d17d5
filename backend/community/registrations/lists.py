"""The lists in which an actor finds registrations, and what is asked of them. They are executed
with `asked_by`."""

from functools import cache

import sqlalchemy as sa

from backend.community.registrations import policy, queries
from backend.community.registrations.flow import FLOW, REQUEST
from backend.community.registrations.models import (
    CommunityRegistration,
    RegistrationRequest,
    RequestStatus,
    Visibility,
)
from backend.community.registrations.models import RegistrationStatus as S
from backend.core.actor import Actor
from backend.core.asker import Asker, asker_of
from backend.people.areas import service as areas
from backend.people.members import queries as members

_R = CommunityRegistration


def listed(
    actor: Actor,
    *,
    community_code: str | None = None,
    status: S | None = None,
    decidable: bool = False,
    overdue: bool = False,
    of_own_branch: bool = False,
    q: str | None = None,
) -> sa.Select[CommunityRegistration]:
    """Select what a secretary or officer answers for, leaving out the own registration; `q`: by
    name, among those whose name the actor may read."""
    asker = asker_of(actor)
    statement = FLOW.shown(asker).where(asker.anothers(_R.member_id), _stands_in_lists(asker))
    if decidable:
        statement = statement.where(policy.DECIDER.holds(asker))
    if community_code is not None:
        statement = statement.where(_R.community_id == areas.id_of(community_code))
    if status is not None:
        statement = statement.where(_shows(asker, status))
    if of_own_branch:
        statement = statement.where(policy.received_of_own_branch(asker))
    if overdue:
        statement = statement.where(queries.is_overdue())
    if q is not None:
        meant = _R.member_id.in_(members.meant_by(q))
        statement = statement.where(policy.shows_member(asker), meant)
    return statement


def _stands_in_lists(asker: Asker) -> sa.ColumnElement[bool]:
    """Who is held out of the community's lists stands there only while there is something to
    decide."""
    return sa.or_(
        _R.visibility == Visibility.COMMUNITY,
        queries.waits(),
        policy.received_of_own_branch(asker),
    )


def _shows(asker: Asker, status: S) -> sa.ColumnElement[bool]:
    """Whether a registration has this status for the asker: see `policy.LEARNS`."""
    stands, known = _R.status == status, policy.visible_request(asker)
    if status is S.TRANSFER_PENDING:
        return sa.and_(stands, known)
    leaving = _R.status == S.TRANSFER_PENDING
    return sa.or_(stands, sa.and_(leaving, ~known)) if status is S.ACTIVE else stands


def own(actor: Actor) -> sa.Select[CommunityRegistration]:
    """Select the actor's own registrations. Raises Forbidden for whoever is no member."""
    actor.as_member()
    return _own(asker_of(actor))


@cache
def _own(asker: Asker) -> sa.Select[CommunityRegistration]:
    return FLOW.shown(asker).where(asker.own(_R.member_id))


def requests_listed(
    actor: Actor, *, status: RequestStatus | None = None, decidable: bool = False
) -> sa.Select[RegistrationRequest]:
    """Select what members ask of a secretary, or asked within an officer's territory."""
    asker = asker_of(actor)
    statement = REQUEST.shown(asker).where(asker.anothers(_R.member_id))
    if decidable:
        statement = statement.where(policy.DECIDER.holds(asker))
    if status is not None:
        statement = statement.where(RegistrationRequest.status == status)
    return statement
