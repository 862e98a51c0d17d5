"""Breaks Chinese text into lines: anywhere, except before what closes and after what opens."""

from collections.abc import Callable, Iterator

CLOSING = "，。、；：？！）》〉」』】〕”’%％"
OPENING = "（《〈「『【〔“‘"


def broken(text: str, *, width: float, measure: Callable[[str], float]) -> Iterator[str]:
    """Yield the lines of one paragraph, none wider than `width` but for a hanging sign."""
    line = ""
    for part in _parts(text):
        if line and measure(line + part) > width and part[0] not in CLOSING:
            yield line
            line = ""
        line += part
    if line:
        yield line


def _parts(text: str) -> Iterator[str]:
    """Yield what must stay together: a number or word, an opening sign with what follows."""
    part = ""
    for character in text:
        joined = part and (part[-1] in OPENING or (_latin(part[-1]) and _latin(character)))
        if part and not joined:
            yield part
            part = ""
        part += character
    if part:
        yield part


def _latin(character: str) -> bool:
    return character.isascii() and not character.isspace()
