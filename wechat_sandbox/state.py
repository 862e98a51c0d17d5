"""Everything the stand-in remembers, in memory, behind one lock."""

import os
import secrets
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from wechat_sandbox import demo_people

LOCK = threading.RLock()

CODE_SECONDS = 300
TOKEN_SECONDS = 7200
# A replaced token goes on working this long.
GRACE_SECONDS = 300

REGISTRATION_RESULT = "TPL-REGISTRATION-RESULT"


@dataclass
class Code:
    """A login or phone code: once, five minutes; `reusable` for the demo's people."""

    openid: str
    expires_at: float
    value: str = ""
    used: bool = False
    reusable: bool = False


@dataclass
class Pool:
    """One of the two kinds of access token; they know nothing of each other."""

    token: str | None = None
    expires_at: float = 0
    old: dict[str, float] = field(default_factory=dict)


@dataclass
class State:
    appid: str = field(default_factory=lambda: os.environ.get("WECHAT_APPID", "wx0000000000demo01"))
    secret: str = field(default_factory=lambda: os.environ.get("WECHAT_SECRET", "demo-secret"))
    skew: float = 0
    plain: Pool = field(default_factory=Pool)
    stable: Pool = field(default_factory=Pool)
    forced_at: float = 0
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    phones: dict[str, Code] = field(default_factory=dict)
    # Messages a user still accepts, by (openid, template).
    grants: Counter[tuple[str, str]] = field(default_factory=Counter)
    templates: dict[str, list[str]] = field(default_factory=dict)
    pages: set[str] = field(default_factory=set)
    faults: list[dict[str, Any]] = field(default_factory=list)
    quotas: dict[str, int] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)
    # Method and path only: neither tokens nor codes are written down.
    log: list[dict[str, Any]] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)
    risky_words: list[str] = field(default_factory=lambda: ["违禁"])
    push_url: str = ""
    push_token: str = "sandboxtoken"  # noqa: S105  # the stand-in has nothing to protect
    push_key: str = "A" * 43

    def now(self) -> float:
        return time.time() + self.skew


def fresh() -> State:
    """Return the state of a stand-in that has just started: the demo's people, one template."""
    state = State()
    template = os.environ.get("WECHAT_TEMPLATE_REGISTRATION_RESULT") or REGISTRATION_RESULT
    state.templates[template] = ["thing1", "phrase2", "time3", "thing4"]
    for code, openid in demo_people.OPENIDS.items():
        state.users[openid] = {}
        state.codes[code] = Code(openid, float("inf"), reusable=True)
        state.grants[openid, template] = 3
    for code, number in demo_people.PHONE_CODES.items():
        state.phones[code] = Code("", float("inf"), value=number, reusable=True)
    return state


_state = fresh()


def state() -> State:
    return _state


def reset() -> None:
    """Start over, keeping who we are and where we push to."""
    global _state
    with LOCK:
        _state = fresh()


def new_rid() -> str:
    """Return a request id of the form WeChat puts into its errors."""
    return f"{int(state().now()):08x}-{secrets.randbits(32):08x}-{secrets.randbits(32):08x}"
