"""A table as it is answered: a file that is read piece by piece, and then is no more."""

import enum
from collections.abc import Iterator
from typing import IO, Any

from flask import Response

from miniprogram_api.imports.uploads import XLSX

PIECE = 64 * 1024


class TableFormat(enum.StrEnum):
    XLSX = "xlsx"
    CSV = "csv"


_TYPES = {TableFormat.XLSX: XLSX, TableFormat.CSV: "text/csv"}
TABLE: dict[str, Any] = {
    "responses": {
        "200": {
            "description": "A table",
            "content": {
                kind: {"schema": {"type": "string", "contentMediaType": kind}}
                for kind in _TYPES.values()
            },
        }
    }
}


def table(made: IO[bytes], shape: TableFormat, name: str) -> Response:
    """Answer with a file to be kept, which nobody between may keep."""
    kind = f"{_TYPES[shape]}; charset=utf-8" if shape is TableFormat.CSV else _TYPES[shape]
    answer = Response(_pieces(made), content_type=kind)
    answer.headers["Content-Disposition"] = f"attachment; filename={name}.{shape}"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _pieces(made: IO[bytes]) -> Iterator[bytes]:
    with made:
        while piece := made.read(PIECE):
            yield piece
