"""The kinds of what is told about certificates."""

from backend.support.notifications.kinds import NewsKind
from backend.support.notifications.templates import Template

REVOKED = NewsKind("certificates.revoked", Template.SERVICE_RESULT)
