"""Who asks without signing in, and how often what is dear or may be guessed is answered."""

from collections.abc import Callable
from datetime import timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TypeVar

from flask import current_app, request
from sqlalchemy.orm import Session

from backend.core.errors import Unavailable
from backend.core.throttle import Throttle
from miniprogram_api.http import outside, services

T = TypeVar("T")

NUMBERS = Throttle("number", 20, timedelta(minutes=1))
# Of an address, of which there may be one for all that stand in a hall: what failed counts, and
# what is under way.
SIGN_INS = Throttle("sign_in", 60, timedelta(minutes=1), "登录失败的次数过多")
# The same by name and password, each of which is dear to try.
STAFF_SIGN_INS = Throttle("staff_sign_in", 30, timedelta(minutes=1), "登录失败的次数过多")
# Codes that consoles of an address ask for, and what an account scans that is none.
CONSOLE_LOGINS = Throttle("console_login", 120, timedelta(minutes=1), "刷新二维码的次数过多")
SCANS = Throttle("console_scan", 20, timedelta(minutes=10))
# Of an account; each costs a call to WeChat and may put an application before a secretary.
BINDINGS = Throttle("phone_binding", 10, timedelta(hours=1), "手机号验证的次数过多")


def limited(throttle: Throttle, who: str, call: Callable[[], T], *, costs: bool = False) -> T:
    """Ask WeChat as `outside` does, counting before; what succeeded counts only if it `costs`.

    Counted in a transaction of its own, so that it stays whatever becomes of the request. Raises
    TooFast before anybody is asked.
    """
    outside(lambda: _apart(throttle.take, who))
    try:
        answer = outside(call)
    except Unavailable:
        _apart(throttle.give_back, who)
        raise
    if not costs:
        _apart(throttle.give_back, who)
    return answer


def _apart(step: Callable[[Session, str], None], who: str) -> None:
    with current_app.database.transaction() as own:  # type: ignore[attr-defined]  # MiniProgramApi
        step(own, who)


def client() -> str:
    """Return who asks, as the keyed hash of the address: that itself says where somebody is."""
    return services().crypto.lookup(_network(address()), purpose="throttle.address")


def address() -> str:
    """Return the client's address: what the last of our proxies wrote, which no client chooses.

    Without one of TRUSTED_PROXIES in between it is who speaks to us, whatever the header says.
    """
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    hops = [hop.strip() for hop in forwarded if hop.strip()]
    found = request.remote_addr or ""
    while hops and _is_proxy(found):
        found = hops.pop()
    return found


def _is_proxy(text: str) -> bool:
    trusted = services().settings.trusted_proxies.split(",")
    if not text:  # a socket of this machine
        return "unix" in trusted
    found = _parsed(text)
    networks = (ip_network(one, strict=False) for one in trusted if one not in ("", "unix"))
    return found is not None and any(found in network for network in networks)


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def _network(text: str) -> str:
    """Return what counts as one: whoever has an IPv6 address has 2**64 of them."""
    found = _parsed(text)
    if isinstance(found, IPv6Address):
        return str(ip_network((found, 64), strict=False))
    return str(found) if found else text[:64]
