"""What every flow shows and serves: what one may do with a thing, and an address for each step."""

from collections.abc import Callable, Collection
from typing import Any

import marshmallow

from backend.flows.flow import Flow
from backend.flows.steps import Nothing, Step
from miniprogram_api import fields
from miniprogram_api.http import Blueprint, ReasonIn, Schema, actor, services, session


class Can(fields.ListOf[str]):
    """The steps whoever reads this may take now, by their names in the address."""

    def __init__(self, flow: Flow[Any]) -> None:
        self.flow = flow
        one = fields.Str(validate=marshmallow.validate.OneOf(nouns(flow)))
        super().__init__(one, required=True, metadata={"description": "Steps open to the reader"})

    def get_value(self, obj: Any, *_args: Any, **_kwargs: Any) -> Any:
        return self.flow.can(obj)


class NextStep(fields.Str):
    """The step that waits for whoever reads this, if one does."""

    def __init__(self, flow: Flow[Any]) -> None:
        self.flow = flow
        known = marshmallow.validate.OneOf(nouns(flow))
        super().__init__(required=True, allow_none=True, validate=known)

    def get_value(self, obj: Any, *_args: Any, **_kwargs: Any) -> Any:
        return self.flow.next_step(obj)


def nouns(flow: Flow[Any]) -> list[str]:
    return list(dict.fromkeys(step.noun for step in flow.steps if step.noun))


def serve(
    blueprint: Blueprint,
    flow: Flow[Any],
    out: type[marshmallow.Schema],
    named: str,
    bodies: Collection[type[Schema]] = (),
    by_hand: Collection[str] = (),
) -> None:
    """Give each step of a flow its address below the thing's. `named`: what the document calls its
    id. `bodies`: the schemas that make what is said with its steps. `by_hand`: the nouns of steps
    whose address is written out elsewhere."""
    every: list[type[Schema]] = [ReasonIn, *bodies]
    known = {body.makes: body for body in every}
    for step in flow.steps:
        if step.noun and step.noun not in by_hand:
            view = blueprint.response(200, out)(_view(flow, step, named))
            if step.says is not Nothing:
                view = blueprint.arguments(known[step.says])(view)
            blueprint.post(f"/<int:{named}>/{step.noun}")(view)


def _view(flow: Flow[Any], step: Step[Any], named: str) -> Callable[..., Any]:
    def take(said: Any = Nothing(), **ids: int) -> Any:  # noqa: B008  # has no state
        return flow.take(session(), actor(), ids[named], step.event, said, services().rules)

    take.__name__, take.__doc__ = f"take_{step.event}", step.summary
    return take
