"""News from before they named what they quote: every text of their subject that was checked."""

from alembic import op

revision = "0019_quotes_of_old_news"
down_revision = "0018_quotes"


def upgrade() -> None:
    op.execute(
        """
        UPDATE notification SET quotes = found.texts
          FROM (SELECT subject, array_agg(DISTINCT subject || '#' || part) AS texts
                  FROM text_check GROUP BY subject) AS found
         WHERE found.subject = notification.subject
           AND notification.kind NOT IN ('text_check_held', 'attachment_held')
        """
    )


def downgrade() -> None:
    op.execute("UPDATE notification SET quotes = '{}'")
