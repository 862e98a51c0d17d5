"""The kinds of what is told and checked about link applications."""

from backend.support.notifications.declared import NewsKind
from backend.support.text_checks.declared import Audience, TextKind

APPLICATION_SUBMITTED = NewsKind("onboarding.application_submitted")
APPLICATION_APPROVED = NewsKind("onboarding.application_approved")
APPLICATION_REFUSED = NewsKind("onboarding.application_refused")

TEXTS = TextKind("onboarding.texts", Audience.BRANCH)
