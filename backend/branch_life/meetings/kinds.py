"""The kinds of what is told and reminded of about meetings."""

from backend.support.notifications.kinds import NewsKind, ReminderKind
from backend.support.notifications.templates import Template

CONVENED = NewsKind("meetings.convened")
CANCELLED = NewsKind("meetings.cancelled")
REMINDER = NewsKind("meetings.reminder", Template.MEETING_REMINDER)
LEAVE_REQUESTED = NewsKind("meetings.leave_requested")
LEAVE_APPROVED = NewsKind("meetings.leave_approved")
LEAVE_REFUSED = NewsKind("meetings.leave_refused")
CHANGED = NewsKind("meetings.changed")

STARTS = ReminderKind("meetings.starts")
