"""The kinds of what is told and reminded of about feedback."""

from backend.support.notifications.kinds import NewsKind, ReminderKind
from backend.support.notifications.templates import Template

WRITTEN = NewsKind("conduct_feedback.written")
HANDED_OVER = NewsKind("conduct_feedback.handed_over")
DUE = NewsKind("conduct_feedback.due")
DEADLINE = NewsKind("conduct_feedback.deadline", Template.DEADLINE_REMINDER)

REPLY_DUE = ReminderKind("conduct_feedback.reply_due")
