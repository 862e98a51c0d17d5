"""What a capability gives a name of its own, so that nothing below has to know the name."""

import re
from dataclasses import dataclass

import sqlalchemy as sa

FORM = r"^[a-z_]+\.[a-z_]+$"


@dataclass(frozen=True)
class Kind:
    """`name` is `capability.name`, alike in the database, the API and the app."""

    name: str

    def __post_init__(self) -> None:
        if not re.fullmatch(FORM, self.name):
            raise ValueError(f"not of the form capability.name: {self.name!r}")

    def __str__(self) -> str:
        return self.name

    @property
    def capability(self) -> str:
        return self.name.partition(".")[0]


def form_check(column: str = "kind") -> sa.CheckConstraint:
    """Return the CHECK on a column that holds the name of a kind: on its form, never on a list."""
    return sa.CheckConstraint(f"{column} ~ '{FORM}'", name=f"{column}_form")
