"""Stored texts and files bear the kind their capability declares, and who reads them besides.

In batches, each committed at once; what stopped in the middle goes on where it was.
"""

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

revision = "0055_kinds_of_texts_and_files"
down_revision = "0054_kinds_of_capabilities"

BATCH = 20_000
# By the table of what the text belongs to.
TEXTS = (
    ("community_registration", "registrations.texts", "offices"),
    ("unit_registration", "unit_registrations.texts", "offices"),
    ("service_record", "volunteering.record_texts", "offices"),
    ("activity", "volunteering.activity_texts", "offices"),
    ("demand", "demands.texts", "offices"),
    ("service_project", "projects.texts", "offices"),
    ("project_claim", "projects.claim_texts", "community"),
    ("service_certificate", "certificates.texts", "community"),
    ("conduct_feedback", "conduct_feedback.texts", "community"),
    ("attachment", "attachments.texts", "offices"),
    ("text_check", "text_checks.texts", "offices"),
    ("meeting", "meetings.texts", "branch"),
    ("meeting_minutes", "meetings.minutes_texts", "branch"),
    ("minutes_amendment", "meetings.minutes_texts", "branch"),
    ("leave_request", "meetings.leave_texts", "branch"),
    ("resolution", "meetings.resolution_texts", "branch"),
    ("voter_exclusion", "meetings.exclusion_texts", "branch"),
    ("learning_material", "learning.texts", "branch"),
    ("organization", "branch_bodies.texts", "branch"),
    ("link_application", "onboarding.texts", "branch"),
)
FILES = (
    ("community_registration", "registrations.files"),
    ("service_record", "volunteering.record_files"),
    ("meeting", "meetings.files"),
    ("learning_material", "learning.files"),
)
TABLE = "split_part(subject, ':', 1)"


def upgrade() -> None:
    kind = _by_table((row[:2] for row in TEXTS), f"{TABLE} || '.texts'")
    audience = _by_table(((table, whose) for table, _, whose in TEXTS), "'offices'")
    carried_as = _by_table(FILES, f"{TABLE} || '.files'")
    with op.get_context().autocommit_block():
        _fill(
            "text_check",
            f"kind = {kind}, audience = {audience}, nameless = ({TABLE} = 'demand')",
            "kind IS NULL",
        )
        _fill(
            "attachment",
            f"carried_as = {carried_as}, of_branch = ({TABLE} IN ('meeting', 'learning_material'))",
            "carried_as IS NULL AND subject IS NOT NULL",
        )


def downgrade() -> None:
    """The columns themselves go with the migration before."""


def _by_table(pairs: Iterable[tuple[str, ...]], otherwise: str) -> str:
    """Return what each table stands for; what no capability declares, the check of kinds finds."""
    cases = "".join(f"WHEN '{table}' THEN '{value}' " for table, value in pairs)
    return f"CASE {TABLE} {cases}ELSE {otherwise} END"


def _fill(table: str, values: str, which: str) -> None:
    last = op.get_bind().scalar(sa.text(f"SELECT coalesce(max(id), 0) FROM {table}"))
    for first in range(0, last, BATCH):
        op.execute(
            f"UPDATE {table} SET {values} WHERE id > {first} AND id <= {first + BATCH} AND {which}"
        )
