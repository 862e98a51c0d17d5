"""The kinds of what is told, reminded of and checked about demands."""

from backend.support.notifications.declared import NewsKind, ReminderKind
from backend.support.text_checks.declared import TextKind

SUBMITTED = NewsKind("demands.submitted")
DECIDED = NewsKind("demands.decided")
PUBLISHED = NewsKind("demands.published")
MATCHED = NewsKind("demands.matched")
CLOSED = NewsKind("demands.closed")
EVALUATED = NewsKind("demands.evaluated")
EXPIRES = NewsKind("demands.expires")
PROGRESS = NewsKind("demands.progress")

EXPIRY = ReminderKind("demands.expiry")

TEXTS = TextKind("demands.texts", nameless=True)
