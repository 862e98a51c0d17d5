"""The kinds of what is told and checked about attachments."""

from backend.core.tasks import TaskKind
from backend.support.notifications.declared import NewsKind
from backend.support.text_checks.declared import TextKind

HELD = NewsKind("attachments.held")
REMOVED = NewsKind("attachments.removed")

TEXTS = TextKind("attachments.texts")

REVIEW = TaskKind("attachments.review", "图片核查")
