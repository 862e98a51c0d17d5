"""Imports every model once, so that `Base.metadata` is complete for migrations."""

import backend.accounts.console_logins.models
import backend.accounts.onboarding.models
import backend.accounts.staff.models
import backend.audit.models
import backend.branch_life.absences.models
import backend.branch_life.learning.models
import backend.branch_life.meetings.exemptions.models
import backend.branch_life.meetings.leave.models
import backend.branch_life.meetings.minutes.models
import backend.branch_life.meetings.models
import backend.branch_life.meetings.voting.models
import backend.community.certificates.models
import backend.community.claims.models
import backend.community.conduct_feedback.models
import backend.community.demands.models
import backend.community.invitations.models
import backend.community.projects.models
import backend.community.registrations.models
import backend.community.unit_registrations.models
import backend.community.volunteering.activities.models
import backend.community.volunteering.models
import backend.core.idempotency
import backend.core.installation
import backend.core.throttle
import backend.imports.models
import backend.ledger.models
import backend.people.areas.models
import backend.people.members.models
import backend.people.organizations.models
import backend.registers.models
import backend.rosters.models
import backend.support.attachments.models
import backend.support.notifications.models
import backend.support.text_checks.models
import backend.wechat.models  # noqa: F401  # each import maps tables, none is used here
from backend.core.db import Base

__all__ = ["Base"]
