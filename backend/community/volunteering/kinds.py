"""The kinds of what is told, reminded of, checked and attached about records and activities."""

from backend.core.tasks import TaskKind
from backend.support.attachments.declared import FileKind
from backend.support.notifications.declared import NewsKind, ReminderKind
from backend.support.notifications.templates import Template
from backend.support.text_checks.declared import TextKind

# What becomes of a service record.
RECORD_SUBMITTED = NewsKind("volunteering.record_submitted")
RECORD_CONFIRMED = NewsKind("volunteering.record_confirmed", Template.SERVICE_RESULT)
RECORD_RETURNED = NewsKind("volunteering.record_returned", Template.SERVICE_RESULT)
RECORD_VOIDED = NewsKind("volunteering.record_voided", Template.SERVICE_RESULT)
RECORD_DISPUTED = NewsKind("volunteering.record_disputed")
RECORD_UPHELD = NewsKind("volunteering.record_upheld")
RECORD_CORRECTED = NewsKind("volunteering.record_corrected")
DEADLINE = NewsKind("volunteering.deadline", Template.DEADLINE_REMINDER)

# What becomes of an activity, and of a place in it.
ACTIVITY_CHANGED = NewsKind("volunteering.activity_changed", Template.DEADLINE_REMINDER)
ACTIVITY_CANCELLED = NewsKind("volunteering.activity_cancelled", Template.DEADLINE_REMINDER)
ACTIVITY_REMINDER = NewsKind("volunteering.activity_reminder", Template.DEADLINE_REMINDER)
SIGN_UP_MOVED_UP = NewsKind("volunteering.sign_up_moved_up", Template.DEADLINE_REMINDER)

ACTIVITY_STARTS = ReminderKind("volunteering.activity_starts")
CONFIRMATION_DUE = ReminderKind("volunteering.confirmation_due")

RECORD_TEXTS = TextKind("volunteering.record_texts")
ACTIVITY_TEXTS = TextKind("volunteering.activity_texts")
RECORD_FILES = FileKind("volunteering.record_files")

CONFIRMATION = TaskKind("volunteering.confirmation", "服务记录")
# What came after its period was closed is counted with a reason.
LATE_CONFIRMATION = TaskKind("volunteering.late_confirmation", "补录服务")
RECORD_CORRECTION = TaskKind("volunteering.record_correction", "补充服务记录")
DISPUTE = TaskKind("volunteering.dispute", "记录异议")
VOID_DISPUTE = TaskKind("volunteering.void_dispute", "作废异议")
