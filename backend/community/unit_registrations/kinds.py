"""The kinds of what is told about units' registrations."""

from backend.support.notifications.kinds import NewsKind

SUBMITTED = NewsKind("unit_registrations.submitted")
ACCEPTED = NewsKind("unit_registrations.accepted")
RETURNED = NewsKind("unit_registrations.returned")
RENEWAL_DUE = NewsKind("unit_registrations.renewal_due")
ENDED = NewsKind("unit_registrations.ended")
