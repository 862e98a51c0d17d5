"""Kinds are text, and texts and files have one, too: a new kind needs no migration any more."""

import sqlalchemy as sa
from alembic import op

revision = "0053_kinds_as_text"
down_revision = "0052_phone_to_community"

# What the CHECKs listed, for the way back.
NEWS = """
registration_submitted registration_accepted registration_returned registration_rejected
service_record_submitted service_record_confirmed service_record_returned service_record_voided
meeting_convened claim_submitted claim_accepted claim_declined claim_delivered claim_completed
link_application_submitted link_application_approved link_application_refused meeting_cancelled
meeting_reminder project_reminder deadline_reminder text_check_held text_check_removed
attachment_held attachment_removed activity_changed activity_cancelled activity_reminder
sign_up_moved_up registration_request_submitted registration_request_confirmed
registration_request_refused registration_ended registration_moved registration_overdue
service_record_disputed service_record_upheld service_record_corrected unit_registration_submitted
unit_registration_accepted unit_registration_returned unit_registration_renewal_due
unit_registration_ended certificate_revoked feedback_written feedback_handed_over
registration_reported feedback_due absence_alert leave_requested leave_approved leave_refused
demand_submitted demand_decided demand_published demand_matched demand_closed demand_evaluated
demand_expires project_review_requested project_approved project_returned project_cancelled
project_expired project_done claim_lapsed claim_released claim_returned claim_failed claim_moved_up
claim_evaluated demand_progress invited registration_nudged meeting_changed
"""
REMINDERS = """
meeting_starts project_starts delivery_due registration_answer_due activity_starts
registration_answer_overdue service_confirmation_due feedback_reply_due demand_expires
claim_answer_due claim_start_due claim_retry_due
"""
LISTED = (
    ("notification", "ck_notification_notificationkind", NEWS),
    ("reminder", "ck_reminder_reminderkind", REMINDERS),
)


def upgrade() -> None:
    for table, name, _ in LISTED:
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        op.execute(f"ALTER TABLE {table} ALTER COLUMN kind TYPE text")
    op.add_column("text_check", sa.Column("kind", sa.Text()))
    op.add_column("text_check", sa.Column("audience", sa.String(32)))
    op.add_column("text_check", sa.Column("nameless", sa.Boolean()))
    op.add_column("attachment", sa.Column("carried_as", sa.Text()))
    op.add_column(
        "attachment",
        sa.Column("of_branch", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def downgrade() -> None:
    """What was not listed goes: nobody would know what to do with it."""
    for column in ("of_branch", "carried_as"):
        op.drop_column("attachment", column)
    for column in ("nameless", "audience", "kind"):
        op.drop_column("text_check", column)
    for table, name, kinds in LISTED:
        listed = ", ".join(f"'{kind}'" for kind in kinds.split())
        op.execute(f"DELETE FROM {table} WHERE kind NOT IN ({listed})")
        op.execute(f"ALTER TABLE {table} ALTER COLUMN kind TYPE varchar(32)")
        op.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK (kind IN ({listed})) NOT VALID"
        )
        op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")
