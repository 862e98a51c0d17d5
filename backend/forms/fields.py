"""What a field of a declared thing is: one of thirteen types, and what may stand in it.

References are never fields: what points to somebody or something is a slot with a foreign key. No
field is a photograph, a file or a position, so that nothing can ask for one (spec 8.6).
"""

import enum
import re
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic import Field as Given

from backend.core import wording


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FieldType(enum.StrEnum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    LINES = "lines"
    NUMBER = "number"
    HOURS = "hours"
    MONEY = "money"
    DATE = "date"
    MONTH = "month"
    CHOICE = "choice"
    CHOICES = "choices"
    FLAG = "flag"
    LINK = "link"
    ROWS = "rows"


T = FieldType
# How much stands in a field where its declaration says nothing: characters, entries, or a number.
MOST = {
    T.TEXT: 120,
    T.LONG_TEXT: 4000,
    T.LINES: 50,
    T.NUMBER: 1_000_000_000,
    T.HOURS: 10_000,
    T.MONEY: 1_000_000_000_000,
    T.LINK: 500,
    T.ROWS: 60,
}
OF_CHOICES = frozenset({T.CHOICE, T.CHOICES})
# What parts one choice from the next in a cell, and one column of a row.
BETWEEN_CHOICES = re.compile(r"[、,，;；\n]+")
BETWEEN_COLUMNS = re.compile(r"[|｜]")
# Words that say something else where a choice might stand.
TAKEN = frozenset({"filled", "empty"})
Name = Annotated[str, Given(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Label = Annotated[str, Given(min_length=1, max_length=40)]


class Field(Strict):
    """One field. `least` and `most` bound a number, or how many characters or entries there are;
    `at_most`: a number never above that of another field. `group`: under which heading a form
    shows it. `hint`: one sentence beside it; `example`: as it stands in templates. `again`: a form
    offers what the last entry had. `sealed`: stored encrypted, opened with a reason. `since`: the
    version of the kind that brought it; `retired_in`: the one since which nobody writes it any
    more; it is shown where it was written."""

    name: Name
    label: Label
    type: FieldType
    required: bool = False
    sealed: bool = False
    least: int = 0
    most: int | None = None
    at_most: str = ""
    choices: dict[Name, Label] = {}
    columns: Annotated[tuple["Column", ...], Given(alias="column")] = ()
    group: Annotated[str, Given(max_length=20)] = ""
    hint: Annotated[str, Given(max_length=80)] = ""
    example: Annotated[str, Given(max_length=80)] = ""
    again: bool = False
    since: Annotated[int, Given(ge=1)] = 1
    retired_in: int | None = None

    @model_validator(mode="after")
    def _fits_its_type(self) -> Self:
        problems = {
            "choices go with choice and choices": (self.type in OF_CHOICES) != bool(self.choices),
            "columns go with rows": (self.type is T.ROWS) != bool(self.columns),
            "this type has no least and no most": (self.most is not None or self.least != 0)
            and self.type not in MOST,
            "most is not below least": self.limit < self.least,
            "at_most goes with number": bool(self.at_most) and self.type is not T.NUMBER,
            "what is required may not be retired": self.required and self.retired_in is not None,
            "what came later may not be required": self.required and self.since > 1,
            "retired_in is after since": (self.retired_in or self.since + 1) <= self.since,
            "what is sealed is not offered again": self.sealed and self.again,
            "no choice is called filled or empty": not TAKEN.isdisjoint(self.choices),
            "labels of choices differ": len(self._keys) < len(self.choices),
            "no label of choices parts them": self.type is T.CHOICES
            and any(map(BETWEEN_CHOICES.search, self.choices.values())),
        }
        for problem, found in problems.items():
            if found:
                raise ValueError(problem)
        return self

    @property
    def _keys(self) -> set[str]:
        return {wording.key(label) for label in self.choices.values()}

    @property
    def limit(self) -> int:
        """The most of it: characters, entries or the number itself."""
        return MOST.get(self.type, 1_000_000_000) if self.most is None else self.most


class Column(Field):
    """A column of a field of rows: what has rows or is sealed by itself is none."""

    @model_validator(mode="after")
    def _is_plain(self) -> Self:
        if self.type in _NO_COLUMNS or self.sealed or self.at_most:
            raise ValueError("a column is one plain value on a line, and not sealed by itself")
        if any(map(BETWEEN_COLUMNS.search, self.choices.values())):
            raise ValueError("no label of choices parts columns")
        return self


_NO_COLUMNS = frozenset({T.ROWS, T.LINES, T.CHOICES, T.LONG_TEXT})


Field.model_rebuild()
