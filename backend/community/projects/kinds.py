"""The kinds of what is told, reminded of and checked about projects and claims."""

from backend.support.notifications.declared import NewsKind, ReminderKind
from backend.support.notifications.templates import Template
from backend.support.text_checks.declared import Audience, TextKind

# What becomes of a project.
REVIEW_REQUESTED = NewsKind("projects.review_requested")
APPROVED = NewsKind("projects.approved")
RETURNED = NewsKind("projects.returned")
EXPIRED = NewsKind("projects.expired")
DONE = NewsKind("projects.done")

# What becomes of a claim.
CLAIM_SUBMITTED = NewsKind("projects.claim_submitted")
CLAIM_ACCEPTED = NewsKind("projects.claim_accepted", Template.CLAIM_RESULT)
CLAIM_DECLINED = NewsKind("projects.claim_declined", Template.CLAIM_RESULT)
CLAIM_DELIVERED = NewsKind("projects.claim_delivered")
CLAIM_RETURNED = NewsKind("projects.claim_returned", Template.CLAIM_RESULT)
CLAIM_COMPLETED = NewsKind("projects.claim_completed", Template.CLAIM_RESULT)
CLAIM_FAILED = NewsKind("projects.claim_failed", Template.CLAIM_RESULT)
CLAIM_LAPSED = NewsKind("projects.claim_lapsed", Template.CLAIM_RESULT)
CLAIM_RELEASED = NewsKind("projects.claim_released", Template.CLAIM_RESULT)
CLAIM_MOVED_UP = NewsKind("projects.claim_moved_up", Template.CLAIM_RESULT)
CLAIM_EVALUATED = NewsKind("projects.claim_evaluated")

# What comes nearer.
REMINDER = NewsKind("projects.reminder", Template.DEADLINE_REMINDER)
DEADLINE = NewsKind("projects.deadline", Template.DEADLINE_REMINDER)

ANSWER_DUE = ReminderKind("projects.answer_due")
RETRY_DUE = ReminderKind("projects.retry_due")
STARTS = ReminderKind("projects.starts")
START_DUE = ReminderKind("projects.start_due")
DELIVERY_DUE = ReminderKind("projects.delivery_due")

TEXTS = TextKind("projects.texts")
CLAIM_TEXTS = TextKind("projects.claim_texts", Audience.COMMUNITY)
