"""A list as it is sent, and a template as it is answered."""

from typing import Any

from backend.core.errors import TooLarge
from backend.imports.reading import LARGEST, TOO_LARGE
from miniprogram_api import multipart
from miniprogram_api.body import UNSTORABLE, storable

TARGET = "target"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BODY = multipart.body(f"{XLSX}, text/csv", {TARGET: {"type": "string", "maxLength": 64}}, [TARGET])
WORKBOOK: dict[str, Any] = {
    "responses": {
        "200": {
            "description": "A workbook",
            "content": {XLSX: {"schema": {"type": "string", "contentMediaType": XLSX}}},
        }
    }
}


def read_table() -> tuple[str, bytes, str]:
    """Return a list's name and bytes, and into what it is to be imported."""
    sent = multipart.read(LARGEST, TooLarge("file_too_large", TOO_LARGE), (TARGET,))
    target = sent.words.get(TARGET, "")
    if not target or not storable(target):
        multipart.refuse({TARGET: UNSTORABLE if target else "此项必填。"})
    return sent.name if storable(sent.name) else "", sent.data, target
