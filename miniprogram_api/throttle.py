"""Who asks for numbers without signing in, and how often they may be wrong."""

from datetime import timedelta

from flask import request

from backend.core.throttle import Throttle

NUMBERS = Throttle("number", misses=20, within=timedelta(minutes=1))


def client() -> str:
    """Return who asks: behind our proxy the address it wrote last, which no client can choose."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    return forwarded.rpartition(",")[2].strip() or request.remote_addr or ""
