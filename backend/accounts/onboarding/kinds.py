"""The kinds of what is told and checked about link applications."""

from backend.core.tasks import TaskKind
from backend.support.notifications.declared import NewsKind
from backend.support.text_checks.declared import Audience, TextKind

APPLICATION_SUBMITTED = NewsKind("onboarding.application_submitted")
APPLICATION_APPROVED = NewsKind("onboarding.application_approved")
APPLICATION_REFUSED = NewsKind("onboarding.application_refused")

TEXTS = TextKind("onboarding.texts", Audience.BRANCH)

NAMING = TaskKind("onboarding.naming", "身份核对")
CONFIRMATION = TaskKind("onboarding.confirmation", "身份复核")
