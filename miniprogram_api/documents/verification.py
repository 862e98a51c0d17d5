"""What a number answers to anybody: the same for every kind of paper."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from backend.core.errors import NotFound
from miniprogram_api import throttle
from miniprogram_api.http import services, session


def verified(number: str, *registers: Callable[[Session, str], Any]) -> Any:
    """Return what the first register that knows a number says. Raises NotFound, TooFast."""
    who, typed = throttle.client(), number.strip().upper()
    services().verification.check(who)
    for look_up in registers:
        if (found := look_up(session(), typed)) is not None:
            return found
    services().verification.miss(who)
    # The same words whatever is wrong with a number.
    raise NotFound("number_unknown", "没有查到这个编号，请核对后重新输入。")
