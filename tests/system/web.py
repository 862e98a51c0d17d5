"""gunicorn alone, as it serves a city, on the empty database of the tests."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from backend.core.settings import Settings
from tests.system.city import KEYS, ROOT, SECRET, answers, eventually, free_port


@contextmanager
def serving(settings: Settings, folder: Path) -> Iterator[int]:
    """Serve on a free port until the end; return it."""
    port = free_port()
    environment = {
        **os.environ,
        **KEYS,
        "APP_ENV": "demo",
        "DATABASE_URL": settings.database_url.get_secret_value(),
        "WECHAT_APPID": "wx0000000000test01",
        "WECHAT_SECRET": SECRET,
        "WECHAT_API_BASE": "http://127.0.0.1:9",
        "PORT": str(port),
        "ATTACHMENT_STORE": str(folder / "attachments"),
    }
    command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "wsgi:app"]
    with (folder / "web.log").open("ab") as log:
        web = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=log, stderr=log)
    try:
        eventually(lambda: answers(f"http://127.0.0.1:{port}/live"), seconds=60)
        yield port
    finally:
        web.terminate()
        web.wait(40)


def dial(port: int, said: bytes = b"") -> socket.socket:
    """Open a connection and say something."""
    line = socket.create_connection(("127.0.0.1", port), timeout=15)
    line.sendall(said)
    return line


def hear(line: socket.socket) -> bytes:
    """Return all that is said until the other side hangs up."""
    heard = b""
    while more := line.recv(65536):
        heard += more
    return heard
