"""Who belonged to which branch and Party group, and with what vote, from when to when.

A trigger keeps it, so that whatever writes a roster entry writes its history. Of entries that exist
only the day on which they came is known: their history begins there, as they stand today.
"""

import sqlalchemy as sa
from alembic import op

revision = "0049_memberships"
down_revision = "0048_activities_by_beginning"

CATEGORIES = ("full", "probationary")

# The application's clock goes with its rows; a statement by hand has the database's.
KEEP = """
CREATE FUNCTION keep_membership() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moment timestamptz := NEW.created_at;
    standing membership%ROWTYPE;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (OLD.branch_id, OLD.group_id, OLD.active, OLD.category, OLD.electoral_right)
            IS NOT DISTINCT FROM
            (NEW.branch_id, NEW.group_id, NEW.active, NEW.category, NEW.electoral_right)
        THEN
            RETURN NEW;
        END IF;
        moment := CASE WHEN NEW.updated_at > OLD.updated_at THEN NEW.updated_at ELSE now() END;
        SELECT * INTO standing FROM membership WHERE member_id = NEW.id AND until IS NULL;
        IF NEW.active AND standing.branch_id = NEW.branch_id
            AND standing.group_id IS NOT DISTINCT FROM NEW.group_id
            AND (standing.since AT TIME ZONE 'Asia/Shanghai')::date
                = (moment AT TIME ZONE 'Asia/Shanghai')::date
        THEN
            UPDATE membership
                SET category = NEW.category, electoral_right = NEW.electoral_right
                WHERE id = standing.id;
            RETURN NEW;
        END IF;
        UPDATE membership SET until = greatest(since, moment)
            WHERE member_id = NEW.id AND until IS NULL;
    END IF;
    IF NEW.active THEN
        INSERT INTO membership
            (member_id, branch_id, group_id, category, electoral_right, since)
            VALUES (NEW.id, NEW.branch_id, NEW.group_id, NEW.category, NEW.electoral_right, moment);
    END IF;
    RETURN NEW;
END $$
"""


def upgrade() -> None:
    _create()
    op.execute(
        "INSERT INTO membership (member_id, branch_id, group_id, category, electoral_right, since)"
        " SELECT id, branch_id, group_id, category, electoral_right, created_at"
        " FROM member WHERE active"
    )
    op.execute(KEEP)
    op.execute(
        "CREATE TRIGGER member_keeps_membership AFTER INSERT OR UPDATE ON member "
        "FOR EACH ROW EXECUTE FUNCTION keep_membership()"
    )


def _create() -> None:
    op.create_table(
        "membership",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("branch_id", sa.BigInteger(), nullable=False),
        sa.Column("group_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "category",
            sa.Enum(
                *CATEGORIES,
                name="membercategory",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("electoral_right", sa.Boolean(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("until >= since", name=op.f("ck_membership_in_order")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_membership_member_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["organization.id"], name=op.f("fk_membership_branch_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["organization.id"], name=op.f("fk_membership_group_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    for columns in (["branch_id", "since"], ["group_id", "since"], ["member_id", "since"]):
        op.create_index(op.f(f"ix_membership_{'_'.join(columns)}"), "membership", columns)
    op.create_index(
        "uq_membership_open",
        "membership",
        ["member_id"],
        unique=True,
        postgresql_where=sa.text("until IS NULL"),
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER member_keeps_membership ON member")
    op.execute("DROP FUNCTION keep_membership()")
    op.drop_table("membership")
