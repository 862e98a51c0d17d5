"""Every blueprint and where it stands below /api/v1."""

from flask_smorest import Blueprint

from miniprogram_api.about import routes as about
from miniprogram_api.accounts.appointments import routes as appointments
from miniprogram_api.accounts.console_logins import routes as console_logins
from miniprogram_api.accounts.onboarding import routes as onboarding
from miniprogram_api.accounts.sessions import routes as devices
from miniprogram_api.accounts.staff import routes as staff
from miniprogram_api.audit import routes as audit
from miniprogram_api.branch_life.absences import routes as absences
from miniprogram_api.branch_life.branch_bodies import routes as branch_bodies
from miniprogram_api.branch_life.learning import routes as learning
from miniprogram_api.branch_life.meetings import routes as meetings
from miniprogram_api.branch_life.meetings.leave import routes as leave_requests
from miniprogram_api.branch_life.meetings.minutes import routes as minutes
from miniprogram_api.branch_life.meetings.voting import routes as voting
from miniprogram_api.community.certificates import routes as certificates
from miniprogram_api.community.claims import routes as claims
from miniprogram_api.community.conduct_feedback import routes as conduct_feedback
from miniprogram_api.community.demands import routes as demands
from miniprogram_api.community.invitations import routes as invitations
from miniprogram_api.community.projects import routes as projects
from miniprogram_api.community.registrations import routes as registrations
from miniprogram_api.community.unit_registrations import routes as unit_registrations
from miniprogram_api.community.volunteering import routes as volunteering
from miniprogram_api.community.volunteering.activities import routes as activities
from miniprogram_api.figures import routes as statistics
from miniprogram_api.imports import routes as imports
from miniprogram_api.ledger import routes as duties
from miniprogram_api.opening import routes as opening
from miniprogram_api.people.areas import routes as areas
from miniprogram_api.people.members import routes as members
from miniprogram_api.registers import routes as registers
from miniprogram_api.rosters.members import routes as roster_entries
from miniprogram_api.rosters.organizations import routes as kept_organizations
from miniprogram_api.rosters.units import routes as kept_units
from miniprogram_api.support.attachments import routes as attachments
from miniprogram_api.support.documents import routes as documents
from miniprogram_api.support.notifications import routes as notifications
from miniprogram_api.support.text_checks import routes as text_checks
from miniprogram_api.tasks import routes as tasks

BLUEPRINTS: tuple[tuple[Blueprint, str], ...] = (
    (onboarding.sessions, "/sessions"),
    (onboarding.member_link, "/me/member-link"),
    (onboarding.applications, "/link-applications"),
    (onboarding.demo_people, "/demo-people"),
    (onboarding.demo_accounts, "/demo-staff"),
    (appointments.blueprint, "/appointments"),
    (staff.sessions, "/staff-sessions"),
    (console_logins.blueprint, "/console-logins"),
    (staff.enrolments, "/staff-enrolments"),
    (staff.blueprint, "/staff-accounts"),
    (staff.mine, "/me/reauthentication"),
    (devices.mine, "/me/sessions"),
    (members.me, "/me"),
    (members.organizations, "/organizations"),
    (members.notices, "/privacy-notices"),
    (branch_bodies.of_branches, "/organizations"),
    (branch_bodies.blueprint, "/groups"),
    (branch_bodies.of_members, "/members"),
    (absences.of_branches, "/organizations"),
    (absences.blueprint, "/attendance-exemptions"),
    (kept_organizations.blueprint, "/organizations"),
    (kept_units.blueprint, "/units"),
    (roster_entries.blueprint, "/members"),
    (learning.blueprint, "/learning-materials"),
    (about.blueprint, "/about"),
    (audit.blueprint, "/audit-entries"),
    (opening.blueprint, "/opening"),
    (areas.blueprint, "/areas"),
    (imports.blueprint, "/imports"),
    (registers.blueprint, "/registers"),
    (registers.entries, "/register-entries"),
    (attachments.blueprint, "/attachments"),
    (documents.blueprint, "/documents"),
    (documents.receipts, "/receipts"),
    (registrations.blueprint, "/registrations"),
    (registrations.mine, "/me/registrations"),
    (registrations.assisted, "/assisted-registrations"),
    (registrations.asked, "/registration-requests"),
    (registrations.of_branches, "/organizations"),
    (unit_registrations.blueprint, "/unit-registrations"),
    (unit_registrations.mine, "/me/unit-registrations"),
    (unit_registrations.resources, "/resources"),
    (volunteering.blueprint, "/service-records"),
    (volunteering.entered, "/assisted-service-records"),
    (volunteering.mine, "/me/service-records"),
    (activities.blueprint, "/activities"),
    (activities.mine, "/me/sign-ups"),
    (conduct_feedback.about, "/registrations"),
    (conduct_feedback.blueprint, "/feedback-notes"),
    (conduct_feedback.mine, "/me/feedback"),
    (invitations.members, "/registered-members"),
    (invitations.blueprint, "/invitations"),
    (invitations.mine, "/me/invitations"),
    (certificates.blueprint, "/certificates"),
    (certificates.mine, "/me/certificates"),
    (meetings.blueprint, "/meetings"),
    (meetings.mine, "/me/meetings"),
    (leave_requests.blueprint, "/leave-requests"),
    (voting.blueprint, "/meetings"),
    (voting.resolutions, "/resolutions"),
    (voting.online_voting, "/online-voting"),
    (minutes.blueprint, "/meetings"),
    (demands.blueprint, "/demands"),
    (demands.mine, "/me/demands"),
    (demands.published, "/demand-lists"),
    (projects.blueprint, "/projects"),
    (claims.of_projects, "/projects"),
    (claims.blueprint, "/claims"),
    (claims.mine, "/me/claims"),
    (duties.rules, "/duty-rules"),
    (duties.mine, "/me/duties"),
    (statistics.blueprint, "/statistics"),
    (text_checks.blueprint, "/text-checks"),
    (tasks.mine, "/me/tasks"),
    (notifications.mine, "/me/notifications"),
    (notifications.grants, "/me/message-grants"),
)
