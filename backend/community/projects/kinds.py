"""The kinds of what is told and checked about projects."""

from backend.core.tasks import TaskKind
from backend.support.notifications.declared import NewsKind
from backend.support.text_checks.declared import TextKind

REVIEW_REQUESTED = NewsKind("projects.review_requested")
APPROVED = NewsKind("projects.approved")
RETURNED = NewsKind("projects.returned")
EXPIRED = NewsKind("projects.expired")

TEXTS = TextKind("projects.texts")

REVIEW = TaskKind("projects.review", "项目审核")
