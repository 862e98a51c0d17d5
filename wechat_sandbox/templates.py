"""Message templates and the limits of each type of field, as WeChat publishes them.

thing: 20 characters; number, letter, character_string: 32; symbol: 5; phrase: 5 Chinese
characters; name: 10 Chinese characters or 20 letters; phone_number: 17; car_number: 8; amount: one
currency sign and ten digits; time: 24 hours, may follow a date and be a range with `~`. An empty
value or one with control characters is refused like one that is too long.
"""

import re

# Variable that holds a template's id -> the id without it, and its fields.
_RESULT, _REMINDER = ("thing1", "phrase2", "time3", "thing4"), ("thing1", "time2", "thing3")
OF_THE_DEMO = {
    "WECHAT_TEMPLATE_REGISTRATION_RESULT": ("TPL-REGISTRATION-RESULT", _RESULT),
    "WECHAT_TEMPLATE_SERVICE_RESULT": ("TPL-SERVICE-RESULT", _RESULT),
    "WECHAT_TEMPLATE_CLAIM_RESULT": ("TPL-CLAIM-RESULT", _RESULT),
    "WECHAT_TEMPLATE_MEETING_REMINDER": ("TPL-MEETING-REMINDER", _REMINDER),
    "WECHAT_TEMPLATE_DEADLINE_REMINDER": ("TPL-DEADLINE-REMINDER", _REMINDER),
    "WECHAT_TEMPLATE_INVITATION": ("TPL-INVITATION", _REMINDER),
}

_NUMBERED = re.compile(r"([a-z_]+)[0-9]+")
_DAY = r"[0-9]{4}(年[0-9]{1,2}月[0-9]{1,2}日|-[0-9]{1,2}-[0-9]{1,2}|/[0-9]{1,2}/[0-9]{1,2})"
_CLOCK = r"([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?"
_MOMENT = rf"({_DAY} ?)?{_CLOCK}"

# Field type -> the form of its value.
FORMS = {
    "thing": r"[^\x00-\x1f\x7f]{1,20}",
    "number": r"(?=.{1,32}\Z)-?[0-9]+(\.[0-9]+)?",
    "letter": r"[A-Za-z]{1,32}",
    "symbol": r"[^\w\s]{1,5}",
    "character_string": r"[\x21-\x7e]{1,32}",
    "time": rf"{_MOMENT}(~{_MOMENT})?",
    "date": rf"{_DAY}( ?{_CLOCK})?(~{_DAY}( ?{_CLOCK})?)?",
    "amount": r"[^\w\s]?[0-9]{1,10}(\.[0-9]+)?元?",
    "phone_number": r"[0-9+\-() ]{1,17}",
    "car_number": r"[\u4e00-\u9fff]?[A-Z0-9]{1,7}[\u4e00-\u9fff]?",
    "name": r"[\u4e00-\u9fff·]{1,10}|[A-Za-z .]{1,20}",
    "phrase": r"[\u4e00-\u9fff]{1,5}",
}


def is_field(name: str) -> bool:
    """Return whether `name` is a type WeChat knows and a number, as in `thing1`."""
    numbered = _NUMBERED.fullmatch(name)
    return numbered is not None and numbered[1] in FORMS


def fits(name: str, value: object) -> bool:
    numbered = _NUMBERED.fullmatch(name)
    if numbered is None or not isinstance(value, str):
        return False
    return re.fullmatch(FORMS[numbered[1]], value) is not None


def content_of(fields: list[str]) -> str:
    """Return the template's text as WeChat lists it."""
    return "\n".join(f"{field}:{{{{{field}.DATA}}}}" for field in fields)
