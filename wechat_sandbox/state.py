"""Everything the stand-in remembers, in memory, behind one lock."""

import os
import secrets
import threading
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

from wechat_sandbox import demo_people
from wechat_sandbox.faults import Fault
from wechat_sandbox.templates import OF_THE_DEMO

LOCK = threading.RLock()

# The newest only: a stand-in under load for hours must not eat the machine.
REMEMBERED = 5000
DEMO_GRANTS = 3


@dataclass
class User:
    """A person as one mini-program sees them. `seen` is the time of the last login."""

    unionid: str = ""
    session_key: str = ""
    seen: float | None = None
    blocked: bool = False
    replies_left: int = 0
    replies_until: float = 0


@dataclass
class Code:
    """A login or phone code: once, five minutes; `reusable` for the demo's people."""

    openid: str
    expires_at: float
    phone: str = ""
    country: str = "86"
    used: bool = False
    reusable: bool = False


@dataclass
class Pool:
    """One of the two kinds of access token; they know nothing of each other."""

    token: str | None = None
    expires_at: float = 0
    old: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Failure:
    """What a `rid` stands for. Neither the query nor the body is kept: they hold secrets."""

    path: str
    at: float
    errcode: int
    errmsg: str


@dataclass(frozen=True)
class Delivery:
    """How one push is delivered. `delay` is in seconds."""

    as_xml: bool = False
    duplicate: bool = False
    bad_signature: bool = False
    without_result: bool = False
    delay: float = 0.1


def _setting(name: str, default: str) -> str:
    return os.environ.get(name) or default


def _remembered() -> deque[dict[str, Any]]:
    return deque(maxlen=REMEMBERED)


@dataclass
class State:
    """Settings come from the environment; the made-up appid and secret can never be real ones."""

    appid: str = field(default_factory=lambda: _setting("WECHAT_APPID", "wx0000000000demo01"))
    secret: str = field(default_factory=lambda: _setting("WECHAT_SECRET", "demo-secret"))
    skew: float = 0
    plain: Pool = field(default_factory=Pool)
    stable: Pool = field(default_factory=Pool)
    forced: list[float] = field(default_factory=list)
    users: dict[str, User] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    phones: dict[str, Code] = field(default_factory=dict)
    # Messages a user still accepts, by (openid, template).
    grants: Counter[tuple[str, str]] = field(default_factory=Counter)
    templates: dict[str, list[str]] = field(default_factory=dict)
    # Pages of the released version; empty: every page exists.
    pages: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    quotas: dict[str, int] = field(default_factory=dict)
    # `calls` counts for ever, `used` until the quota is cleared.
    calls: Counter[str] = field(default_factory=Counter)
    used: Counter[str] = field(default_factory=Counter)
    quota_clearings: list[float] = field(default_factory=list)
    failures: dict[str, Failure] = field(default_factory=dict)
    # Method and path only: neither tokens nor codes are written down.
    log: deque[dict[str, Any]] = field(default_factory=_remembered)
    sent: deque[dict[str, Any]] = field(default_factory=_remembered)
    pushes: deque[dict[str, Any]] = field(default_factory=_remembered)
    risky_words: list[str] = field(default_factory=lambda: ["违禁"])
    review_words: list[str] = field(default_factory=lambda: ["待审"])
    push_url: str = ""
    push_token: str = field(default_factory=lambda: _setting("WECHAT_PUSH_TOKEN", "sandboxtoken"))
    push_key: str = field(default_factory=lambda: _setting("WECHAT_PUSH_AES_KEY", "A" * 43))
    # Taken by the next pushes the stand-in makes by itself, in this order.
    next_pushes: list[Delivery] = field(default_factory=list)

    def now(self) -> float:
        """Return seconds since 1970 on the stand-in's own clock."""
        return time.time() + self.skew

    def user(self, openid: str) -> User:
        """Return that user, who comes into being when first spoken of."""
        return self.users.setdefault(openid, User())

    def remember(self, rid: str, failure: Failure) -> None:
        self.failures[rid] = failure
        if len(self.failures) > REMEMBERED:
            del self.failures[next(iter(self.failures))]


def fresh() -> State:
    """Return the state of a stand-in that has just started: the demo's people and templates."""
    state = State()
    for variable, (name, fields) in OF_THE_DEMO.items():
        # The product may know the template's fields by other names: `id:thing4,phrase1`.
        template, _, named = _setting(variable, name).partition(":")
        state.templates[template] = named.split(",") if named else list(fields)
    for code, openid in demo_people.OPENIDS.items():
        state.user(openid)
        state.codes[code] = Code(openid, float("inf"), reusable=True)
        for template in state.templates:
            state.grants[openid, template] = DEMO_GRANTS
    for code, number in demo_people.PHONE_CODES.items():
        state.phones[code] = Code("", float("inf"), phone=number, reusable=True)
    return state


_state = fresh()


def state() -> State:
    return _state


def reset() -> None:
    """Start over, but go on pushing to the same place."""
    global _state
    with LOCK:
        push_url, _state = _state.push_url, fresh()
        _state.push_url = push_url


def new_rid() -> str:
    """Return a request id of the form WeChat puts into its errors."""
    return f"{int(state().now()):08x}-{secrets.randbits(32):08x}-{secrets.randbits(32):08x}"
