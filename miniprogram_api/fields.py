"""marshmallow's fields with messages for people, and the limits every input has."""

import enum
from collections.abc import Callable
from typing import Any

from marshmallow import ValidationError, fields, validate
from marshmallow.fields import Field

from backend.core import kinds, personal_numbers, wording
from backend.core.clock import SHANGHAI

BIGINT = 2**63 - 1
# Far beyond any date of the field; arithmetic with offsets stays safe.
EARLIEST, LATEST = 2000, 2100

Messages = dict[str, str | list[Any] | dict[Any, Any]]
Show = Callable[[Any], Any]

_MISSING: Messages = {"required": "此项必填。", "null": "此项不能为空。"}


class Str(fields.String):
    default_error_messages = _MISSING | {"invalid": "请填写文字。"}


class Token(Str):
    """A string of a program's, taken as it comes."""

    def __init__(self, most: int, *, least: int = 1, **kwargs: Any) -> None:
        limits = validate.Length(
            min=least or None, max=most, error=f"请填写 {least} 至 {most} 个字。"
        )
        # Of several lines, too; the document shows the pattern and could not show a flag.
        shape = validate.Regexp(r"^(\S([\s\S]*\S)?)?\Z", error="开头和结尾不能是空格。")
        super().__init__(validate=[limits, shape], **kwargs)


class _Written(Token):
    """A string people type or paste, brought to one form before it is judged."""

    read = staticmethod(wording.prose)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return self.read(super()._deserialize(value, *args, **kwargs))


class Text(_Written):
    """A text that others read: `least` to `most` characters, without blanks at either end, and
    without the numbers of a person. Where such a number has its place, say `guarded=False`."""

    def __init__(self, most: int, *, guarded: bool = True, **kwargs: Any) -> None:
        super().__init__(most, **kwargs)
        self.guarded = guarded
        if guarded:
            self.validators.append(_refuse_personal)


def _refuse_personal(text: str) -> None:
    if kind := personal_numbers.found(text):
        raise ValidationError(personal_numbers.sentence(kind))


class Name(Text):
    """The name of a person: one spelling, whatever keyboard or table it came from."""

    read = staticmethod(wording.name)


class Number(_Written):
    """A number as it stands on a paper or a screen, copied in whatever grouping."""

    read = staticmethod(wording.code)


class Query(_Written):
    """Part of what is looked for; compare it by `wording.key`."""


class Code(Str):
    """A string of a fixed form, given as a regular expression; blanks within are none."""

    read = staticmethod(wording.code)

    def __init__(self, pattern: str, *, error: str, **kwargs: Any) -> None:
        super().__init__(validate=validate.Regexp(rf"^(?:{pattern})\Z", error=error), **kwargs)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return self.read(super()._deserialize(value, *args, **kwargs))


