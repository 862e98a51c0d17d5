"""JSON log lines on stderr, each with the request id, none with personal data."""

import logging
from contextvars import ContextVar

from pythonjsonlogger.json import JsonFormatter

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)

# What the product says itself. Libraries are heard when something is amiss: below that they tell
# what they work on, and that is URLs with secrets, names, whole job arguments.
_OURS = (
    "access",
    "api",
    "attachments",
    "jobs",
    "wechat",
    "backend",
    "miniprogram_api",
    "gunicorn.error",
)


class _WithRequestId(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True


def configure(level: str) -> None:
    """Send every logger of the process through one handler; `level` is that of our own.

    Calling it again changes the level.
    """
    handler = logging.StreamHandler()
    handler.addFilter(_WithRequestId())
    handler.setFormatter(
        JsonFormatter(
            "{asctime}{levelname}{name}{request_id}{message}",
            style="{",
            datefmt="%Y-%m-%dT%H:%M:%S%z",
            rename_fields={"asctime": "time", "levelname": "level", "name": "logger"},
            json_ensure_ascii=False,
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _OURS:
        logging.getLogger(name).setLevel(root.level)
    root.setLevel(max(logging.WARNING, root.level))
