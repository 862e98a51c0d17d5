"""Yearly feedback of communities about registered members."""

import sqlalchemy as sa
from alembic import op

revision = "0027_conduct_feedback"
down_revision = "0026_additional_communities"

STATES = ("awaiting_reply", "answered", "handed_over")
ADDED = ("feedback_written", "feedback_handed_over")
TABLE = "conduct_feedback"


def upgrade() -> None:
    op.create_table(
        TABLE,
        _id(),
        _number("registration_id"),
        _number("member_id"),
        _number("community_id"),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        _number("services"),
        _number("minutes"),
        sa.Column("categories", sa.ARRAY(sa.Text()), nullable=False),
        _number("projects"),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("status", _choice("feedbackstatus", STATES), nullable=False),
        _number("written_by"),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reply_due_on", sa.Date(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        _number("branch_id", optional=True),
        sa.Column("handed_over_at", sa.DateTime(timezone=True), nullable=True),
        *_timestamps(),
        *_constraints(),
    )
    for column in ("member_id", "community_id", "branch_id"):
        op.create_index(op.f(f"ix_{TABLE}_{column}_id"), TABLE, [column, "id"])
    _change_kinds(added=True)


def _constraints() -> tuple[sa.Constraint, ...]:
    return (
        sa.CheckConstraint(
            "(status = 'handed_over') = (branch_id IS NOT NULL)",
            name=op.f("ck_conduct_feedback_branch_when_handed_over"),
        ),
        sa.CheckConstraint(
            "(reply IS NULL) = (replied_at IS NULL)",
            name=op.f("ck_conduct_feedback_reply_has_its_moment"),
        ),
        _points_to(TABLE, "registration_id", "community_registration"),
        _points_to(TABLE, "member_id", "member"),
        _points_to(TABLE, "community_id", "area"),
        _points_to(TABLE, "branch_id", "organization"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conduct_feedback")),
        sa.UniqueConstraint(
            "registration_id", "year", name=op.f("uq_conduct_feedback_registration_id_year")
        ),
    )


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _number(name: str, *, optional: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=optional)


def _choice(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _points_to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name)


def _timestamps() -> list[sa.Column[sa.DateTime]]:
    return [
        sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)
        for name in ("created_at", "updated_at")
    ]


def _change_kinds(*, added: bool) -> None:
    """Swap the CHECK for one that knows these kinds, or no longer; whatever else it lists stays."""
    name = "ck_notification_notificationkind"
    definition = op.get_bind().scalar(
        sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name"),
        {"name": name},
    )
    before = [part for part in str(definition).split("'")[1::2] if part not in ADDED]
    listed = ", ".join(f"'{value}'" for value in [*before, *(ADDED if added else ())])
    op.execute(f"ALTER TABLE notification DROP CONSTRAINT {name}")
    op.execute(
        f"ALTER TABLE notification ADD CONSTRAINT {name} CHECK (kind IN ({listed})) NOT VALID"
    )
    op.execute(f"ALTER TABLE notification VALIDATE CONSTRAINT {name}")


def downgrade() -> None:
    op.execute(
        sa.text("DELETE FROM notification WHERE kind = ANY(:kinds)").bindparams(kinds=list(ADDED))
    )
    _change_kinds(added=False)
    op.drop_table(TABLE)
