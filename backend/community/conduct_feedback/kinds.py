"""The kinds of what is told, reminded of and checked about feedback."""

from backend.core.tasks import TaskKind
from backend.support.notifications.declared import NewsKind, ReminderKind
from backend.support.notifications.templates import Template
from backend.support.text_checks.declared import Audience, TextKind

WRITTEN = NewsKind("conduct_feedback.written")
HANDED_OVER = NewsKind("conduct_feedback.handed_over")
DUE = NewsKind("conduct_feedback.due")
DEADLINE = NewsKind("conduct_feedback.deadline", Template.DEADLINE_REMINDER)

REPLY_DUE = ReminderKind("conduct_feedback.reply_due")

TEXTS = TextKind("conduct_feedback.texts", Audience.COMMUNITY)

REPLY = TaskKind("conduct_feedback.reply", "年度反馈")