class Kind(Str):
    """`capability.name`: new ones come at any time, so that whoever reads one expects others."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=validate.Regexp(kinds.FORM), **kwargs)


class Phone(Code):
    """A mobile number of eleven digits, however grouped and prefixed."""

    read = staticmethod(wording.phone)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(r"1\d{10}", error="请填写 11 位手机号。", **kwargs)


class Int(fields.Integer):
    """A whole number the database can hold; true and "1.5" are none."""

    default_error_messages = _MISSING | {
        "invalid": "请填写整数。",
        "too_large": "数字过大。",
    }

    def __init__(self, least: int = 0, most: int = BIGINT, **kwargs: Any) -> None:
        limits = validate.Range(least, most, error=f"请填写 {least} 至 {most} 之间的整数。")
        super().__init__(strict=True, validate=limits, **kwargs)

    def _validated(self, value: Any) -> Any:
        if isinstance(value, bool) or (isinstance(value, str) and len(value) > 20):
            raise self.make_error("invalid", input=value)
        return super()._validated(value)


class Id(Int):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(least=1, **kwargs)


class QueryInt(Int):
    """The same in a query string, where every value is text."""

    def _validated(self, value: Any) -> Any:
        if isinstance(value, str) and not value.removeprefix("-").isascii():
            raise self.make_error("invalid", input=value)
        try:
            return super()._validated(int(value) if isinstance(value, str) else value)
        except ValueError:
            raise self.make_error("invalid", input=value) from None


class Bool(fields.Boolean):
    default_error_messages = _MISSING | {"invalid": "请填写 true 或 false。"}

    truthy = {True}
    falsy = {False}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, bool):  # 1 and 1.0 equal True, but are no answer
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


class QueryBool(fields.Boolean):
    truthy = {"true"}
    falsy = {"false"}
    default_error_messages = _MISSING | {"invalid": "请填写 true 或 false。"}


class Day(fields.Date):
    default_error_messages = _MISSING | {
        "invalid": "日期格式应为 2026-01-31。",
        "out_of_range": f"日期应在 {EARLIEST} 至 {LATEST} 年之间。",
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="iso", **kwargs)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        day = super()._deserialize(value, *args, **kwargs)
        if not EARLIEST <= day.year <= LATEST:
            raise self.make_error("out_of_range", input=value)
        return day


class Moment(fields.AwareDateTime):
    """RFC 3339 with an offset; always written in Shanghai's."""

    default_error_messages = _MISSING | {
        "invalid": "时间格式应为 2026-01-31T09:30:00+08:00。",
        "invalid_awareness": "时间必须带时区，例如 2026-01-31T09:30:00+08:00。",
        "format": "时间格式应为 2026-01-31T09:30:00+08:00。",
        "out_of_range": f"时间应在 {EARLIEST} 至 {LATEST} 年之间。",
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="iso", **kwargs)

    def _serialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        local = value.astimezone(SHANGHAI) if value is not None else None
        return super()._serialize(local, *args, **kwargs)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        moment = super()._deserialize(value, *args, **kwargs)
        if not EARLIEST <= moment.year <= LATEST:
            raise self.make_error("out_of_range", input=value)
        return moment


class Choice(fields.Enum[Any]):
    """One of an enum's values."""

    default_error_messages = _MISSING | {"unknown": "可选值：{choices}。"}

    def __init__(self, choices: type[enum.StrEnum], **kwargs: Any) -> None:
        super().__init__(choices, by_value=Str, **kwargs)


class Many(fields.List[Any]):
    """A list of at most `most` entries."""

    default_error_messages = _MISSING | {"invalid": "请填写列表。"}

    def __init__(self, entry: Field[Any], most: int, *, least: int = 0, **kwargs: Any) -> None:
        limits = validate.Length(min=least, max=most, error=f"请填写 {least} 至 {most} 项。")
        super().__init__(entry, validate=limits, **kwargs)


class Part(fields.Nested):
    default_error_messages = _MISSING | {"type": "请填写对象。"}


# For answers only, where nothing is checked.
Whole = fields.Integer
Share = fields.Float
Anything = fields.Dict
Computed = fields.Function
ListOf = fields.List


class Varied(Field[Any]):
    """A field that is not always shown as it is: `around` says what stands in its place."""

    def around(self, plain: Show) -> Show:
        """Return how a row is shown, given how its value is."""
        return plain

    def serialize(self, attr: str, obj: Any, *args: Any, **kwargs: Any) -> Any:
        plain = super().serialize
        return self.around(lambda row: plain(attr, row, *args, **kwargs))(obj)


class _Guarded(Varied):
    """Shows null where `allowed(row)` says that the actor may not see this part of the row."""

    def __init__(self, *args: Any, allowed: Callable[[Any], bool], **kwargs: Any) -> None:
        self._allowed = allowed
        super().__init__(*args, required=True, allow_none=True, **kwargs)

    def around(self, plain: Show) -> Show:
        allowed, shown = self._allowed, super().around(plain)
        return lambda row: shown(row) if allowed(row) else None


class GuardedPart(_Guarded, Part):
    pass


class GuardedStr(_Guarded, Str):
    pass


class GuardedBool(_Guarded, Bool):
    pass


class GuardedChoice(_Guarded, Choice):
    pass


class GuardedList(_Guarded, fields.List[Any]):
    """An empty list instead of null."""

    def around(self, plain: Show) -> Show:
        shown = super().around(plain)
        return lambda row: shown(row) or []
