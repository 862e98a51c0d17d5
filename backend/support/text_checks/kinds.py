"""The kinds of what is told about texts that are held."""

from backend.support.notifications.kinds import NewsKind

HELD = NewsKind("text_checks.held")
REMOVED = NewsKind("text_checks.removed")
