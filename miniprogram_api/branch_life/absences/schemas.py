"""Wire shapes of exemptions and long absences: for the branch's secretary alone."""

from backend.branch_life.meetings.exemptions.models import ExemptionGround
from backend.branch_life.meetings.exemptions.service import Exempting
from miniprogram_api import fields
from miniprogram_api.http import Schema
from miniprogram_api.people.members.schemas import NamedOut


class ExemptionIn(Schema):
    """`ground` is a code; a diagnosis is never asked for."""

    makes = Exempting
    member_id = fields.Id(required=True)
    ground = fields.Choice(ExemptionGround, required=True)
    starts_on = fields.Day(required=True)
    ends_on = fields.Day(required=True)


class ExemptionOut(Schema):
    id = fields.Id(required=True)
    member = fields.Part(NamedOut, required=True)
    ground = fields.Choice(ExemptionGround, required=True)
    starts_on = fields.Day(required=True)
    ends_on = fields.Day(required=True, metadata={"description": "The last day of the term"})
    ended_on = fields.Day(
        required=True,
        allow_none=True,
        metadata={"description": "The first day it holds no more, where it was ended early"},
    )


class GapOut(Schema):
    member = fields.Part(NamedOut, required=True)
    since = fields.Day(
        required=True, metadata={"description": "Since when at none of the branch's meetings"}
    )
    months = fields.Whole(required=True, metadata={"description": "The step reached: 3 or 5"})
