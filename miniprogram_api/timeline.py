"""The wire shape of how something went so far and what is to come."""

from backend.core.timeline import StepState
from miniprogram_api import fields
from miniprogram_api.http import Schema


class StepOut(Schema):
    """A step with its name in Chinese; it says when it was, never who took it."""

    step = fields.Str(required=True)
    label = fields.Str(required=True)
    at = fields.Moment(required=True, allow_none=True)
    state = fields.Choice(StepState, required=True)
