"""The second factor: codes of an app that tells the time, and codes on paper for a lost phone."""

import secrets
from datetime import datetime

import pyotp

from backend.core import wording

STEP_SECONDS = 30
PAPERS = 10
_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def new_secret() -> str:
    return pyotp.random_base32()


def address(secret: str, name: str, issuer: str) -> str:
    """Return what an app reads as a code to scan."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=issuer)


def step(secret: str, code: str, *, after: int | None, now: datetime) -> int | None:
    """Return the step of time whose code this is, now or a step before or behind; None: of none, or
    of one not later than `after`."""
    here, totp = int(now.timestamp()) // STEP_SECONDS, pyotp.TOTP(secret)
    for one in (here, here - 1, here + 1):
        if secrets.compare_digest(totp.generate_otp(one).encode(), code.encode()):
            return one if after is None or one > after else None
    return None


def new_papers() -> list[str]:
    """Return recovery codes, 50 bits each, as they are written down."""
    return [f"{_five()}-{_five()}" for _ in range(PAPERS)]


def _five() -> str:
    return "".join(secrets.choice(_SIGNS) for _ in range(5))


def plain(code: str) -> str:
    """Return a code as it is compared, however it was typed."""
    return wording.code(code).replace("-", "").upper()
