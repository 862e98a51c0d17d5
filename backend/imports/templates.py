"""Empty lists with their heads and one line as an example, to be filled in and brought back."""

from io import BytesIO
from typing import Any

import openpyxl
from openpyxl.styles import Alignment, Font

from backend.imports.columns import Target
from backend.imports.layout import MUST

WIDTH = 20
TEXT = "@"
# Rows below the head that are text from the start: no digit is lost, no formula computed.
PREPARED = 200


def of(target: Target) -> bytes:
    """Return a workbook: what is said of each column, above the heads, for what stands there is
    never read as a row; the heads, which of them must be filled in; a line as an example."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = target.title
    for place, column in enumerate(target.columns, start=1):
        head = f"{column.header}{MUST if column.required else ''}"
        for row, text in ((1, column.told), (2, head), (3, column.example)):
            if text:
                sheet.cell(row, place, text).data_type = "s"  # never a formula
        sheet.cell(1, place).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.cell(1, place).font = Font(size=9)
        sheet.cell(2, place).font = Font(bold=True)
        letter = sheet.cell(2, place).column_letter
        sheet.column_dimensions[letter].width = WIDTH
        for row in range(3, PREPARED + 3):
            sheet.cell(row, place).number_format = TEXT
    sheet.freeze_panes = "A3"
    out = BytesIO()
    book.save(out)
    return out.getvalue()
