"""Take back what waited with a community or with WeChat and is a branch's own."""

import sqlalchemy as sa
from alembic import op

revision = "0043_texts_of_branches"
down_revision = "0042_found_as"

OF_A_BRANCH = (
    "meeting",
    "meeting_minutes",
    "minutes_amendment",
    "leave_request",
    "resolution",
    "voter_exclusion",
    "learning_material",
    "organization",
    "link_application",
)
TAKEN_BACK = """
    UPDATE text_check AS t SET status = 'superseded', content = '', updated_at = now()
    WHERE t.status IN ('pending', 'held', 'unchecked') AND (
        split_part(t.subject, ':', 1) IN :tables
        OR EXISTS (
            SELECT FROM community_registration AS r
            WHERE t.subject = 'community_registration:' || r.id AND r.community_id IS NULL
        )
        OR EXISTS (
            SELECT FROM attachment AS a
            WHERE t.subject = 'attachment:' || a.id
            AND split_part(a.subject, ':', 1) IN ('meeting', 'learning_material')
        )
    )
"""

# Pictures that waited for the same people show to the branch they were given to.
SHOWN = """
    UPDATE attachment AS a SET status = 'available', updated_at = now()
    WHERE a.status IN ('checking', 'held') AND (
        split_part(a.subject, ':', 1) IN ('meeting', 'learning_material')
        OR EXISTS (
            SELECT FROM community_registration AS r
            WHERE a.subject = 'community_registration:' || r.id AND r.community_id IS NULL
        )
    )
"""


def upgrade() -> None:
    op.get_bind().execute(sa.text(SHOWN))
    tables = sa.bindparam("tables", OF_A_BRANCH, expanding=True)
    op.get_bind().execute(sa.text(TAKEN_BACK).bindparams(tables))


def downgrade() -> None:
    """What was taken back is not sent again: the texts are where they were written."""
