"""Stored kinds become `capability.name`, also where the number of a message begins with one.

In batches, each committed at once: the inbox is the longest table of a city. What stopped in the
middle goes on where it was.
"""

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

revision = "0054_kinds_of_capabilities"
down_revision = "0053_kinds_as_text"

BATCH = 20_000
# How a kind of news began, and how it begins now.
BEGINNINGS = (
    ("registration_", "registrations."),
    ("unit_registration_", "unit_registrations."),
    ("service_record_", "volunteering.record_"),
    ("activity_", "volunteering.activity_"),
    ("sign_up_", "volunteering.sign_up_"),
    ("meeting_", "meetings."),
    ("leave_", "meetings.leave_"),
    ("claim_", "projects.claim_"),
    ("project_", "projects."),
    ("demand_", "demands."),
    ("certificate_", "certificates."),
    ("feedback_", "conduct_feedback."),
    ("absence_", "absences."),
    ("link_application_", "onboarding.application_"),
    ("text_check_", "text_checks."),
    ("attachment_", "attachments."),
    ("invited", "invitations.invited"),
)
# Four capabilities remind of last days; whose a reminder was, its subject says.
DEADLINES = (
    ("community_registration", "registrations"),
    ("service_record", "volunteering"),
    ("conduct_feedback", "conduct_feedback"),
)
REMINDERS = (
    ("meeting_starts", "meetings.starts"),
    ("project_starts", "projects.starts"),
    ("delivery_due", "projects.delivery_due"),
    ("claim_answer_due", "projects.answer_due"),
    ("claim_start_due", "projects.start_due"),
    ("claim_retry_due", "projects.retry_due"),
    ("registration_answer_due", "registrations.answer_due"),
    ("registration_answer_overdue", "registrations.answer_overdue"),
    ("activity_starts", "volunteering.activity_starts"),
    ("service_confirmation_due", "volunteering.confirmation_due"),
    ("feedback_reply_due", "conduct_feedback.reply_due"),
    ("demand_expires", "demands.expiry"),
)


def upgrade() -> None:
    deadline = "".join(
        f"WHEN kind = 'deadline_reminder' AND starts_with(subject, '{table}:') "
        f"THEN '{capability}.deadline' "
        for table, capability in DEADLINES
    )
    news = f"CASE {deadline}WHEN kind = 'deadline_reminder' THEN 'projects.deadline' "
    of_message = (
        "CASE WHEN starts_with(business_id, 'deadline_reminder:') "
        "THEN 'projects.deadline' || substr(business_id, 18) "
    )
    with op.get_context().autocommit_block():
        _rename("notification", "kind", news + _begun_anew("kind", BEGINNINGS), "NOT kind ~ '[.]'")
        _rename(
            "subscription_message",
            "business_id",
            of_message + _begun_anew("business_id", BEGINNINGS),
            "NOT split_part(business_id, ':', 1) ~ '[.]'",
        )
        _rename("reminder", "kind", _exactly(REMINDERS), "NOT kind ~ '[.]'")


def downgrade() -> None:
    before = [(new, old) for old, new in BEGINNINGS]
    # What is longer first: `projects.claim_` before `projects.`.
    before.sort(key=lambda pair: -len(pair[0]))
    news = "CASE WHEN kind LIKE '%.deadline' THEN 'deadline_reminder' "
    of_message = (
        "CASE WHEN starts_with(business_id, 'projects.deadline:') "
        "THEN 'deadline_reminder' || substr(business_id, 18) "
    )
    with op.get_context().autocommit_block():
        _rename("notification", "kind", news + _begun_anew("kind", before), "kind ~ '[.]'")
        _rename(
            "subscription_message",
            "business_id",
            of_message + _begun_anew("business_id", before),
            "split_part(business_id, ':', 1) ~ '[.]'",
        )
        _rename(
            "reminder", "kind", _exactly([(new, old) for old, new in REMINDERS]), "kind ~ '[.]'"
        )


def _begun_anew(column: str, beginnings: Iterable[tuple[str, str]]) -> str:
    cases = "".join(
        f"WHEN starts_with({column}, '{old}') THEN '{new}' || substr({column}, {len(old) + 1}) "
        for old, new in beginnings
    )
    return f"{cases}ELSE {column} END"


def _exactly(pairs: Iterable[tuple[str, str]]) -> str:
    cases = "".join(f"WHEN '{old}' THEN '{new}' " for old, new in pairs)
    return f"CASE kind {cases}ELSE kind END"


def _rename(table: str, column: str, renamed: str, which: str) -> None:
    last = op.get_bind().scalar(sa.text(f"SELECT coalesce(max(id), 0) FROM {table}"))
    for first in range(0, last, BATCH):
        op.execute(
            f"UPDATE {table} SET {column} = {renamed} "
            f"WHERE id > {first} AND id <= {first + BATCH} AND {which}"
        )
