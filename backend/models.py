"""Imports every model once, so that `Base.metadata` is complete for migrations."""

import backend.absences.models
import backend.areas.models
import backend.attachments.models
import backend.audit.models
import backend.certificates.models
import backend.conduct_feedback.models
import backend.core.idempotency
import backend.core.installation
import backend.core.throttle
import backend.duties.models
import backend.invitations.models
import backend.learning.models
import backend.meetings.exemptions.models
import backend.meetings.leave.models
import backend.meetings.minutes.models
import backend.meetings.models
import backend.meetings.voting.models
import backend.members.models
import backend.notifications.models
import backend.onboarding.models
import backend.organizations.models
import backend.projects.demands.models
import backend.projects.models
import backend.registrations.models
import backend.text_checks.models
import backend.unit_registrations.models
import backend.volunteering.activities.models
import backend.volunteering.models
import backend.wechat.models  # noqa: F401  # each import maps tables, none is used here
from backend.core.db import Base

__all__ = ["Base"]
