"""The kinds of what is told about attachments."""

from backend.support.notifications.kinds import NewsKind

HELD = NewsKind("attachments.held")
REMOVED = NewsKind("attachments.removed")
