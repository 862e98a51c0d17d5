"""Finds in a sheet where its names stand and which column is what: titles above the head, heads of
two rows, numbering, footers with totals are known for what they are."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from backend.core import wording
from backend.core.errors import Invalid
from backend.imports import unheld
from backend.imports.columns import Column, Target
from backend.imports.reading import EMPTY, Rows
from backend.imports.workbook import FIELD

# So far down a head is looked for.
LOOKED_AT = 15
_FOOTER = re.compile(
    r"^(合计|总计|小计|共计|总人数|制表|填表|填报|审核|复核|负责人|备注|说明|注)[:：]?"
)
_DIGITS = re.compile(r"\d{4}")
# How a template says that a column must be filled in.
MUST = "（必填）"
_MUST = wording.key(MUST)


Look = Callable[[str], Column | None]


@dataclass
class Heading:
    """A column as it is found: its place, its name, what it is taken for, or why it is left out."""

    index: int
    header: str
    key: str | None = None
    dropped: str | None = None


@dataclass
class Layout:
    """A sheet understood: its columns, and the rows below its head, footers left out."""

    headings: list[Heading]
    lines: Rows

    @property
    def kept(self) -> list[int]:
        """The places of the columns that may be kept at all."""
        return [one.index for one in self.headings if one.dropped is None]

    def lengths(self, target: Target) -> dict[int, int]:
        """Return how much is kept of a cell in each of those places: what is not known yet may be
        any column."""
        longest = max(column.longest for column in target.columns)
        known = {one.index: target.column(one.key) for one in self.headings if one.key}
        return {
            place: column.longest if (column := known.get(place)) else longest
            for place in self.kept
        }


def understood(rows: Rows, target: Target, notes: list[str]) -> Layout:
    """Find the head of a table; raises Invalid where there is nothing."""
    top = list(islice(rows, LOOKED_AT))
    if not top:
        raise Invalid(FIELD, EMPTY)
    known = _Known(target)
    place = max(range(len(top)), key=lambda i: (known.score(top[i][1]), -i))
    if known.score(top[place][1]) < 2:
        place = next((i for i, (_, cells) in enumerate(top) if sum(map(bool, cells)) > 1), 0)
    if place and _lacks(top[place][1], top[place - 1][1], known):
        place -= 1
    heads, deep = _heads(top, place, known)
    if place:
        skipped = "、".join(str(number) for number, _ in top[:place])
        notes.append(f"第 {skipped} 行在表头之上，未作为数据读取。")
    headings = known.headings(heads)
    lines = _data(chain(top[place + deep :], rows), heads, notes)
    return Layout(headings, lines)


def _lacks(cells: list[str], above: list[str], known: "_Known") -> bool:
    """Say whether names stand in the row above where this one has none."""
    return any(
        text and not _at(cells, i) and known.recognises(text) for i, text in enumerate(above)
    )


def _heads(
    top: Sequence[tuple[int, list[str]]], place: int, known: "_Known"
) -> tuple[list[list[str]], int]:
    """Return for each column its names from the upper to the lower, and how many rows they take."""
    upper = top[place][1]
    below = top[place + 1][1] if place + 1 < len(top) else []
    width = max(len(upper), len(below))
    under = [_at(below, i) for i in range(width)]
    named = [text for i, text in enumerate(under) if text and text != _at(upper, i)]
    # Names alone, of which some are known, and none that is a value: a second row of the head.
    deeper = any(known.recognises(text) for text in named)
    if deeper and not any(_DIGITS.search(text) for text in under):
        return [[_at(upper, i), under[i]] for i in range(width)], 2
    return [[_at(upper, i)] for i in range(width)], 1


def _at(cells: Sequence[str], place: int) -> str:
    return " ".join(cells[place].split()) if place < len(cells) else ""


def _data(rows: Rows, heads: list[list[str]], notes: list[str]) -> Rows:
    names = {wording.key(names[-1] or names[0]) for names in heads} - {""}
    for number, cells in rows:
        filled = [text for text in cells if text]
        first = wording.name(filled[0])
        if _FOOTER.match(first) and len(filled) * 2 <= max(4, len(names)):
            notes.append(f"第 {number} 行是合计或表尾，未作为数据读取。")
        elif len(names) > 1 and {wording.key(text) for text in filled} >= names:
            notes.append(f"第 {number} 行与表头相同，未作为数据读取。")
        else:
            yield number, cells


class _Known:
    """By which names a target knows its columns."""

    def __init__(self, target: Target) -> None:
        columns = target.columns
        self._exact = {wording.key(column.header): column for column in columns}
        # Without what stands in brackets only where that leaves no two alike.
        bare = Counter(_bare(column.header) for column in columns)
        for column in columns:
            names = [_bare(column.header)] if bare[_bare(column.header)] == 1 else []
            for name in (*names, *map(wording.key, column.aliases)):
                self._exact.setdefault(name, column)

    def exactly(self, name: str) -> Column | None:
        whole = wording.key(name).removesuffix(_MUST)
        return self._exact.get(whole) or self._exact.get(_bare(name))

    def loosely(self, name: str) -> Column | None:
        """Return the column of whose names the longest is part of this one."""
        bare = _bare(name)
        within = [known for known in self._exact if len(known) > 1 and known in bare]
        return self._exact[max(within, key=len)] if within else None

    def recognises(self, name: str) -> bool:
        return bool(self.exactly(name) or unheld.why(name))

    def score(self, cells: Sequence[str]) -> int:
        return sum(1 for text in set(cells) if text and self.recognises(text))

    def headings(self, heads: list[list[str]]) -> list[Heading]:
        """Say of each column what it is; of two that could be one, the first."""
        found = [Heading(i, _spoken(names)) for i, names in enumerate(heads)]
        taken: set[str] = set()
        for look in (self.exactly, self.loosely):
            for heading, names in zip(found, heads, strict=True):
                self._settle(heading, names, taken, look)
        return [one for one in found if one.header]

    def _settle(self, heading: Heading, names: list[str], taken: set[str], look: Look) -> None:
        if heading.key or heading.dropped or not heading.header:
            return
        tried = [names[-1], "".join(names), names[0]]
        for name in filter(None, tried):
            column = look(name)
            sure = look == self.exactly or unheld.why(heading.header) is None
            if column and column.key not in taken and sure:
                heading.key = column.key
                taken.add(column.key)
                return
        if any(unheld.why(name) == unheld.NEVER for name in names):
            heading.dropped = unheld.NEVER
        elif look == self.loosely:
            heading.dropped = unheld.why(heading.header)


def _bare(name: str) -> str:
    """Return a name without what is said beside it: （必填）, *, 例."""
    return re.sub(r"[(（\[【].*?[)）\]】]|[*:：]", "", wording.key(name))


def _spoken(names: list[str]) -> str:
    return " ".join(dict.fromkeys(filter(None, names)))
