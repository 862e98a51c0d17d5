"""Wire shapes of checks, and the field that shows a text or what stands in its place."""

from typing import Any

from marshmallow.fields import List

from backend.support.text_checks import policy, withheld
from backend.support.text_checks.findings import finding
from backend.support.text_checks.models import TextCheck, TextCheckStatus
from miniprogram_api import fields
from miniprogram_api.http import PageQuery, Schema, actor
from miniprogram_api.people.areas.schemas import AreaRefOut
from miniprogram_api.people.members.schemas import NamedOut


def sentence_for(row: Any, part: str | None = None) -> str | None:
    """Return what the reader sees instead of a text of the row; None: the text itself."""
    found = getattr(row, "withheld", None)
    for text in withheld.read(found) if found else ():
        if part in (None, text.part) and not policy.may_read(actor(), text):
            return text.sentence
    return None


class CheckedBody(fields.Varied, fields.Str):
    """A text that quotes others, or what stands in its place while one of them is withheld."""

    def around(self, plain: fields.Show) -> fields.Show:
        return lambda row: sentence_for(row) or plain(row)


class _Checked(fields.Varied):
    """Shows a sentence where the reader may not see the text."""

    def __init__(self, *args: Any, part: str, **kwargs: Any) -> None:
        self._part = part
        super().__init__(*args, **kwargs)

    def around(self, plain: fields.Show) -> fields.Show:
        part, shown = self._part, super().around(plain)

        def checked(row: Any) -> Any:
            value = shown(row)
            sentence = sentence_for(row, part) if value else None
            if sentence is None:
                return value
            return [sentence] if isinstance(value, list) else sentence

        return checked


class CheckedStr(_Checked, fields.Str):
    pass


class CheckedList(_Checked, List[Any]):
    pass


class GuardedCheckedStr(_Checked, fields.GuardedStr):
    pass


class GuardedCheckedList(_Checked, fields.GuardedList):
    pass


class TextCheckQuery(PageQuery):
    status = fields.Choice(TextCheckStatus)


class Finding(fields.Str):
    """Says why a text waits."""

    def get_value(self, obj: TextCheck, *_args: Any, **_kwargs: Any) -> str:
        return finding(obj)


class TextCheckOut(Schema):
    id = fields.Id(required=True)
    status = fields.Choice(TextCheckStatus, required=True)
    subject = fields.Str(required=True, metadata={"description": "What it belongs to, `table:id`"})
    part = fields.Str(required=True)
    content = fields.Str(
        required=True, metadata={"description": "Empty once it has been decided about"}
    )
    # Null where no member wrote it, and where nobody learns who did.
    author = fields.GuardedPart(NamedOut, attribute="account.member", allowed=policy.may_see_author)
    community = fields.Part(AreaRefOut, required=True, attribute="area")
    finding = Finding(required=True, metadata={"description": "What WeChat found, in words"})
    created_at = fields.Moment(required=True)
    reason = CheckedStr(part="reason", required=True, allow_none=True)
