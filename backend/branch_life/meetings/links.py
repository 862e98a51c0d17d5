"""Where online meetings may take place: addresses of the platforms on the installation's list."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from backend.core.errors import Invalid


def check(url: str, hosts: Sequence[str]) -> None:
    """Raise Invalid unless the host of `url` is one of `hosts` or below one of them.

    An address that names somebody before the host (`https://allowed@other`) has none here: people
    read the first name in it, and programs differ in which one they go to.
    """
    host = _host_of(url)
    if not any(host == allowed or host.endswith(f".{allowed}") for allowed in hosts):
        raise Invalid(
            "url",
            "该链接不在本市允许使用的会议平台之内，请换用允许的平台，或联系系统管理单位。",
            code="meeting_link_not_allowed",
        )


def _host_of(url: str) -> str:
    try:
        parts = urlsplit(url)
        sound = "@" not in parts.netloc and "\\" not in url and parts.port in (None, 443)
        return (parts.hostname or "").rstrip(".").lower() if sound else ""
    except ValueError:
        return ""
