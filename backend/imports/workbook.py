"""Reads a sheet of an xlsx workbook row by row, after looking whether it may be opened at all.

A workbook is a package of XML parts, and most that is hostile about one shows in their sizes: they
are looked at before anything is inflated, and `zipfile` inflates no more of a part than its size
says. Formulas are never computed: their cells hold what was stored with them.
"""

import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from io import BytesIO
from typing import Any
from xml.parsers import expat

import olefile
import openpyxl
from openpyxl.utils import range_boundaries
from openpyxl.utils.cell import coordinate_to_tuple

from backend.core.errors import Invalid
from backend.forms.cells import UNCOMPUTED

FIELD = "file"
MEGABYTE = 1024 * 1024
MOST_ENTRIES, MOST_UNPACKED = 500, 160 * MEGABYTE
LONGEST_SHEET, LONGEST_STRINGS, LONGEST_PART = 64 * MEGABYTE, 32 * MEGABYTE, 4 * MEGABYTE
# Text that is really there packs 5 to 40 times; what packs more is made to.
HIGHEST_RATIO, LOOKED_AT_FROM = 150, 4 * MEGABYTE
MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 50_000, 200, 1_500_000
MOST_MERGED = 20_000

BROKEN = "文件已损坏或不是 Excel 工作簿，请在表格软件中打开并另存为 .xlsx 后再试。"
TOO_MUCH = "文件解压后的内容过大，请只保留名单所在的工作表后再试。"
LOCKED = "文件有密码，请在表格软件中取消密码、另存后再试。"
OLD = "不支持 .xls 格式，请在表格软件中另存为 .xlsx 或 CSV 后再试。"
WIDE = f"表格超过 {MOST_COLUMNS} 列，请只保留名单所需的列后再试。"
LONG = f"表格超过 {MOST_ROWS} 行，请分成几个文件后再试。"

warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")


def old_office(data: bytes) -> Invalid:
    """Return what is said of a file of Office before 2007, or of one with a password."""
    try:
        with olefile.OleFileIO(BytesIO(data)) as ole:
            locked = ole.exists("EncryptedPackage") or ole.exists("EncryptionInfo")
    except (OSError, ValueError, IndexError):  # its own errors are of the first kind
        return Invalid(FIELD, BROKEN)
    return Invalid(FIELD, LOCKED if locked else OLD)


class _Look:
    """Goes through a sheet's XML once and holds what its cells do not say of themselves: merged
    ranges, and formulas without a result."""

    def __init__(self, part: Any) -> None:
        self.merged: list[str] = []
        self.uncomputed: set[tuple[int, int]] = set()
        self.rows: set[int] = set()
        self._cells, self._at, self._formula, self._value = 0, "", False, False
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler, parser.EndElementHandler = self._begin, self._end
        try:
            parser.ParseFile(part)
        except (expat.ExpatError, zipfile.BadZipFile, ValueError, EOFError, OSError):
            raise Invalid(FIELD, BROKEN) from None

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "c":
            self._cells += 1
            self._at, self._formula, self._value = attributes.get("r", ""), False, False
        elif tag == "f":
            self._formula = True
        elif tag in {"v", "is"}:
            self._value = True
        elif tag == "mergeCell" and len(self.merged) < MOST_MERGED:
            self.merged.append(attributes.get("ref", ""))
        if self._cells > MOST_CELLS:
            raise Invalid(FIELD, TOO_MUCH)

    def _end(self, name: str) -> None:
        if name.endswith(" c") and self._formula and not self._value and self._at:
            row, column = coordinate_to_tuple(self._at)
            self.uncomputed.add((row, column))
            self.rows.add(row)


