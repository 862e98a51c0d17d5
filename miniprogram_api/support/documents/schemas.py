"""Wire shapes of papers and of what anybody may learn by their numbers."""

from backend.support.documents.verification import ReceiptStatus
from miniprogram_api import fields
from miniprogram_api.http import Schema


class LinkQuery(Schema):
    expires = fields.Str(required=True)
    signature = fields.Str(required=True)


class DocumentLinkOut(Schema):
    url = fields.Str(
        required=True,
        metadata={"description": "Opens the PDF without signing in; below the API's origin"},
    )
    url_expires_at = fields.Moment(required=True)


class VerifiedReceiptOut(Schema):
    """A receipt as anybody may see it who holds its number: no name."""

    number = fields.Str(required=True)
    status = fields.Choice(ReceiptStatus, required=True)
    receiver = fields.Str(required=True, metadata={"description": "Community or street"})
    accepted_on = fields.Day(required=True)
    ended_on = fields.Day(required=True, allow_none=True)
