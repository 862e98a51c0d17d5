"""Committees and Party groups of a branch, and whether a member has the electoral right."""

import sqlalchemy as sa
from alembic import op

revision = "0031_branch_bodies"
down_revision = "0030_certificates_at_once"

KINDS = ("secretary", "deputy_secretary", "committee_member", "group_leader")


def upgrade() -> None:
    _organization()
    _member()
    _position()


def _organization() -> None:
    op.add_column("organization", sa.Column("dissolved_on", sa.Date(), nullable=True))
    op.create_check_constraint(
        op.f("ck_organization_dates_in_order"), "organization", "dissolved_on >= founded_on"
    )
    op.create_unique_constraint(
        op.f("uq_organization_id_parent_id"), "organization", ["id", "parent_id"]
    )
    op.create_index(
        "uq_organization_group_name",
        "organization",
        ["parent_id", "name"],
        unique=True,
        postgresql_where=sa.text("kind = 'group' AND dissolved_on IS NULL"),
    )


def _member() -> None:
    op.add_column("member", sa.Column("group_id", sa.BigInteger(), nullable=True))
    right = sa.Column("electoral_right", sa.Boolean(), server_default=sa.true(), nullable=False)
    op.add_column("member", right)
    op.create_foreign_key(
        op.f("fk_member_group_id_branch_id"),
        "member",
        "organization",
        ["group_id", "branch_id"],
        ["id", "parent_id"],
    )
    op.create_index(op.f("ix_member_group_id"), "member", ["group_id"])


def _position() -> None:
    kind = sa.Enum(
        *KINDS, name="positionkind", native_enum=False, create_constraint=True, length=32
    )
    op.create_table(
        "position",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", kind, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        *_timestamps(),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_position_dates_in_order")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_position_member_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_position_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_position")),
    )
    _open("uq_position_open", ["member_id", "organization_id"], "ends_on IS NULL")
    leads = "ends_on IS NULL AND kind = 'group_leader'"
    _open("uq_position_group_leader", ["organization_id"], leads)
    op.create_index(op.f("ix_position_organization_id"), "position", ["organization_id"])


def _open(name: str, columns: list[str], where: str) -> None:
    op.create_index(name, "position", columns, unique=True, postgresql_where=sa.text(where))


def _timestamps() -> list[sa.Column[sa.DateTime]]:
    return [
        sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)
        for name in ("created_at", "updated_at")
    ]


def downgrade() -> None:
    op.drop_table("position")
    op.drop_constraint(op.f("fk_member_group_id_branch_id"), "member")
    op.drop_column("member", "group_id")
    op.drop_column("member", "electoral_right")
    op.drop_index("uq_organization_group_name", "organization")
    op.drop_constraint(op.f("uq_organization_id_parent_id"), "organization")
    op.drop_column("organization", "dissolved_on")
