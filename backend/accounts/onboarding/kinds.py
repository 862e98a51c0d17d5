"""The kinds of what is told about link applications."""

from backend.support.notifications.kinds import NewsKind

APPLICATION_SUBMITTED = NewsKind("onboarding.application_submitted")
APPLICATION_APPROVED = NewsKind("onboarding.application_approved")
APPLICATION_REFUSED = NewsKind("onboarding.application_refused")
