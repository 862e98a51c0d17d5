"""Find rows by what people type: a part of a name in Chinese, its pinyin, or its initials.

A row keeps how its names read beside them, written whenever they change. Finding asks that one
column and runs no further statement.
"""

import importlib
import re
import unicodedata
from functools import cache
from itertools import pairwise
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import (
    DeclarativeBase,
    InstrumentedAttribute,
    Mapped,
    Mapper,
    Session,
    mapped_column,
)

from backend.core import wording

_RUN = re.compile(r"[a-z]+|[0-9]+|.", re.DOTALL)
_LETTERS = re.compile(r"[a-z0-9]+")


class Findable:
    """A row that is found by `FOUND_BY`, the names of its own columns."""

    FOUND_BY: tuple[str, ...] = ("name",)

    # The folded names, and below them how each of their characters may be read.
    found_as: Mapped[str] = mapped_column(
        server_default="", default="", deferred=True, sort_order=95
    )


class QuicklyFindable(Findable):
    """A row of a list so long that an index has to say which rows may be meant at all."""

    # Every two signs that follow each other in a name, or in how it may be typed.
    pairs: Mapped[list[str]] = mapped_column(
        server_default="{}", default=list, deferred=True, sort_order=96
    )


@sa.event.listens_for(Findable, "before_insert", propagate=True)
@sa.event.listens_for(Findable, "before_update", propagate=True)
def _spell(_mapper: Mapper[Any], _connection: sa.Connection, row: Any) -> None:
    state = sa.inspect(row)
    if any(state.attrs[name].history.has_changes() for name in row.FOUND_BY):
        names = [getattr(row, name) for name in row.FOUND_BY]
        row.found_as = spelled(*names)
        if isinstance(row, QuicklyFindable):
            row.pairs = paired(*names)


def spelled(*names: str | None) -> str:
    """Return what `found_by` looks in: "国贸" becomes "国贸" above "guo mao"."""
    folded = [wording.key(name) for name in names if name]
    return "\n".join([*folded, *(_read(name) for name in folded)])


def paired(*names: str | None) -> list[str]:
    """Return what `found_quickly` looks in: no query of two signs or more that means a name holds
    two that are not here."""
    found: set[str] = set()
    for name in filter(None, names):
        folded = wording.key(name)
        found |= _pairs(folded)
        read = [_readings(run) for run in _RUN.findall(folded)]
        read = [readings for readings in read if readings]
        found |= {pair for readings in read for one in readings for pair in _pairs(one)}
        for before, after in pairwise(read):
            ends = {letter for one in before for letter in one}
            found |= {end + one[0] for end in ends for one in after}
    return sorted(found)


def _pairs(text: str) -> set[str]:
    return {text[place : place + 2] for place in range(len(text) - 1)}


def found_quickly(model: type[QuicklyFindable], q: str) -> sa.ColumnElement[bool]:
    """Say whether `q` means a row, where an index answers unless `q` is a single sign."""
    sought = wording.key(q)
    letters = _letters(sought)
    asked = _pairs(letters if _LETTERS.fullmatch(letters) else sought)
    column: Any = model.found_as
    meant = found_in(column, q)
    return sa.and_(model.pairs.contains(sorted(asked)), meant) if asked else meant


def _read(folded: str) -> str:
    return " ".join("/".join(_readings(run)) for run in _RUN.findall(folded))


@cache
def _readings(run: str) -> tuple[str, ...]:
    """Return all readings of a character: who looks for 重庆路 may know only one of 重."""
    if run.isascii():
        return (run,) if run.isalnum() else ()
    # Its dictionaries take 57 MB, and only where names are written.
    pypinyin = importlib.import_module("pypinyin")
    [found] = pypinyin.pinyin(run[0], style=pypinyin.Style.NORMAL, heteronym=True)
    read = [one for one in found if one.isascii()]
    return tuple(dict.fromkeys([*read, *(one.replace("v", "u") for one in read)]))


def found_by(
    column: InstrumentedAttribute[str], name: InstrumentedAttribute[str], q: str
) -> sa.ColumnElement[bool]:
    """Say whether `q` means a row, taken literally: a part of a name, its pinyin, its initials.

    `name` is asked as well: a row that an older program wrote has no readings yet.
    """
    sought = wording.key(q)
    if not sought:
        return sa.false()
    return sa.or_(wording.sought(name).contains(sought, autoescape=True), found_in(column, q))


def found_in(column: InstrumentedAttribute[str], q: str) -> sa.ColumnElement[bool]:
    """Say the same of rows of which all have their readings, so that an index can answer."""
    sought = wording.key(q)
    if not sought:
        return sa.false()
    # Within a reading nobody begins: uang is no huang.
    if _LETTERS.fullmatch(letters := _letters(sought)):
        return column.regexp_match(_pattern(letters))
    return column.contains(sought, autoescape=True)


# What pinyin is printed with, and the signs that part syllables.
_PRINTED = str.maketrans({"ɑ": "a", "ɡ": "g", "'": "", "’": "", "ʼ": "", "-": ""})


def _letters(sought: str) -> str:
    """Return what may be pinyin without its tones: lǚ, lü and lu are found alike, as lv is."""
    apart = unicodedata.normalize("NFD", sought.translate(_PRINTED))
    return "".join(one for one in apart if not unicodedata.combining(one))


def _pattern(letters: str) -> str:
    """Each letter follows the one before, or begins the next character's reading; dots and brackets
    between characters have none."""
    start = r"(?:[a-z0-9]+/)*"
    following = rf"(?:[a-z0-9/]* +{start})?"
    return rf"(?:^|[ \n]){start}" + following.join(letters)


def fill(session: Session, base: type[DeclarativeBase], *, at_once: int = 500) -> int:
    """Write the readings of rows that have none: an older program wrote them. Repeatable."""
    mapped = (mapper.class_ for mapper in base.registry.mappers)
    return sum(_fill(session, one, at_once) for one in mapped if issubclass(one, Findable))


def _fill(session: Session, findable: type[Any], at_once: int) -> int:
    names = [getattr(findable, name) for name in findable.FOUND_BY]
    empty = sa.select(findable.id, *names).where(findable.found_as == "", names[0] != "")
    written = 0
    while rows := session.execute(empty.order_by(findable.id).limit(at_once)).all():
        values = [{"id": row[0], "found_as": spelled(*row[1:])} for row in rows]
        session.execute(sa.update(findable), values)
        session.flush()
        written += len(rows)
    return written
