"""Further kinds of news: reminders, a cancelled meeting, what a check holds back."""

from alembic import op

revision = "0012_news"
down_revision = "0011_large_type"

BEFORE = (
    "registration_submitted",
    "registration_accepted",
    "registration_returned",
    "registration_rejected",
    "service_record_submitted",
    "service_record_confirmed",
    "service_record_returned",
    "service_record_voided",
    "meeting_convened",
    "claim_submitted",
    "claim_accepted",
    "claim_declined",
    "claim_delivered",
    "claim_completed",
    "link_application_submitted",
    "link_application_approved",
    "link_application_refused",
)
ADDED = (
    "meeting_cancelled",
    "meeting_reminder",
    "project_reminder",
    "deadline_reminder",
    "text_check_held",
    "text_check_removed",
    "attachment_held",
    "attachment_removed",
)


def upgrade() -> None:
    _kinds(BEFORE + ADDED)


def downgrade() -> None:
    _kinds(BEFORE)


def _kinds(values: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{value}'" for value in values)
    op.execute("ALTER TABLE notification DROP CONSTRAINT ck_notification_notificationkind")
    op.execute(
        "ALTER TABLE notification ADD CONSTRAINT ck_notification_notificationkind "
        f"CHECK (kind IN ({listed})) NOT VALID"
    )
    op.execute("ALTER TABLE notification VALIDATE CONSTRAINT ck_notification_notificationkind")
