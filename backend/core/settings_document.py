"""Prints docs/settings.md from the settings themselves, so that the table cannot go stale."""

from pathlib import Path

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from backend.core.settings import PROJECT, Settings

HEAD = """# Settings

Read from the environment when a process starts; a wrong or missing one stops it with its name.
Printed from `backend/core/settings.py` by `make settings-doc`.

| variable | default | meaning |
|---|---|---|
"""

OTHERS = """
Read by `gunicorn.conf.py` and `make run` only:

| variable | default | meaning |
|---|---|---|
| `PORT` | `8000` | where the API listens, on 127.0.0.1 |
| `API_BIND` | - | where it listens instead, `address:port`; for containers |
| `WEB_WORKERS` | `2` | processes of gunicorn |
| `WEB_THREADS` | `16` | threads of each |
| `DATA_DIR` | `.data` | data, secrets and lock of `make run` |
| `SANDBOX_PORT` | a free one | where the stand-in for WeChat listens |
"""


def document() -> str:
    rows = (_row(name, field) for name, field in Settings.model_fields.items())
    return HEAD + "".join(rows) + OTHERS


def _row(name: str, field: FieldInfo) -> str:
    return f"| `{name.upper()}` | {_default(field)} | {field.description} |\n"


def _default(field: FieldInfo) -> str:
    default = field.default
    if default is PydanticUndefined:
        return "required"
    if default is None or default in ("", SecretStr("")):
        return "-"
    if isinstance(default, Path):  # no path of this machine
        default = default.relative_to(PROJECT)
    return f"`{default}`"
