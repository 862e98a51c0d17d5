"""Reads declarations from a folder of TOML files, one a kind, named after it; refuses by file and
entry what breaks their form or the rules of the field (spec 8.6)."""

import tomllib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Self, TypeVar

from pydantic import Field as Given
from pydantic import ValidationError, model_validator

from backend.forms.fields import Field, FieldType, Label, Name, Strict

# More nobody has to fill in, whatever a kind is about.
MOST_REQUIRED = 4
Where = tuple[int | str, ...]
RuleId = Annotated[str, Given(pattern=r"^[1-9][0-9]?[a-z]$")]


class WrongDeclaration(ValueError):
    """What is wrong in declarations, one line a mistake: file, entry, and why."""


class Declared(Strict):
    """What every declared kind says of itself. `serves`: the rules for which it is kept, of which
    the rule pack knows what they look at. `version` rises with each change of its fields."""

    name: Name
    title: Label
    version: Annotated[int, Given(ge=1)] = 1
    serves: Annotated[tuple[RuleId, ...], Given(min_length=1)]
    fields: Annotated[tuple[Field, ...], Given(alias="field")] = ()

    @model_validator(mode="after")
    def _fields_fit_together(self) -> Self:
        numbers = {one.name for one in self.asked if one.type is FieldType.NUMBER}
        twice = named_twice(self.fields)
        if twice:
            raise ValueError(f"a field is named twice: {', '.join(twice)}")
        for field in self.fields:
            if max(field.since, field.retired_in or 1) > self.version:
                raise ValueError(f"field {field.name}: there is no such version yet")
            if field.at_most and field.at_most not in numbers - {field.name}:
                raise ValueError(f"field {field.name}: {field.at_most} is no other number")
            if named_twice(field.columns):
                raise ValueError(f"field {field.name}: a column is named twice")
        return self

    @property
    def by_name(self) -> dict[str, Field]:
        """Its fields by name, those that are retired included."""
        return {field.name: field for field in self.fields}

    @property
    def asked(self) -> tuple[Field, ...]:
        """The fields that are filled in today."""
        return tuple(field for field in self.fields if field.retired_in is None)


Kind = TypeVar("Kind", bound=Declared)


def named_twice(fields: Iterable[Field]) -> list[str]:
    """Return the names that more than one field has."""
    return [name for name, times in Counter(f.name for f in fields).items() if times > 1]


def load(folder: Path, model: type[Kind]) -> dict[str, Kind]:
    """Return all kinds of a folder by name, in the order of their names. Raises
    WrongDeclaration."""
    found: dict[str, Kind] = {}
    wrong: list[str] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            told = tomllib.loads(path.read_text(encoding="utf-8"))
            if "name" in told:
                wrong.append(f"{path.name}: name: a kind is named by its file")
            found[path.stem] = model.model_validate(told | {"name": path.stem})
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            wrong.append(f"{path.name}: {error}")
        except ValidationError as error:
            wrong += [
                f"{path.name}: {_place(one['loc'], told)}{_why(one['msg'])}"
                for one in error.errors()
            ]
    if wrong:
        raise WrongDeclaration("\n".join(wrong))
    return found


def _why(message: str) -> str:
    return message.removeprefix("Value error, ")


def _place(where: Where, told: dict[str, Any]) -> str:
    """Name the entry in which something is wrong: a field by its name, anything else by its
    place."""
    named, entry = [], told
    for part in where:
        entry = _within(entry, part)
        named.append(str(entry["name"]) if _has_name(part, entry) else str(part))
    return f"{'.'.join(named)}: " if named else ""


def _within(entry: Any, part: int | str) -> Any:
    try:
        return entry[part]
    except (KeyError, IndexError, TypeError):
        return None


def _has_name(part: int | str, entry: Any) -> bool:
    return isinstance(part, int) and isinstance(entry, dict) and "name" in entry
