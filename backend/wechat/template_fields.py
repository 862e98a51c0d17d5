"""The fields of message templates and what WeChat takes in each, checked before anything is sent.

WeChat refuses a whole message (47003) for one field that is empty, too long or of the wrong form.
"""

import re

_NUMBERED = re.compile(r"([a-z_]+)[0-9]+")
_BLANKS = re.compile(r"[\s\x00-\x1f\x7f]+")
_DATE = r"\d{4}-\d{2}-\d{2}|\d{4}年\d{1,2}月\d{1,2}日"
_TIME = r"\d{1,2}:\d{2}"

# Type of a field -> the values it takes. Narrower than WeChat where the product needs no more.
VALUES = {
    "thing": re.compile(r".{1,20}"),
    "phrase": re.compile(r"[\u4e00-\u9fff]{1,5}"),
    "time": re.compile(rf"(?:(?:{_DATE}) )?{_TIME}(?:~(?:(?:{_DATE}) )?{_TIME})?"),
    "date": re.compile(rf"(?:{_DATE})(?: {_TIME})?"),
    "name": re.compile(r"[\u4e00-\u9fff·]{1,10}|[A-Za-z .]{1,20}"),
    "number": re.compile(r"\d{1,32}"),
    "character_string": re.compile(r"[\x21-\x7e]{1,32}"),
}
LONGEST_THING = 20


class UnfitField(Exception):
    """A value that WeChat would refuse; names the field, never the value."""


def fitted(field: str, text: str) -> str:
    """Return `text` as the field takes it: blanks made one, a `thing` cut. Raises UnfitField."""
    numbered = _NUMBERED.fullmatch(field)
    kind = numbered[1] if numbered else ""
    value = _BLANKS.sub(" ", text).strip()
    if kind == "thing" and len(value) > LONGEST_THING:
        value = value[: LONGEST_THING - 1] + "…"
    if kind not in VALUES or not VALUES[kind].fullmatch(value):
        raise UnfitField(field)
    return value
