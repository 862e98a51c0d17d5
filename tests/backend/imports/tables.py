"""Tables as the field's programs save them, made by the tests. Nobody in them exists; no number in
them can be dialled."""

import zipfile
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

import openpyxl


def book(
    rows: Iterable[Sequence[Any]],
    *,
    merged: Sequence[str] = (),
    formats: dict[str, str] | None = None,
    more: Sequence[str] = (),
) -> bytes:
    """Return a workbook; `formats` by cell, `more`: names of further sheets."""
    made = openpyxl.Workbook()
    sheet: Any = made.active
    for row in rows:
        sheet.append(list(row))
    for cells in merged:
        sheet.merge_cells(cells)
    for cell, shape in (formats or {}).items():
        sheet[cell].number_format = shape
    for name in more:
        made.create_sheet(name)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def text(rows: Iterable[Sequence[str]], encoding: str = "utf-8", sign: str = ",") -> bytes:
    return "".join(sign.join(row) + "\r\n" for row in rows).encode(encoding)


def changed(workbook: bytes, parts: dict[str, bytes | None]) -> bytes:
    """Return a workbook with some of its parts written anew, added, or taken out."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(workbook)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for entry in old.infolist():
            if entry.filename not in parts:
                new.writestr(entry.filename, old.read(entry))
        for name, content in parts.items():
            if content is not None:
                new.writestr(name, content)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def sheet(body: str, head: str = "") -> bytes:
    """Return the XML of a sheet that holds these rows."""
    return (
        f'<?xml version="1.0"?>{head}<worksheet xmlns="{SPREADSHEET}">'
        f"<sheetData>{body}</sheetData></worksheet>"
    ).encode()
