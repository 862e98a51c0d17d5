"""Every state machine, every pair of state and event: what is not in its table is refused."""

from typing import Any

import pytest

from backend.core.errors import Conflict
from backend.core.states import Machine
from backend.statistics.state_machines import MACHINES, states_of

PAIRS = [
    pytest.param(machine, state, event, id=f"{machine.noun}-{state}-{event}")
    for machine in MACHINES
    for state in states_of(machine)
    for event in sorted(machine.events)
]


@pytest.mark.parametrize(("machine", "state", "event"), PAIRS)
def test_what_is_not_in_the_table_is_refused_by_its_name(
    machine: Machine[Any], state: Any, event: str
) -> None:
    allowed = {(t.source, t.event): t.target for t in machine.transitions}
    if (state, event) in allowed:
        assert machine.after(state, event) is allowed[state, event]
        return
    with pytest.raises(Conflict) as refusal:
        machine.after(state, event)
    assert refusal.value.code == f"{machine.noun}_state_forbids"


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.noun)
def test_no_pair_stands_in_a_table_twice_and_each_says_who(machine: Machine[Any]) -> None:
    pairs = [(t.source, t.event) for t in machine.transitions]

    assert len(pairs) == len(set(pairs))
    assert all(t.who for t in machine.transitions)
