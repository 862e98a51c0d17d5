"""The kinds of what is told, reminded of, checked and attached about registrations."""

from backend.core.tasks import TaskKind
from backend.support.attachments.declared import FileKind
from backend.support.notifications.declared import NewsKind, ReminderKind
from backend.support.notifications.templates import Template
from backend.support.text_checks.declared import TextKind

SUBMITTED = NewsKind("registrations.submitted")
ACCEPTED = NewsKind("registrations.accepted", Template.REGISTRATION_RESULT)
RETURNED = NewsKind("registrations.returned", Template.REGISTRATION_RESULT)
REJECTED = NewsKind("registrations.rejected")
DEADLINE = NewsKind("registrations.deadline", Template.DEADLINE_REMINDER)
OVERDUE = NewsKind("registrations.overdue")
REPORTED = NewsKind("registrations.reported")
ENDED = NewsKind("registrations.ended")
MOVED = NewsKind("registrations.moved")
NUDGED = NewsKind("registrations.nudged")

# What a member asks of a registration that stands.
REQUEST_SUBMITTED = NewsKind("registrations.request_submitted")
REQUEST_CONFIRMED = NewsKind("registrations.request_confirmed", Template.REGISTRATION_RESULT)
REQUEST_REFUSED = NewsKind("registrations.request_refused", Template.REGISTRATION_RESULT)

ANSWER_DUE = ReminderKind("registrations.answer_due")
ANSWER_OVERDUE = ReminderKind("registrations.answer_overdue")

TEXTS = TextKind("registrations.texts")
FILES = FileKind("registrations.files")

ANSWER = TaskKind("registrations.answer", "报到")
# Outside the city there is a receipt to look at.
OUTSIDE_ANSWER = TaskKind("registrations.outside_answer", "市外报到")
CORRECTION = TaskKind("registrations.correction", "补充报到材料")
PAUSE = TaskKind("registrations.pause", "暂停报到申请")
RESUMPTION = TaskKind("registrations.resumption", "恢复报到申请")
ENDING = TaskKind("registrations.ending", "结束报到申请")
