"""The kinds of what is told, reminded of and checked about claims."""

from backend.core.tasks import TaskKind
from backend.support.notifications.declared import NewsKind, ReminderKind
from backend.support.notifications.templates import Template
from backend.support.text_checks.declared import Audience, TextKind

SUBMITTED = NewsKind("claims.submitted")
ACCEPTED = NewsKind("claims.accepted", Template.CLAIM_RESULT)
DECLINED = NewsKind("claims.declined", Template.CLAIM_RESULT)
DELIVERED = NewsKind("claims.delivered")
RETURNED = NewsKind("claims.returned", Template.CLAIM_RESULT)
COMPLETED = NewsKind("claims.completed", Template.CLAIM_RESULT)
FAILED = NewsKind("claims.failed", Template.CLAIM_RESULT)
LAPSED = NewsKind("claims.lapsed", Template.CLAIM_RESULT)
RELEASED = NewsKind("claims.released", Template.CLAIM_RESULT)
MOVED_UP = NewsKind("claims.moved_up", Template.CLAIM_RESULT)
EVALUATED = NewsKind("claims.evaluated")
DONE = NewsKind("claims.done")

# What comes nearer.
REMINDER = NewsKind("claims.reminder", Template.DEADLINE_REMINDER)
DEADLINE = NewsKind("claims.deadline", Template.DEADLINE_REMINDER)

ANSWER_DUE = ReminderKind("claims.answer_due")
RETRY_DUE = ReminderKind("claims.retry_due")
STARTS = ReminderKind("claims.starts")
START_DUE = ReminderKind("claims.start_due")
DELIVERY_DUE = ReminderKind("claims.delivery_due")

TEXTS = TextKind("claims.texts", Audience.COMMUNITY)

ANSWER = TaskKind("claims.answer", "项目认领")
RETRY = TaskKind("claims.retry", "重新提交认领")
START = TaskKind("claims.start", "开始服务项目")
DELIVERY = TaskKind("claims.delivery", "提交完成情况")
COMPLETION = TaskKind("claims.completion", "项目验收")
