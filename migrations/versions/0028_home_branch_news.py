"""The home branch hears where its members are registered."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0028_home_branch_news"
down_revision = "0027_conduct_feedback"

KIND, NAME = "registration_reported", "ck_notification_notificationkind"


def upgrade() -> None:
    _allow((*_allowed(), KIND))


def _allowed() -> tuple[str, ...]:
    """Return the kinds that are known at present, in order."""
    asked = sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name")
    return tuple(
        re.findall(r"'([^']*)'", op.get_bind().execute(asked, {"name": NAME}).scalar_one())
    )


def _allow(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.execute(f"ALTER TABLE notification DROP CONSTRAINT {NAME}")
    op.execute(
        f"ALTER TABLE notification ADD CONSTRAINT {NAME} CHECK (kind IN ({listed})) NOT VALID"
    )
    op.execute(f"ALTER TABLE notification VALIDATE CONSTRAINT {NAME}")


def downgrade() -> None:
    op.execute(f"DELETE FROM notification WHERE kind = '{KIND}'")
    _allow(tuple(kind for kind in _allowed() if kind != KIND))
