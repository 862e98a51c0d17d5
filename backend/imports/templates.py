"""Empty lists with their heads and one line as an example, to be filled in and brought back."""

from io import BytesIO
from typing import Any

import openpyxl
from openpyxl.styles import Font

from backend.imports.columns import Target

WIDTH = 20
TEXT = "@"
# Rows below the head that are text from the start: no digit is lost, no formula computed.
PREPARED = 200


def of(target: Target) -> bytes:
    """Return a workbook: the heads, which of them must be filled in, and a line as an example."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = target.title
    for place, column in enumerate(target.columns, start=1):
        head = f"{column.header}{'（必填）' if column.required else ''}"
        for row, text in ((1, head), (2, column.example)):
            if text:
                sheet.cell(row, place, text).data_type = "s"  # never a formula
        sheet.cell(1, place).font = Font(bold=True)
        letter = sheet.cell(1, place).column_letter
        sheet.column_dimensions[letter].width = WIDTH
        for row in range(2, PREPARED + 2):
            sheet.cell(row, place).number_format = TEXT
    sheet.freeze_panes = "A2"
    out = BytesIO()
    book.save(out)
    return out.getvalue()
