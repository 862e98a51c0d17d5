"""How something went so far and what is to come, in the few steps that people count."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


class StepState(enum.StrEnum):
    DONE = "done"
    NOW = "now"
    TO_COME = "to_come"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Step:
    """One step as people name it. It says when it was, never who took it."""

    step: str
    label: str
    at: datetime | None
    state: StepState


@dataclass(frozen=True)
class Mark:
    """A step, and when it was taken; `at` is None for what is still to come."""

    step: str
    label: str
    at: datetime | None = None


def timeline(marks: Sequence[Mark], *, over: Mark | None = None) -> list[Step]:
    """Return the steps in their order: what was done, what is waited for now, what is to come.

    A step that was passed over is left out. `over`: how it ended instead, after which nothing is
    to come; when that was may not be known.
    """
    last = max((place for place, mark in enumerate(marks) if mark.at), default=-1)
    done = [_step(mark, StepState.DONE) for mark in marks if mark.at]
    if over is not None:
        return [*done, _step(over, StepState.STOPPED)]
    ahead = marks[last + 1 :]
    states = (StepState.NOW, *[StepState.TO_COME] * len(ahead))
    return [*done, *(_step(mark, state) for mark, state in zip(ahead, states, strict=False))]


def _step(mark: Mark, state: StepState) -> Step:
    return Step(mark.step, mark.label, mark.at, state)
