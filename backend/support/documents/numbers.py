"""Public numbers of documents: they say the kind and the year, and cannot be guessed."""

import secrets

from backend.core import clock

# Without what is mistaken for one another on paper: 0 and O, 1 and I.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
# 50 bits: with the throttle on unknown ones, nobody comes upon a number by trying.
LENGTH = 10


def new(prefix: str) -> str:
    """Return a new number, such as `ZM2026G5SF9WTLP8`; a unique constraint is the last word."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return f"{prefix}{clock.today().year}{letters}"
