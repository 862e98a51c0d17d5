"""Reads a file that somebody brings, whatever saved it, as rows of text. Raises Invalid for what is
no table, in words that say what to do."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from backend.core import tables
from backend.core.errors import Invalid
from backend.imports import workbook
from backend.imports.workbook import FIELD, LONG, MOST_COLUMNS, MOST_ROWS, WIDE

LARGEST = 10 * 1024 * 1024
TOO_LARGE = "文件超过 10 MB，请分成几个文件后再试。"
EMPTY = "文件中没有内容。"
DELIMITERS = ",\t;|，"
_LOOKED_AT = 20
_QUOTED = re.compile(r'"(?:[^"]|"")*"(.)')
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

Rows = Iterator[tuple[int, list[str]]]


def rows(data: bytes, notes: list[str]) -> Rows:
    """Yield the rows that hold anything with their numbers; `notes` says what was not read."""
    if not data.strip():
        raise Invalid(FIELD, EMPTY)
    if len(data) > LARGEST:
        raise Invalid(FIELD, TOO_LARGE)
    if data.startswith(_OLE):
        raise workbook.old_office(data)
    if data.startswith(_ZIP):
        return workbook.rows(data, notes)
    return _bounded(_text_rows(tables.decoded(data, FIELD)))


def _text_rows(text: str) -> Rows:
    yield from tables.lines(text, FIELD, delimiter_of(text))


def delimiter_of(text: str) -> str:
    """Return what parts the cells: what stands behind a first cell in quotes, else what stands most
    evenly in the first lines."""
    quoted = _QUOTED.match(text.removeprefix("\ufeff"))
    if quoted is not None and quoted[1] in DELIMITERS:
        return quoted[1]
    heads = [line for line in islice(text.splitlines(), _LOOKED_AT) if line.strip()]

    def evenness(sign: str) -> tuple[int, int]:
        counts = Counter(line.count(sign) for line in heads if sign in line)
        if not counts:
            return 0, 0
        each, times = counts.most_common(1)[0]
        return times, each

    return max(DELIMITERS, key=evenness)


def _bounded(found: Rows) -> Rows:
    for held, (number, cells) in enumerate(found, start=1):
        if held > MOST_ROWS:
            raise Invalid(FIELD, LONG)
        if any(cells[MOST_COLUMNS:]):
            raise Invalid(FIELD, WIDE)
        yield number, cells[:MOST_COLUMNS]
