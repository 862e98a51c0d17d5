"""Wire shapes of minutes."""

from miniprogram_api import fields
from miniprogram_api.http import OneIn, Schema
from miniprogram_api.support.text_checks.schemas import CheckedStr


class MinutesIn(OneIn):
    content = fields.Text(20_000, required=True)


class AmendmentIn(OneIn):
    content = fields.Text(2_000, required=True)


class AmendmentOut(Schema):
    number = fields.Whole(required=True)
    content = CheckedStr(required=True, part="content")
    created_at = fields.Moment(required=True)
    hash = fields.Str(
        required=True, metadata={"description": "SHA-256 of the hash before it and this text"}
    )


class MinutesOut(Schema):
    """The version is the `ETag`, which saving names in `If-Match`; it is 0 before the first one."""

    content = CheckedStr(required=True, part="content")
    version = fields.Whole(required=True)
    saved_at = fields.Moment(required=True, allow_none=True)
    closed = fields.Bool(required=True)
    amendments = fields.ListOf(fields.Part(AmendmentOut), required=True)
