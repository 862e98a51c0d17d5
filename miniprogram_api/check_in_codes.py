"""The wire shape of rotating codes at a venue."""

from miniprogram_api import fields
from miniprogram_api.http import Schema


class CheckInCodeOut(Schema):
    code = fields.Str(required=True, metadata={"description": "To be scanned"})
    digits = fields.Str(required=True, metadata={"description": "The same, to be typed"})
    expires_at = fields.Moment(required=True)
    refresh_after = fields.Whole(
        required=True, metadata={"description": "In so many seconds there is a new one"}
    )
    image = fields.Str(required=True, metadata={"description": "A data: URI of the QR code"})
