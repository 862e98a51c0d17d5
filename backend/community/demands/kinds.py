"""The kinds of what is told, reminded of and checked about demands, and of what waits."""

from backend.core.tasks import TaskKind
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

TRIAGE = TaskKind("demands.triage", "需求")
EVALUATION = TaskKind("demands.evaluation", "评价办理结果")
