"""A member may let the community see the number: one purpose of consent more. Nobody has yet."""

from alembic import op

revision = "0052_phone_to_community"
down_revision = "0051_answers_kept_sealed"

BEFORE, ADDED = ("core_service", "subscription_messages"), "phone_to_community"


def upgrade() -> None:
    _allow(*BEFORE, ADDED)


def _allow(*purposes: str) -> None:
    """Swap the CHECK for one that knows these purposes."""
    name, listed = "ck_consent_purpose", ", ".join(f"'{one}'" for one in purposes)
    op.execute(f"ALTER TABLE consent DROP CONSTRAINT {name}")
    op.execute(f"ALTER TABLE consent ADD CONSTRAINT {name} CHECK (purpose IN ({listed})) NOT VALID")
    op.execute(f"ALTER TABLE consent VALIDATE CONSTRAINT {name}")


def downgrade() -> None:
    op.execute(f"DELETE FROM consent WHERE purpose = '{ADDED}'")
    _allow(*BEFORE)
