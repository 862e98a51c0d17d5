"""Votes by totals, who is left out of them, and whether they may be held online."""

from typing import Any

from backend.branch_life.meetings.voting import exclusions, online, service
from backend.branch_life.meetings.voting.exclusions import Decision
from backend.branch_life.meetings.voting.flow import FLOW
from backend.branch_life.meetings.voting.models import (
    OnlineVotingSetting,
    Resolution,
    VoterExclusion,
)
from backend.branch_life.meetings.voting.online import Setting
from backend.branch_life.meetings.voting.service import Vote
from miniprogram_api import steps
from miniprogram_api.branch_life.meetings.voting.schemas import (
    ExclusionIn,
    ExclusionOut,
    OnlineVotingIn,
    OnlineVotingOut,
    ResolutionIn,
    ResolutionOut,
)
from miniprogram_api.http import Blueprint, actor, session
from miniprogram_api.idempotency import idempotent

blueprint = Blueprint("meeting-votes", __name__, description="组织生活")
resolutions = Blueprint("resolutions", __name__, description="组织生活")
online_voting = Blueprint("online-voting", __name__, description="组织生活")


@blueprint.post("/<int:meeting_id>/resolutions")
@idempotent
@blueprint.arguments(ResolutionIn)
@blueprint.response(201, ResolutionOut)
def record_vote(vote: Vote, meeting_id: int) -> Resolution:
    """Record a vote by totals; who is due and present is counted from the list."""
    return service.record(session(), actor=actor(), meeting_id=meeting_id, vote=vote)


steps.serve(resolutions, FLOW, ResolutionOut, "resolution_id")


@blueprint.post("/<int:meeting_id>/exclusions")
@blueprint.arguments(ExclusionIn)
@blueprint.response(201, ExclusionOut)
def exclude_voter(decision: Decision, meeting_id: int) -> tuple[VoterExclusion, int]:
    """Record the decision not to count somebody among those due in an election."""
    row, new = exclusions.exclude(
        session(), actor=actor(), meeting_id=meeting_id, decision=decision
    )
    return row, 201 if new else 200


@blueprint.delete("/<int:meeting_id>/exclusions/<int:exclusion_id>")
@blueprint.response(204)
def include_voter(meeting_id: int, exclusion_id: int) -> None:
    """Count somebody among those due again."""
    exclusions.withdraw(session(), actor=actor(), meeting_id=meeting_id, exclusion_id=exclusion_id)


@online_voting.get("")
@online_voting.response(200, OnlineVotingOut)
def show_online_voting() -> dict[str, Any] | OnlineVotingSetting:
    """Show whether meetings held online may vote in this city; elections never may."""
    return online.current(session()) or {"allowed": False, "reason": None, "created_at": None}


@online_voting.put("")
@online_voting.arguments(OnlineVotingIn)
@online_voting.response(200, OnlineVotingOut)
def set_online_voting(said: Setting) -> OnlineVotingSetting:
    """Allow or forbid it for the whole city; each change is kept with its reason and author."""
    return online.set_(session(), actor=actor(), said=said)
