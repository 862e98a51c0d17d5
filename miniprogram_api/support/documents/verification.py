"""What a number answers to anybody: the same for every kind of paper."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from backend.core import wording
from backend.core.errors import NotFound
from miniprogram_api.http import session
from miniprogram_api.throttle import NUMBERS, client


class NumberUnknown(NotFound):
    """There is no such paper; that somebody tried is counted."""

    keeps = True


def verified(number: str, *registers: Callable[[Session, str], Any]) -> Any:
    """Return what the first register that knows a number says. Raises NumberUnknown, TooFast."""
    who = client()
    typed = wording.code(number).upper()
    NUMBERS.take(session(), who)
    for look_up in registers:
        if (found := look_up(session(), typed)) is not None:
            NUMBERS.give_back(session(), who)
            return found
    # The same words whatever is wrong with a number.
    raise NumberUnknown("number_unknown", "没有查到这个编号，请核对后重新输入。")
