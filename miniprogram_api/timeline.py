"""The wire shape of how something went so far and what is to come."""

from collections.abc import Callable
from typing import Any

from backend.core.timeline import Step, StepState
from miniprogram_api import fields
from miniprogram_api.http import Schema


class StepOut(Schema):
    """A step with its name in Chinese; it says when it was, never who took it."""

    step = fields.Str(required=True)
    label = fields.Str(required=True)
    at = fields.Moment(required=True, allow_none=True)
    state = fields.Choice(StepState, required=True)


class Timeline(fields.ListOf[Any]):
    """The steps that `of` finds for a row."""

    def __init__(self, of: Callable[[Any], list[Step]], **kwargs: Any) -> None:
        self._of = of
        super().__init__(fields.Part(StepOut), required=True, **kwargs)

    def get_value(self, obj: Any, *_args: Any, **_kwargs: Any) -> Any:
        return self._of(obj)
