"""The kinds of what is told and checked about units' registrations."""

from backend.support.notifications.declared import NewsKind
from backend.support.text_checks.declared import TextKind

SUBMITTED = NewsKind("unit_registrations.submitted")
ACCEPTED = NewsKind("unit_registrations.accepted")
RETURNED = NewsKind("unit_registrations.returned")
RENEWAL_DUE = NewsKind("unit_registrations.renewal_due")
ENDED = NewsKind("unit_registrations.ended")

TEXTS = TextKind("unit_registrations.texts")
