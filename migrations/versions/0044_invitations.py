"""Communities invite who registered with them; branches remind who has not, once a year."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0044_invitations"
down_revision = "0043_texts_of_branches"

KINDS, NAME = ("invited", "registration_nudged"), "ck_notification_notificationkind"


def upgrade() -> None:
    _create_invitation()
    op.create_table(
        "registration_nudge",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_registration_nudge"),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name="fk_registration_nudge_member_id"
        ),
        sa.UniqueConstraint("member_id", "year", name="uq_registration_nudge_member_id_year"),
    )
    _allow((*_allowed(), *KINDS))


def _create_invitation() -> None:
    moment = sa.DateTime(timezone=True)
    things = {"community_id": "area", "member_id": "member"}
    chosen = {"activity_id": "activity", "project_id": "service_project"}
    op.create_table(
        "invitation",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        *(sa.Column(column, sa.BigInteger(), nullable=False) for column in things),
        *(sa.Column(column, sa.BigInteger(), nullable=True) for column in chosen),
        sa.Column("invited_by", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", moment, nullable=False),
        sa.Column("declined_at", moment, nullable=True),
        sa.Column("created_at", moment, server_default=sa.func.now(), nullable=False),
        sa.Column("updated_at", moment, server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_invitation"),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=f"fk_invitation_{column}")
            for column, table in (things | chosen).items()
        ),
        *(
            sa.UniqueConstraint("member_id", column, name=f"uq_invitation_member_id_{column}")
            for column in chosen
        ),
        sa.CheckConstraint(
            "num_nonnulls(activity_id, project_id) = 1", name=op.f("ck_invitation_to_one_thing")
        ),
    )
    for columns in (["community_id", "sent_at"], ["activity_id"], ["project_id"]):
        op.create_index(f"ix_invitation_{'_'.join(columns)}", "invitation", columns)


def downgrade() -> None:
    listed = ", ".join(f"'{kind}'" for kind in KINDS)
    op.execute(f"DELETE FROM notification WHERE kind IN ({listed})")
    _allow(tuple(kind for kind in _allowed() if kind not in KINDS))
    op.drop_table("registration_nudge")
    op.drop_table("invitation")


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
