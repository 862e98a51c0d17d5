"""Wire shapes of the inbox."""

import enum

from backend.support.notifications.asked import Answered
from backend.support.notifications.templates import Template
from miniprogram_api import fields
from miniprogram_api.http import OneIn, PageQuery, Schema
from miniprogram_api.support.text_checks.schemas import CheckedBody


class InboxQuery(PageQuery):
    unread = fields.QueryBool(load_default=None)


class NotificationOut(Schema):
    id = fields.Id(required=True)
    kind = fields.Kind(required=True)
    title = fields.Str(required=True)
    body = CheckedBody(required=True)
    subject = fields.Str(required=True, metadata={"description": "What it is about, `table:id`"})
    created_at = fields.Moment(required=True)
    read_at = fields.Moment(required=True, allow_none=True)


class Answer(enum.StrEnum):
    """What wx.requestSubscribeMessage reports of one template."""

    ACCEPT = "accept"
    ACCEPT_WITH_AUDIO = "acceptWithAudio"
    ACCEPT_WITH_ALERT = "acceptWithAlert"
    ACCEPT_WITH_FORCE_PUSH = "acceptWithForcePush"
    REJECT = "reject"
    BAN = "ban"
    FILTER = "filter"


class AnswerIn(Schema):
    makes = Answered
    template = fields.Choice(Template, required=True)
    answer = fields.Choice(Answer, required=True)


class AnswersIn(OneIn):
    answers = fields.Many(fields.Part(AnswerIn), 5, least=1, required=True)


class GrantOut(Schema):
    template = fields.Choice(Template, required=True)
    id = fields.Str(required=True, metadata={"description": "WeChat's id of the template"})
    title = fields.Str(required=True)
    balance = fields.Whole(
        required=True, metadata={"description": "Messages still to come, as far as is known"}
    )


class ReadOut(Schema):
    read = fields.Whole(required=True, metadata={"description": "How many were unread"})
