"""Wire shapes of the devices on which somebody is signed in."""

from typing import Any

from backend.core.actor import SessionKind
from backend.people.members import sessions
from backend.people.members.models import LoginSession
from miniprogram_api import fields
from miniprogram_api.auth import bearer_token
from miniprogram_api.http import PageQuery, Schema


class DeviceQuery(PageQuery):
    pass


class _Current(fields.Bool):
    def get_value(self, obj: LoginSession, *_args: Any, **_kwargs: Any) -> bool:
        return obj.token_hash == sessions.current(bearer_token())


class DeviceOut(Schema):
    id = fields.Id(required=True)
    kind = fields.Choice(SessionKind, required=True)
    device = fields.Str(required=True, allow_none=True, metadata={"description": "In words"})
    current = _Current(required=True, metadata={"description": "The one that asks"})
    signed_in_at = fields.Moment(required=True, attribute="created_at")
    last_seen_at = fields.Moment(
        required=True,
        attribute="extended_at",
        metadata={"description": "A phone to within a day, a console to within a minute"},
    )
    expires_at = fields.Moment(required=True)
