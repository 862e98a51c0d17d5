"""What a target of imports declares: its columns, how each is read, and what becomes of a row."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from backend.core.actor import Actor
from backend.core.crypto import Crypto
from backend.forms.cells import Reader
from backend.imports.models import Change
from backend.imports.progress import Silent
from backend.ledger.rulepack import RulePack


@dataclass(frozen=True)
class Column:
    """A column: `header` is its name in templates, `aliases` are others it is met under. `read`
    brings a cell to its value. `told`: what is said of it in a template. `canonical`:
    its value is what people read, too. `longest`: so much of a cell is kept until it is read."""

    key: str
    header: str
    read: Reader
    aliases: tuple[str, ...] = ()
    required: bool = False
    example: str = ""
    told: str = ""
    canonical: bool = True
    longest: int = 500


@dataclass(slots=True)
class Row:
    """A line of a file as it is understood. `values` are those of its columns that hold anything;
    `record` is what of it would be stored, `before` what is stored now, both by name of a part."""

    number: int | None
    texts: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    subject_id: int | None = None
    record: dict[str, Any] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)
    was: dict[str, str] = field(default_factory=dict)
    left: bool = False

    @property
    def change(self) -> Change:
        """What would become of it."""
        if self.problems:
            return Change.PROBLEM
        if self.left:
            return Change.LEFT
        if self.subject_id is None:
            return Change.NEW
        return Change.CHANGED if self.differs else Change.SAME

    @property
    def differs(self) -> bool:
        """Whether what is stored would change."""
        return any(self.before.get(name) != value for name, value in self.record.items())


@dataclass(frozen=True)
class Written:
    """A row that was written: what of the thing it concerns was so before, {} where it is new."""

    subject_id: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True)
class Desk:
    """What a target works with: the transaction, keys, rules, for whom it is (None: whoever runs a
    command on the server, who may everything), and to whom is said how far it is."""

    session: Session
    keys: Crypto
    rules: RulePack
    actor: Actor | None
    progress: Silent = field(default_factory=Silent)


class Comparison(ABC):
    """Holds rows of a file against what is stored, in one transaction, and writes them."""

    def __init__(self, desk: Desk, mapped: frozenset[str]) -> None:
        self.desk, self.mapped = desk, mapped
        self.session = desk.session

    @abstractmethod
    def judge(self, rows: Sequence[Row]) -> None:
        """Fill in what each row is about and would change, or what is wrong with it."""

    @abstractmethod
    def left(self, rows: Sequence[Row]) -> Iterable[Row]:
        """Yield what is stored, lies in what the file speaks of, and does not stand in it."""

    @abstractmethod
    def lock(self, ids: Sequence[int]) -> None:
        """Lock what would change, in order."""

    @abstractmethod
    def write(self, rows: Sequence[Row]) -> None:
        """Write rows that are new or changed; gives those that are new their `subject_id`."""

    @abstractmethod
    def follow(self, ids: Sequence[int]) -> None:
        """Do what follows from things that were written or taken back: their duty years."""

    @abstractmethod
    def built_on(self, written: Sequence[Written]) -> str | None:
        """Return what stands in the way of taking rows back, in words; None: nothing."""

    @abstractmethod
    def take_back(self, written: Sequence[Written]) -> None:
        """Let things be as they were, and new ones not be."""


@dataclass(frozen=True)
class Target:
    """Into what a file is imported. `may`: whether somebody may import it at all; of which rows
    says the comparison. `needs`: without which columns it is not checked, for whom; where that is
    not said, those that are required. `by_somebody`: also whoever runs a command on the server must
    say in whose name."""

    name: str
    title: str
    columns: tuple[Column, ...]
    may: Callable[[Actor], bool]
    compare: Callable[[Desk, frozenset[str]], Comparison]
    needs: Callable[[Actor | None], frozenset[str]] | None = None
    by_somebody: bool = False

    def needed(self, actor: Actor | None) -> frozenset[str]:
        """Return the columns without which a file is not checked."""
        if self.needs is not None:
            return self.needs(actor)
        return frozenset(column.key for column in self.columns if column.required)

    def column(self, key: str) -> Column | None:
        """Return the column of that name."""
        return next((one for one in self.columns if one.key == key), None)


Targets = Mapping[str, Target]
