"""The kinds of what is told and reminded of about demands."""

from backend.support.notifications.kinds import NewsKind, ReminderKind

SUBMITTED = NewsKind("demands.submitted")
DECIDED = NewsKind("demands.decided")
PUBLISHED = NewsKind("demands.published")
MATCHED = NewsKind("demands.matched")
CLOSED = NewsKind("demands.closed")
EVALUATED = NewsKind("demands.evaluated")
EXPIRES = NewsKind("demands.expires")
PROGRESS = NewsKind("demands.progress")

EXPIRY = ReminderKind("demands.expiry")