def rows(data: bytes, notes: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that hold anything with their numbers, as text; `notes` are added to. Raises
    Invalid."""
    with _opened(data) as archive:
        _refuse_bombs(archive)
        book = _workbook(data)
        try:
            sheet = _first_sheet(book, notes)
            with archive.open(sheet._worksheet_path) as part:
                look = _Look(part)
            yield from _rows(sheet, look)
        finally:
            book.close()


@contextmanager
def _opened(data: bytes) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError):
        raise Invalid(FIELD, BROKEN) from None
    with archive:
        yield archive


def _refuse_bombs(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    if any(entry.flag_bits & 1 for entry in entries):
        raise Invalid(FIELD, LOCKED)
    if len(entries) > MOST_ENTRIES or sum(one.file_size for one in entries) > MOST_UNPACKED:
        raise Invalid(FIELD, TOO_MUCH)
    for entry in entries:
        if entry.file_size > _longest(entry.filename.lower().replace("\\", "/")):
            raise Invalid(FIELD, TOO_MUCH)
        packed = max(1, entry.compress_size)
        if entry.file_size > LOOKED_AT_FROM and entry.file_size / packed > HIGHEST_RATIO:
            raise Invalid(FIELD, TOO_MUCH)
    for entry in entries:
        if entry.filename.lower().endswith((".xml", ".rels")):
            _refuse_entities(archive, entry)


def _longest(name: str) -> int:
    if "worksheets/" in name:
        return LONGEST_SHEET
    if "sharedstrings" in name:
        return LONGEST_STRINGS
    # Pictures and what else is not XML are never read.
    return LONGEST_PART if name.endswith((".xml", ".rels")) else MOST_UNPACKED


def _refuse_entities(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Refuse a document type, which no table program writes: entities could be in it."""
    try:
        with archive.open(entry) as part:
            head = part.read(4096).replace(b"\x00", b"")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError):
        raise Invalid(FIELD, BROKEN) from None
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise Invalid(FIELD, BROKEN)


def _workbook(data: bytes) -> Any:
    try:
        return openpyxl.load_workbook(
            BytesIO(data), read_only=True, data_only=True, keep_links=False
        )
    except Exception:  # whatever it stumbles over, the file is what is wrong
        raise Invalid(FIELD, BROKEN) from None


def _first_sheet(book: Any, notes: list[str]) -> Any:
    """Return the first sheet that is to be seen; the others are named."""
    sheets = [one for one in book.worksheets if hasattr(one, "_worksheet_path")]
    seen = [one for one in sheets if one.sheet_state == "visible"] or sheets
    if not seen:
        raise Invalid(FIELD, BROKEN)
    if len(sheets) > 1:
        notes.append(f"文件有 {len(sheets)} 个工作表，只读取第一个可见的工作表。")
    return seen[0]


def _rows(sheet: Any, look: _Look) -> Iterator[tuple[int, list[str]]]:
    sheet.reset_dimensions()  # what a file says of its own size may be anything
    spans = _Spans(look.merged)
    held = 0
    cells = sheet.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True)
    for number, values in enumerate(_sound(cells), start=1):
        if not any(values) and number not in look.rows:
            continue
        texts = ["" if value is None else written(value) for value in values]
        for row, column in _within(look.uncomputed, number, len(texts)):
            texts[column - 1] = UNCOMPUTED if row == number else texts[column - 1]
        spans.fill(number, texts)
        if not any(texts):
            continue
        held += 1
        if texts[MOST_COLUMNS:] and any(texts[MOST_COLUMNS:]):
            raise Invalid(FIELD, WIDE)
        if held > MOST_ROWS:
            raise Invalid(FIELD, LONG)
        yield number, _bare(texts)


def _bare(texts: list[str]) -> list[str]:
    """Return cells without the empty ones at their end."""
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _sound(cells: Iterator[Any]) -> Iterator[Any]:
    try:
        yield from cells
    except Invalid:
        raise
    except Exception:  # see _workbook
        raise Invalid(FIELD, BROKEN) from None


def _within(uncomputed: set[tuple[int, int]], number: int, width: int) -> Iterator[tuple[int, int]]:
    if uncomputed:
        for column in range(1, width + 1):
            if (number, column) in uncomputed:
                yield number, column


class _Spans:
    """Merged ranges, whose value stands in their first cell alone and is meant for all."""

    def __init__(self, ranges: list[str]) -> None:
        bounds = []
        for one in ranges:
            try:
                left, top, right, bottom = range_boundaries(one)
            except (ValueError, TypeError):
                continue
            if None not in (left, top, right, bottom) and right <= MOST_COLUMNS:
                bounds.append((top, left, bottom, right))
        self._coming = sorted(bounds, reverse=True)
        self._open: list[tuple[int, int, int, str]] = []

    def fill(self, number: int, texts: list[str]) -> None:
        """Write into a row what the ranges over it hold."""
        self._open = [one for one in self._open if one[0] >= number]
        while self._coming and self._coming[-1][0] <= number:
            top, left, bottom, right = self._coming.pop()
            if top == number and left <= len(texts):
                self._open.append((bottom, left, right, texts[left - 1]))
        for _, left, right, text in self._open:
            for place in range(left - 1, min(right, len(texts))):
                texts[place] = texts[place] or text


def written(value: Any) -> str:
    """Return a cell's value as text: whole numbers without a point, days as such."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e18 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if not (value.hour or value.minute) else str(value)
    return value.isoformat() if isinstance(value, date) else str(value).strip()
