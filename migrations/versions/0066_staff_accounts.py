"""Accounts for those who have no member's, and what kind of device somebody is signed in on."""

import sqlalchemy as sa
from alembic import op

revision = "0066_staff_accounts"
down_revision = "0065_appointments_by_two"

IDENTITY = (
    "(kind = 'wechat') = (openid_hash IS NOT NULL) "
    "AND (openid_hash IS NULL) = (openid_encrypted IS NULL) "
    "AND (kind = 'wechat' OR member_id IS NULL) "
    "AND (kind = 'staff') = (name IS NOT NULL)"
)
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column(
        "account", sa.Column("kind", sa.String(32), nullable=False, server_default="wechat")
    )
    op.add_column("account", sa.Column("name", sa.Text))
    op.alter_column("account", "openid_hash", nullable=True)
    op.alter_column("account", "openid_encrypted", nullable=True)
    op.create_check_constraint(
        op.f("ck_account_accountkind"), "account", "kind IN ('wechat', 'staff')"
    )
    op.create_check_constraint(op.f("ck_account_identity_of_its_kind"), "account", IDENTITY)
    op.add_column(
        "login_session", sa.Column("kind", sa.String(32), nullable=False, server_default="phone")
    )
    op.create_check_constraint(
        op.f("ck_login_session_sessionkind"),
        "login_session",
        "kind IN ('phone', 'console', 'staff')",
    )
    op.add_column("login_session", sa.Column("device", sa.Text))
    op.add_column("login_session", sa.Column("proven_at", MOMENT))
    _staff()
    _console()


def _timestamps() -> list[sa.Column[object]]:
    return [
        sa.Column(name, MOMENT, nullable=False, server_default=sa.func.now())
        for name in ("created_at", "updated_at")
    ]


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False)


def _staff() -> None:
    op.create_table(
        "staff_account",
        _id(),
        sa.Column("account_id", sa.BigInteger, nullable=False),
        sa.Column("sign_in_name", sa.Text, nullable=False),
        sa.Column("sign_in_key", sa.Text, nullable=False),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("must_change", sa.Boolean, nullable=False, server_default=sa.true()),
        sa.Column("password_until", MOMENT),
        sa.Column("totp_encrypted", sa.Text),
        sa.Column("totp_step", sa.BigInteger),
        sa.Column("enrolment_hash", sa.Text),
        sa.Column("enrolment_until", MOMENT),
        sa.Column("failed_count", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("locks", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("locked_until", MOMENT),
        sa.Column("locked_at", MOMENT),
        *_timestamps(),
        sa.CheckConstraint(
            "must_change OR totp_encrypted IS NOT NULL", name=op.f("ck_staff_account_two_factors")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_staff_account_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_account")),
        sa.UniqueConstraint("account_id", name=op.f("uq_staff_account_account_id")),
        sa.UniqueConstraint("sign_in_key", name=op.f("uq_staff_account_sign_in_key")),
        sa.UniqueConstraint("enrolment_hash", name=op.f("uq_staff_account_enrolment_hash")),
    )
    op.create_table(
        "recovery_code",
        _id(),
        sa.Column("staff_account_id", sa.BigInteger, nullable=False),
        sa.Column("code_hash", sa.Text, nullable=False),
        sa.Column("used_at", MOMENT),
        sa.ForeignKeyConstraint(
            ["staff_account_id"],
            ["staff_account.id"],
            name=op.f("fk_recovery_code_staff_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint(
            "staff_account_id",
            "code_hash",
            name=op.f("uq_recovery_code_staff_account_id_code_hash"),
        ),
    )


def _console() -> None:
    op.create_table(
        "console_login",
        _id(),
        sa.Column("scan_hash", sa.Text, nullable=False),
        sa.Column("browser_hash", sa.Text, nullable=False),
        sa.Column("match_code", sa.Text, nullable=False),
        sa.Column("device", sa.Text, nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("approved_by", sa.BigInteger),
        sa.Column("decided_at", MOMENT),
        sa.Column("claimed_at", MOMENT),
        *_timestamps(),
        sa.CheckConstraint(
            "status IN ('waiting', 'approved', 'refused', 'claimed')",
            name=op.f("ck_console_login_consoleloginstatus"),
        ),
        sa.CheckConstraint(
            "approved_by IS NOT NULL OR status IN ('waiting', 'refused')",
            name=op.f("ck_console_login_approved_by_whom"),
        ),
        sa.ForeignKeyConstraint(
            ["approved_by"],
            ["account.id"],
            name=op.f("fk_console_login_approved_by"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_console_login")),
        sa.UniqueConstraint("scan_hash", name=op.f("uq_console_login_scan_hash")),
    )
    op.create_index(op.f("ix_console_login_expires_at"), "console_login", ["expires_at"])
    op.create_index(op.f("ix_console_login_approved_by"), "console_login", ["approved_by"])


def downgrade() -> None:
    op.drop_table("console_login")
    op.drop_table("recovery_code")
    op.drop_table("staff_account")
    for column in ("proven_at", "device", "kind"):
        op.drop_column("login_session", column)
    op.execute(
        "DELETE FROM appointment WHERE account_id IN (SELECT id FROM account WHERE kind = 'staff')"
    )
    op.execute("DELETE FROM account WHERE kind = 'staff'")
    op.drop_constraint(op.f("ck_account_identity_of_its_kind"), "account")
    op.drop_column("account", "kind")
    op.drop_column("account", "name")
    op.alter_column("account", "openid_hash", nullable=False)
    op.alter_column("account", "openid_encrypted", nullable=False)
