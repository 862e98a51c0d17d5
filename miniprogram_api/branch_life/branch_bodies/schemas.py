"""Wire shapes of a branch's committee and Party groups."""

from typing import Any

from marshmallow import ValidationError, post_load

from backend.branch_life.branch_bodies.groups import Arrangement
from backend.core.actor import PositionKind
from backend.ledger.verdicts import Verdict
from backend.people.members.queries import COMMITTEE
from miniprogram_api import fields
from miniprogram_api.http import OneIn, Schema
from miniprogram_api.people.members.schemas import MemberOut, NamedOut
from miniprogram_api.support.text_checks.schemas import CheckedStr


class SeatKind(fields.Choice):
    """The posts of a committee; a group's leader is named with the group."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(PositionKind, **kwargs)
        self.validators.append(self._is_of_the_committee)

    @staticmethod
    def _is_of_the_committee(kind: PositionKind) -> None:
        if kind not in COMMITTEE:
            raise ValidationError("支部委员会没有这一职务。")


class SeatIn(Schema):
    member_id = fields.Id(required=True)
    kind = SeatKind(required=True)


class CommitteeIn(Schema):
    """The whole list: who is missing has left the committee."""

    members = fields.Many(fields.Part(SeatIn), 15, required=True)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> dict[int, PositionKind]:
        """Return the post of each member; raises ValidationError for one named twice."""
        seats = {seat["member_id"]: seat["kind"] for seat in data["members"]}
        if len(seats) < len(data["members"]):
            raise ValidationError("同一人在名单中出现了两次，请核对。", "members")
        return seats


class SeatOut(Schema):
    member = fields.Part(NamedOut, required=True)
    kind = fields.Choice(PositionKind, required=True)
    starts_on = fields.Day(
        required=True,
        allow_none=True,
        metadata={"description": "Null for the secretary by appointment"},
    )


class CommitteeOut(Schema):
    members = fields.ListOf(fields.Part(SeatOut), required=True)
    notes = fields.ListOf(
        fields.Str(),
        required=True,
        metadata={"description": "What the rules advise, in sentences; the secretary's alone"},
    )


class GroupIn(OneIn):
    name = fields.Text(20, required=True)


class GroupArrangementIn(Schema):
    makes = Arrangement
    name = fields.Text(20, required=True)
    leader_id = fields.Id(required=True, allow_none=True)
    member_ids = fields.Many(fields.Id(), 200, required=True)


class GroupOut(Schema):
    """Names are for the secretary and the group's leader; the branch sees how many there are."""

    id = fields.Id(required=True)
    name = CheckedStr(required=True, part="name")
    founded_on = fields.Day(required=True)
    dissolved_on = fields.Day(required=True, allow_none=True)
    leader = fields.Part(NamedOut, required=True, allow_none=True)
    member_count = fields.Whole(required=True)
    members = fields.ListOf(fields.Part(NamedOut), required=True)


class ElectoralRightIn(OneIn):
    held = fields.Bool(required=True)


class ElectoralRightOut(MemberOut):
    electoral_right = fields.Bool(required=True)


class PeriodOut(Schema):
    """`needed` is 0 where nothing is owed; the verdict is then `not_applicable`."""

    first = fields.Day(required=True, data_key="from")
    last = fields.Day(required=True, data_key="to")
    held = fields.Whole(required=True)
    needed = fields.Whole(required=True)
    verdict = fields.Choice(Verdict, required=True)


class GroupRefOut(Schema):
    id = fields.Id(required=True)
    name = CheckedStr(required=True, part="name")


class FrequencyOut(Schema):
    kinds = fields.ListOf(fields.Str(), required=True, attribute="check.kinds")
    title = fields.Str(required=True, attribute="check.title")
    source = fields.Str(required=True, attribute="check.source")
    period = fields.Computed(lambda row: row.check.period.name.lower(), metadata={"type": "string"})
    rule_id = fields.Str(
        required=True,
        allow_none=True,
        metadata={"description": "Null: shown, and part of no verdict"},
    )
    group = fields.Part(
        GroupRefOut,
        required=True,
        allow_none=True,
        metadata={"description": "The Party group that owes it, where each does for itself"},
    )
    required_ = fields.Whole(required=True, data_key="required", attribute="required")
    done = fields.Whole(required=True)
    verdict = fields.Choice(Verdict, required=True)
    periods = fields.ListOf(fields.Part(PeriodOut), required=True)


class OrganizationalLifeOut(Schema):
    year = fields.Whole(required=True)
    items = fields.ListOf(fields.Part(FrequencyOut), required=True)
