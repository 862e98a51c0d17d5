"""Timelines: what was done, what is waited for, what is to come."""

from datetime import datetime, timedelta

from backend.core import clock
from backend.core.timeline import Mark, StepState, timeline

NOON = datetime(2026, 11, 2, 12, tzinfo=clock.SHANGHAI)
S = StepState


def marks(*done: str) -> list[Mark]:
    return [
        Mark(name, name.upper(), NOON + timedelta(days=day) if name in done else None)
        for day, name in enumerate(("sent", "taken", "listed", "solved"))
    ]


def states(*done: str, over: Mark | None = None) -> list[tuple[str, str]]:
    return [(one.step, one.state) for one in timeline(marks(*done), over=over)]


def test_the_first_step_that_was_not_taken_is_the_one_waited_for() -> None:
    expected = [("sent", S.NOW), ("taken", S.TO_COME), ("listed", S.TO_COME), ("solved", S.TO_COME)]
    assert states() == expected
    expected = [("sent", S.DONE), ("taken", S.NOW), ("listed", S.TO_COME), ("solved", S.TO_COME)]
    assert states("sent") == expected
    assert timeline(marks("sent"))[0].at == NOON


def test_a_step_that_was_passed_over_is_left_out() -> None:
    assert states("sent", "listed") == [("sent", S.DONE), ("listed", S.DONE), ("solved", S.NOW)]


def test_after_the_last_step_nothing_is_waited_for() -> None:
    assert {state for _, state in states("sent", "taken", "listed", "solved")} == {S.DONE}


def test_what_ended_otherwise_says_how_and_promises_no_more() -> None:
    found = timeline(marks("sent"), over=Mark("declined", "未予受理"))
    assert [(one.step, one.state, one.at) for one in found] == [
        ("sent", S.DONE, NOON),
        ("declined", S.STOPPED, None),
    ]
