"""Wire shape of the about page."""

from miniprogram_api import fields
from miniprogram_api.http import Schema


class AboutOut(Schema):
    operator = fields.Str(required=True, allow_none=True)
    filing_number = fields.Str(required=True, allow_none=True)
    complaints = fields.Str(required=True, allow_none=True)
