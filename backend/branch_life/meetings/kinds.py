"""The kinds of what is told, reminded of, checked and attached about meetings."""

from backend.core.tasks import TaskKind
from backend.support.attachments.declared import FileKind
from backend.support.notifications.declared import NewsKind, ReminderKind
from backend.support.notifications.templates import Template
from backend.support.text_checks.declared import Audience, TextKind

CONVENED = NewsKind("meetings.convened")
CANCELLED = NewsKind("meetings.cancelled")
REMINDER = NewsKind("meetings.reminder", Template.MEETING_REMINDER)
LEAVE_REQUESTED = NewsKind("meetings.leave_requested")
LEAVE_APPROVED = NewsKind("meetings.leave_approved")
LEAVE_REFUSED = NewsKind("meetings.leave_refused")
CHANGED = NewsKind("meetings.changed")

STARTS = ReminderKind("meetings.starts")

TEXTS = TextKind("meetings.texts", Audience.BRANCH)
MINUTES_TEXTS = TextKind("meetings.minutes_texts", Audience.BRANCH)
RESOLUTION_TEXTS = TextKind("meetings.resolution_texts", Audience.BRANCH)
EXCLUSION_TEXTS = TextKind("meetings.exclusion_texts", Audience.BRANCH)
LEAVE_TEXTS = TextKind("meetings.leave_texts", Audience.BRANCH)
FILES = FileKind("meetings.files", of_branch=True)

LEAVE = TaskKind("meetings.leave", "请假")
