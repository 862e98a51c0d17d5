"""docs/declarations.lock: all that was declared so far, so that no name ever changes its meaning.

Rows keep the version of their kind under which they were written, and are read by the names of
today: a field is added or retired, never removed, and another type is another name. What facts ask
for changes only with a migration that states them anew.
"""

import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from backend.forms.conditions import Since
from backend.forms.fields import Field
from backend.forms.loading import WrongDeclaration
from backend.registers.catalogue import Registers
from backend.registers.declared import FactOf, Register

Locked = dict[str, Any]

HEAD = """# All that registers ever declared, in an order of its own; `make declarations` writes it,
# and refuses what would change the meaning of what stands in them.
"""


def renewed(text: str, registers: Registers, migrations: Path) -> str:
    """Return the lock as it must stand now, after what it was. Raises WrongDeclaration where names
    would change their meaning."""
    now = {name: _locked(registers[name]) for name in sorted(registers)}
    if wrong := list(_refusals(tomllib.loads(text), now, migrations)):
        raise WrongDeclaration("\n".join(wrong))
    return HEAD + "".join(_written(name, locked) for name, locked in now.items())


# What is locked of a register.


def _locked(register: Register) -> Locked:
    return {
        "version": register.version,
        "parent": register.parent.kind if register.parent else "",
        "slots": sorted(register.slots),
        "facts": sorted(_fact(fact) for fact in register.facts),
        "restated_by": register.restated_by,
        "fields": dict(sorted(_fields(register))),
    }


def _fields(register: Register) -> Iterator[tuple[str, Locked]]:
    for field in register.fields:
        yield field.name, _field(field)
        yield from ((f"{field.name}.{one.name}", _field(one)) for one in field.columns)


def _field(field: Field) -> Locked:
    told: Locked = {"type": str(field.type)}
    if field.choices:
        told["choices"] = sorted(field.choices)
    if field.sealed:
        told["sealed"] = True
    if field.since > 1:
        told["since"] = field.since
    if field.retired_in:
        told["retired_in"] = field.retired_in
    return told


def _fact(fact: FactOf) -> str:
    parts = [f"{fact.kind} of {fact.of}"]
    parts += [f"each {fact.each}"] if fact.each else []
    parts += [f"when {name} = {_wanted(wanted)}" for name, wanted in sorted(fact.when.items())]
    parts += [f"unless {name} = {_wanted(wanted)}" for name, wanted in sorted(fact.unless.items())]
    parts += [f"starts {fact.starts}"] if fact.starts else []
    parts += [f"ends {fact.ends}"] if fact.ends else []
    return ", ".join(parts)


def _wanted(wanted: Any) -> str:
    if isinstance(wanted, Since):
        return f"since {wanted.since}"
    several = wanted if isinstance(wanted, tuple) else (wanted,)
    return " | ".join(sorted(str(one).lower() for one in several))


# How it is written: TOML, in one order.


def _written(name: str, locked: Locked) -> str:
    facts = "".join(f"  {json.dumps(fact)},\n" for fact in locked["facts"])
    fields = "".join(
        f"{json.dumps(field)} = {{ {_inline(told)} }}\n" for field, told in locked["fields"].items()
    )
    return f"""
[{name}]
version = {locked["version"]}
parent = {json.dumps(locked["parent"])}
slots = {json.dumps(locked["slots"])}
restated_by = {json.dumps(locked["restated_by"])}
facts = [
{facts}]

[{name}.fields]
{fields}"""


def _inline(told: Locked) -> str:
    return ", ".join(f"{name} = {json.dumps(value)}" for name, value in told.items())


# What may not change.


def _refusals(was: Mapping[str, Locked], now: Mapping[str, Locked], files: Path) -> Iterator[str]:
    for name, before in was.items():
        if name not in now:
            yield f"{name}.toml: a register is never removed"
            continue
        after = now[name]
        for problem in (*_of_fields(before, after), *_of_places(before, after)):
            yield f"{name}.toml: {problem}"
        if before["facts"] != after["facts"] and not _is_restated(name, before, after, files):
            yield (
                f"{name}.toml: facts: they ask for something else: restated_by names the migration"
                f" that states those of {name} anew"
            )


def _of_places(before: Locked, after: Locked) -> Iterator[str]:
    if after["version"] < before["version"]:
        yield "version: it never falls"
    for slot in {*before["slots"]} - {*after["slots"]}:
        yield f"slot.{slot}: a slot is never removed"
    if before["parent"] != after["parent"] and before["parent"]:
        yield "parent: it stays the same register"


def _of_fields(before: Locked, after: Locked) -> Iterator[str]:
    version = after["version"]
    for name, told in before["fields"].items():
        found = after["fields"].get(name)
        if found is None:
            yield f"field.{name}: it is gone: retire it instead"
        elif problem := _of_field(told, found, before["version"], version):
            yield f"field.{name}: {problem}"
    for name in after["fields"].keys() - before["fields"].keys():
        since = after["fields"][name].get("since", 1)
        if version <= before["version"] or since != version:
            yield f"field.{name}: what is added raises the version and says since = {version}"


def _of_field(before: Locked, after: Locked, was: int, version: int) -> str:
    gone = {*before.get("choices", ())} - {*after.get("choices", ())}
    retired, retiring = before.get("retired_in"), after.get("retired_in")
    problems = {
        "another type is another name": before["type"] != after["type"],
        f"choices are gone: {', '.join(sorted(gone))}": bool(gone),
        "what is sealed stays so, and what is not, too": before.get("sealed")
        != after.get("sealed"),
        "since when it is there never changes": before.get("since") != after.get("since"),
        "what was retired stays so": retired is not None and retiring != retired,
        f"retiring raises the version and says retired_in = {version}": retired is None
        and retiring is not None
        and (version <= was or retiring != version),
    }
    return next((problem for problem, found in problems.items() if found), "")


def _is_restated(name: str, before: Locked, after: Locked, files: Path) -> bool:
    """Say whether a migration that did not stand there before names the register."""
    number = after["restated_by"]
    if not number or number <= before["restated_by"]:
        return False
    return any(name in path.read_text(encoding="utf-8") for path in files.glob(f"{number}_*.py"))
