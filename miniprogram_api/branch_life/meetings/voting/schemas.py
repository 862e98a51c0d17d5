"""Wire shapes of votes, elections and who is left out of them: totals only (spec 2.3)."""

from typing import Any

from marshmallow import post_load

from backend.branch_life.meetings.voting.arithmetic import Candidate, Count, Papers, Votes
from backend.branch_life.meetings.voting.exclusions import Decision
from backend.branch_life.meetings.voting.flow import FLOW
from backend.branch_life.meetings.voting.models import (
    DecisionKind,
    ExclusionGround,
    Outcome,
    ResolutionStatus,
)
from backend.branch_life.meetings.voting.online import Setting
from backend.branch_life.meetings.voting.service import Vote
from backend.people.members.models import MemberCategory
from miniprogram_api import fields
from miniprogram_api.http import Schema
from miniprogram_api.people.members.schemas import NamedOut
from miniprogram_api.steps import Can, NextStep
from miniprogram_api.support.text_checks.schemas import CheckedStr


def votes(**given: Any) -> fields.Int:
    """Return a field for a number of votes."""
    return fields.Int(0, 100_000, **given)


class CandidateIn(Schema):
    name = fields.Name(30, required=True)
    written_in = fields.Bool(load_default=False)
    yes = votes(required=True)
    no = votes(load_default=0)
    abstain = votes(load_default=0)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Candidate:
        totals = {name: data.pop(name) for name in ("yes", "no", "abstain")}
        return Candidate(votes=Votes(**totals), **data)


class PapersIn(Schema):
    makes = Papers
    issued = votes(required=True)
    returned = votes(required=True)
    valid = votes(required=True)


class ResolutionIn(Schema):
    """Totals of one vote. Written opinions are those sent in beforehand by absent full members;
    `ballots` a secret ballot's papers, which an election must have; an election has its totals by
    candidate."""

    kind = fields.Choice(DecisionKind, load_default=DecisionKind.ORDINARY)
    title = fields.Text(100, required=True)
    yes = votes(load_default=0)
    no = votes(load_default=0)
    abstain = votes(load_default=0)
    written_yes = votes(load_default=0)
    written_no = votes(load_default=0)
    written_abstain = votes(load_default=0)
    ballots = fields.Part(PapersIn, load_default=None, allow_none=True)
    seats = fields.Int(1, 100, load_default=None, allow_none=True)
    candidates = fields.Many(fields.Part(CandidateIn), 100, load_default=[])
    scrutineer_ids = fields.Many(fields.Id(), 20, load_default=[])

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Vote:
        spoken, written = (
            Votes(*(data[f"{prefix}{name}"] for name in ("yes", "no", "abstain")))
            for prefix in ("", "written_")
        )
        count = Count(
            data["kind"], spoken, written, data["ballots"], data["seats"], data["candidates"]
        )
        return Vote(data["title"], count, data["scrutineer_ids"])


class CandidateOut(Schema):
    name = CheckedStr(required=True, part="candidates")
    written_in = fields.Bool(required=True)
    yes = fields.Whole(required=True)
    no = fields.Whole(required=True)
    abstain = fields.Whole(required=True)
    elected = fields.Bool(required=True)


class ResolutionOut(Schema):
    """`due` and `present` are voters."""

    id = fields.Id(required=True)
    kind = fields.Choice(DecisionKind, required=True)
    title = CheckedStr(required=True, part="title")
    due = fields.Whole(required=True)
    present = fields.Whole(required=True)
    yes = fields.Whole(required=True)
    no = fields.Whole(required=True)
    abstain = fields.Whole(required=True)
    not_voted = fields.Whole(required=True, allow_none=True)
    written_yes = fields.Whole(required=True)
    written_no = fields.Whole(required=True)
    written_abstain = fields.Whole(required=True)
    issued = fields.Whole(required=True, allow_none=True)
    returned = fields.Whole(required=True, allow_none=True)
    valid = fields.Whole(required=True, allow_none=True)
    seats = fields.Whole(required=True, allow_none=True)
    candidates = fields.ListOf(fields.Part(CandidateOut), required=True)
    outcome = fields.Choice(Outcome, required=True)
    status = fields.Choice(ResolutionStatus, required=True)
    can = Can(FLOW)
    next_step = NextStep(FLOW)
    void_reason = CheckedStr(required=True, allow_none=True, part="void_reason")
    created_at = fields.Moment(required=True)


class ExclusionIn(Schema):
    """The superior's consent by its paper and day, and that the meeting adopted it."""

    makes = Decision
    member_id = fields.Id(required=True)
    ground = fields.Choice(ExclusionGround, required=True)
    agreement = fields.Text(100, required=True)
    agreed_on = fields.Day(required=True)
    adopted = fields.Bool(required=True)


class ExclusionOut(Schema):
    id = fields.Id(required=True)
    member = fields.Part(NamedOut, required=True)
    ground = fields.Choice(ExclusionGround, required=True)
    agreement = CheckedStr(required=True, part="agreement")
    agreed_on = fields.Day(required=True)


class OutlookOut(Schema):
    """What a vote of that kind would need now; `can_carry` false: whatever is put to the vote
    fails, tell the chair."""

    kind = fields.Choice(DecisionKind, required=True)
    due = fields.Whole(required=True)
    present = fields.Whole(required=True)
    least_present = fields.Whole(required=True)
    least_yes = fields.Whole(required=True)
    quorate = fields.Bool(required=True)
    can_carry = fields.Bool(required=True)


class VoterOut(NamedOut):
    category = fields.Choice(MemberCategory, required=True)
    electoral_right = fields.Bool(required=True)


class OnlineVotingIn(Schema):
    makes = Setting
    allowed = fields.Bool(required=True)
    reason = fields.Text(200, required=True)


class OnlineVotingOut(Schema):
    """Nobody has set it: not allowed, since never."""

    allowed = fields.Bool(required=True)
    reason = fields.Str(required=True, allow_none=True)
    created_at = fields.Moment(required=True, allow_none=True, data_key="since")
