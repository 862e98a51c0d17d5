"""What every flow shows and serves: what one may do with a thing, and an address for each step."""

from collections.abc import Callable, Mapping
from typing import Any

import marshmallow

from backend.flows.flow import Flow
from backend.flows.steps import Nothing, Reason, Step
from miniprogram_api import fields
from miniprogram_api.http import Blueprint, ReasonIn, actor, services, session


class Can(fields.ListOf[str]):
    """The steps whoever reads this may take now, by their names in the address."""

    def __init__(self, flow: Flow[Any]) -> None:
        self.flow = flow
        one = fields.Str(validate=marshmallow.validate.OneOf(nouns(flow)))
        super().__init__(one, required=True, metadata={"description": "Steps open to the reader"})

    def serialize(self, attr: str, obj: Any, *args: Any, **kwargs: Any) -> list[str]:  # noqa: ARG002  # by contract
        return self.flow.can(obj)


class NextStep(fields.Str):
    """The step that waits for whoever reads this, if one does."""

    def __init__(self, flow: Flow[Any]) -> None:
        self.flow = flow
        known = marshmallow.validate.OneOf(nouns(flow))
        super().__init__(required=True, allow_none=True, validate=known)

    def serialize(self, attr: str, obj: Any, *args: Any, **kwargs: Any) -> str | None:  # noqa: ARG002  # by contract
        return self.flow.next_step(obj)


def nouns(flow: Flow[Any]) -> list[str]:
    return list(dict.fromkeys(step.noun for step in flow.steps if step.noun))


def serve(
    blueprint: Blueprint,
    flow: Flow[Any],
    out: type[marshmallow.Schema],
    named: str,
    bodies: Mapping[type[Any], type[marshmallow.Schema]] | None = None,
    shown: Callable[[Any], Any] = lambda row: row,
) -> None:
    """Give each step of a flow its address below the thing's. `named`: what the document calls its
    id. `bodies`: the schema of what is said with a step, by its class. `shown`: what is done with
    a row before it is answered."""
    known = {Reason: ReasonIn} | dict(bodies or {})
    for step in flow.steps:
        if step.noun:
            view = blueprint.response(200, out)(_view(flow, step, named, shown))
            if step.says is not Nothing:
                view = blueprint.arguments(known[step.says])(view)
            blueprint.post(f"/<int:{named}>/{step.noun}")(view)


def _view(
    flow: Flow[Any], step: Step[Any], named: str, shown: Callable[[Any], Any]
) -> Callable[..., Any]:
    def take(said: dict[str, Any] | None = None, **ids: int) -> Any:
        told = step.says(**said or {})
        row = flow.take(session(), actor(), ids[named], step.event, told, services().rules)
        return shown(row)

    take.__name__, take.__doc__ = f"take_{step.event}", step.summary
    return take
