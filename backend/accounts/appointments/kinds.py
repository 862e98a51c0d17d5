"""The kinds of what is told, checked and waited for about appointments."""

from backend.core.tasks import TaskKind
from backend.support.notifications.declared import NewsKind
from backend.support.text_checks.declared import Audience, TextKind

PROPOSED = NewsKind("appointments.proposed")
APPROVED = NewsKind("appointments.approved")
REFUSED = NewsKind("appointments.refused")
ENDED = NewsKind("appointments.ended")

# Why somebody is not appointed, or is no longer, is read by those concerned alone.
TEXTS = TextKind("appointments.texts", Audience.BRANCH)

APPROVAL = TaskKind("appointments.approval", "任职审批")
