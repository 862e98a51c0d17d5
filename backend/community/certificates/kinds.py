"""The kinds of what is told and checked about certificates."""

from backend.support.notifications.declared import NewsKind
from backend.support.notifications.templates import Template
from backend.support.text_checks.declared import Audience, TextKind

REVOKED = NewsKind("certificates.revoked", Template.SERVICE_RESULT)

TEXTS = TextKind("certificates.texts", Audience.COMMUNITY)
