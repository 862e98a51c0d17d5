"""Answers kept for a repeat are sealed from here on; those in clear are taken out.

The keys stay, so that a form sent again in between creates nothing a second time: it is told that
it was done. The program's keys are not at hand here: nothing can be sealed, nor opened on the way
back.
"""

from alembic import op

revision = "0051_answers_kept_sealed"
down_revision = "0050_meeting_places"


def upgrade() -> None:
    _take_out()


def _take_out() -> None:
    op.execute("UPDATE idempotency_key SET answer = NULL WHERE answer IS NOT NULL")


def downgrade() -> None:
    _take_out()
