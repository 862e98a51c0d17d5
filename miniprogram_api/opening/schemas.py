"""Wire shapes of what a city has on the way to its opening."""

from backend.figures.opening import State, Step
from miniprogram_api import fields
from miniprogram_api.http import Schema


class OpeningItemOut(Schema):
    step = fields.Choice(Step, required=True)
    state = fields.Choice(State, required=True)
    count = fields.Whole(
        required=True,
        allow_none=True,
        metadata={"description": "How many there are; of what should be nobody, how many still"},
    )


class OpeningOut(Schema):
    items = fields.ListOf(fields.Part(OpeningItemOut), required=True)
