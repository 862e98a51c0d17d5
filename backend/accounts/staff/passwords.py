"""Passwords: hashed so that guessing is dear, and none that stands on a list."""

import re
import secrets
import unicodedata
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from backend.core import wording
from backend.core.errors import Invalid

LEAST, MOST = 12, 128
# Argon2id with what OWASP names for servers: 19 MiB a try, so that many at once fit into memory.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# The commonest of those that leaked, and some of ours; one a line, in lower case.
_LIST = Path(__file__).with_name("common_passwords.txt")
# Without what is easily taken for something else.
_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def hashed(password: str) -> str:
    return _HASHER.hash(_plain(password))


def fits(password: str, stored: str | None) -> bool:
    """Say whether a password is the stored one. Where none is stored it takes as long."""
    try:
        fitting = _HASHER.verify(stored or _nobodys(), _plain(password))
    except (VerificationError, InvalidHashError):
        return False
    return fitting and stored is not None


@cache
def _nobodys() -> str:
    return _HASHER.hash(secrets.token_urlsafe(32))


def _plain(password: str) -> str:
    """One spelling for all keyboards."""
    return unicodedata.normalize("NFKC", password)


def one_time() -> str:
    """Return a password to be handed over: four groups of four, 80 bits."""
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(4)) for _ in range(4))


def check(password: str, *names: str) -> None:
    """Refuse a new password that is short, like a name, or on the list. Raises Invalid."""
    plain = _plain(password).lower()
    if not LEAST <= len(plain) <= MOST:
        raise _refused(f"密码须为{LEAST}至{MOST}个字符。")
    keys = [key for key in map(wording.key, names) if len(key) >= 2]
    if any(key in wording.key(plain) for key in keys):
        raise _refused("密码不能包含姓名或登录名。")
    if plain.isdigit() or len(set(plain)) < 5 or _common(plain):
        raise _refused("这个密码过于常见，容易被猜到，请换一个，例如几个不相关的词。")


def _common(plain: str) -> bool:
    """Whether it stands on the list: as it is, between digits and signs, or several times over."""
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain)
    tried = (plain, core, _once(plain), _once(core))
    return any(one in _known() for one in tried if len(one) >= 4)


def _once(text: str) -> str:
    return re.sub(r"^(.+?)\1+$", r"\1", text)


@cache
def _known() -> frozenset[str]:
    return frozenset(_LIST.read_text(encoding="ascii").split())


def _refused(message: str) -> Invalid:
    return Invalid("password", message, code="password_refused")
