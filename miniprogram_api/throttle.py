"""Slows down whoever tries numbers: so many unknown ones a minute, then 429.

Kept in the memory of each process: what it protects is not guessable anyway (50 bits), so a count
that a restart forgets is enough. What is found costs nothing, so that nobody who checks real papers
ever waits.
"""

import time
from collections import deque
from threading import Lock

from flask import request

from backend.core.errors import TooFast

MISSES, WITHIN_SECONDS, CLIENTS = 20, 60.0, 10_000


class Throttle:
    def __init__(self) -> None:
        self._misses: dict[str, deque[float]] = {}
        self._lock = Lock()

    def check(self, client: str) -> None:
        """Raise TooFast when `client` has lately asked for too much that does not exist."""
        with self._lock:
            recent = self._recent(client)
            if len(recent) >= MISSES:
                wait = int(WITHIN_SECONDS - (time.monotonic() - recent[0])) + 1
                raise TooFast(
                    "too_many_tries", "查询过于频繁，请一分钟后再试。", retry_after_seconds=wait
                )

    def miss(self, client: str) -> None:
        with self._lock:
            if len(self._misses) >= CLIENTS:
                self._misses.clear()  # rather forget than grow
            self._misses.setdefault(client, deque()).append(time.monotonic())

    def _recent(self, client: str) -> deque[float]:
        times = self._misses.get(client, deque())
        while times and times[0] < time.monotonic() - WITHIN_SECONDS:
            times.popleft()
        if not times:
            self._misses.pop(client, None)
        return times


def client() -> str:
    """Return who asks: behind our proxy the address it wrote last, which no client can choose."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    return forwarded.rpartition(",")[2].strip() or request.remote_addr or ""
