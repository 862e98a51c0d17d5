"""Every state machine, every pair of state and event: what is not in its table is refused."""

import re
from pathlib import Path
from typing import Any

import pytest

from backend.community.volunteering.activities import guards
from backend.core.errors import Conflict
from backend.core.states import Guard, Machine
from backend.figures import state_machines
from backend.figures.state_machines import MACHINES, states_of


def outcome(machine: Machine[Any], state: Any, event: str) -> Any:
    """Return the state that follows, or the code of the refusal."""
    try:
        return machine.after(state, event)
    except Conflict as refusal:
        return refusal.code


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.noun)
def test_what_is_not_in_the_table_is_refused_by_its_name(machine: Machine[Any]) -> None:
    allowed = {(t.source, t.event): t.target for t in machine.transitions}
    pairs = [(state, event) for state in states_of(machine) for event in machine.events]
    refusal = f"{machine.noun}_state_forbids"

    for pair in pairs:
        found = outcome(machine, *pair)
        assert found is allowed[pair] if pair in allowed else found == refusal, pair


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.noun)
def test_no_pair_stands_in_a_table_twice_and_each_says_who(machine: Machine[Any]) -> None:
    pairs = [(t.source, t.event) for t in machine.transitions]

    assert len(pairs) == len(set(pairs))
    assert all(t.who for t in machine.transitions)


@pytest.fixture(scope="module")
def shown() -> str:
    """The document, for which every source is read."""
    return state_machines.document()


def test_whatever_else_is_refused_stands_in_the_document(root: Path, shown: str) -> None:
    source = "".join(file.read_text(encoding="utf-8") for file in root.glob("backend/**/*.py"))
    codes = set(re.findall(r'Conflict\(\s*"(\w+)"', source))

    assert len(codes) > 50
    assert [code for code in codes if f" | {code} | " not in shown] == []
    assert (
        "| meetings | meeting_took_place | 已有人到会，不能取消；请登记名单后结束会议。 |" in shown
    )


GUARDS = {name: one for name, one in vars(guards).items() if isinstance(one, Guard)}
PRINTED = {guard for machine in MACHINES for t in machine.transitions for guard in t.guards}


@pytest.mark.parametrize("name", GUARDS)
def test_what_the_document_says_of_a_guard_is_what_the_service_raises(
    root: Path, shown: str, name: str
) -> None:
    guard, capability = GUARDS[name], root / "backend/community/volunteering/activities"
    raising = "".join(
        file.read_text(encoding="utf-8")
        for file in capability.glob("*.py")
        if file.stem not in {"guards", "states"}
    )

    assert guard in PRINTED
    assert f"{guard.says} (`{guard.code}`)" in shown
    assert f"guards.{name}" in raising
    assert f'"{guard.code}"' not in raising, "said a second time"
    assert guard.refusal(held=1, days=1).code == guard.code
