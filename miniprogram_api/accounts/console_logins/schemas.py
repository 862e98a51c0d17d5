"""Wire shapes of signing in at a console with the phone."""

from marshmallow import validate

from miniprogram_api import fields
from miniprogram_api.http import Schema


class ConsoleLoginOut(Schema):
    """The code to show, and the token to send as `X-Browser-Token`; both are told once."""

    id = fields.Id(required=True, attribute="login.id")
    scan_code = fields.Str(required=True)
    browser_token = fields.Str(
        required=True, metadata={"description": "For the browser alone: never shown, never sent on"}
    )
    match_code = fields.Str(
        required=True, attribute="login.match_code", metadata={"description": "Two digits to show"}
    )
    expires_at = fields.Moment(required=True, attribute="login.expires_at")


class ConsoleSessionOut(Schema):
    token = fields.Str(required=True)
    expires_at = fields.Moment(required=True)


class ConsoleLoginStateOut(Schema):
    status = fields.Str(
        required=True,
        validate=validate.OneOf(["waiting", "approved", "refused", "claimed", "expired"]),
    )
    match_code = fields.Str(required=True)
    expires_at = fields.Moment(required=True)
    session = fields.Part(
        ConsoleSessionOut,
        required=True,
        allow_none=True,
        metadata={"description": "The first time after a yes, and never again"},
    )


class ConsoleLoginRequestOut(Schema):
    """What wants to be signed in where, for whoever is to say yes."""

    device = fields.Str(required=True, metadata={"description": "System and browser, in words"})
    match_code = fields.Str(required=True, metadata={"description": "To be the console's own"})
    asked_at = fields.Moment(required=True, attribute="created_at")
    expires_at = fields.Moment(required=True)
    status = fields.Str(required=True)
