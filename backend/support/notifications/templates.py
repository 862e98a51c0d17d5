"""The messages WeChat passes on for us: what each says, field by field."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from backend.core.settings import Settings
from backend.wechat.template_fields import UnfitField, fitted


class Template(enum.StrEnum):
    """Our names; WeChat's ids of them stand in the settings, `WECHAT_TEMPLATE_...`."""

    REGISTRATION_RESULT = "registration_result"
    SERVICE_RESULT = "service_result"
    CLAIM_RESULT = "claim_result"
    MEETING_REMINDER = "meeting_reminder"
    DEADLINE_REMINDER = "deadline_reminder"
    INVITATION = "invitation"


# What stands in each field, in this order: matter, result, time, hint - or matter, time, hint.
RESULT, REMINDER = ("thing1", "phrase2", "time3", "thing4"), ("thing1", "time2", "thing3")
FIELDS = {
    Template.REGISTRATION_RESULT: RESULT,
    Template.SERVICE_RESULT: RESULT,
    Template.CLAIM_RESULT: RESULT,
    Template.MEETING_REMINDER: REMINDER,
    Template.DEADLINE_REMINDER: REMINDER,
    Template.INVITATION: REMINDER,
}

TITLES = {
    Template.REGISTRATION_RESULT: "报到办理结果",
    Template.SERVICE_RESULT: "服务记录确认结果",
    Template.CLAIM_RESULT: "项目认领结果",
    Template.MEETING_REMINDER: "会前提醒",
    Template.DEADLINE_REMINDER: "到期提醒",
    Template.INVITATION: "社区邀请",
}


@dataclass(frozen=True)
class Configured:
    """A template as the account at WeChat knows it."""

    template: Template
    id: str
    fields: tuple[str, ...]

    def fill(self, texts: Sequence[object]) -> dict[str, str]:
        """Return the message's fields. Raises UnfitField."""
        if len(texts) != len(self.fields):
            raise UnfitField("count")
        return {
            field: fitted(field, str(text)) for field, text in zip(self.fields, texts, strict=True)
        }


def configured(settings: Settings, template: Template) -> Configured | None:
    """Return the template, None when the settings have no id for it."""
    id_, fields = settings.template(template)
    return Configured(template, id_, fields or FIELDS[template]) if id_ else None


def all_configured(settings: Settings) -> list[Configured]:
    return [found for template in Template if (found := configured(settings, template))]


def check(settings: Settings) -> None:
    """Raise ValueError naming a template whose settings name too few or too many fields."""
    for found in all_configured(settings):
        wanted = len(FIELDS[found.template])
        if len(found.fields) != wanted:
            raise ValueError(f"WECHAT_TEMPLATE_{found.template.upper()}: {wanted} fields needed")
