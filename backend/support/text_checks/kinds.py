"""The kinds of what is told and checked about texts that are held."""

from backend.core.tasks import TaskKind
from backend.support.notifications.declared import NewsKind
from backend.support.text_checks.declared import TextKind

HELD = NewsKind("text_checks.held")
REMOVED = NewsKind("text_checks.removed")

TEXTS = TextKind("text_checks.texts")

REVIEW = TaskKind("text_checks.review", "文字核查")
