"""The kinds of what is told and checked about units' registrations."""

from backend.core.tasks import TaskKind
from backend.support.notifications.declared import NewsKind
from backend.support.text_checks.declared import TextKind

SUBMITTED = NewsKind("unit_registrations.submitted")
ACCEPTED = NewsKind("unit_registrations.accepted")
RETURNED = NewsKind("unit_registrations.returned")
RENEWAL_DUE = NewsKind("unit_registrations.renewal_due")
ENDED = NewsKind("unit_registrations.ended")

TEXTS = TextKind("unit_registrations.texts")

ANSWER = TaskKind("unit_registrations.answer", "单位报到")
CORRECTION = TaskKind("unit_registrations.correction", "补充单位报到材料")
RENEWAL = TaskKind("unit_registrations.renewal", "单位报到续签")
