"""Votes and elections by totals, and who is left out of an election."""

import sqlalchemy as sa
from alembic import op

revision = "0034_votes"
down_revision = "0033_organizational_life"


def upgrade() -> None:
    _create_resolutions()
    _create_exclusions()


def _create_resolutions() -> None:
    op.create_table(
        "resolution",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("meeting_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "ordinary",
                "admission",
                "conversion",
                "election",
                "committee_decision",
                name="decisionkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("present", sa.BigInteger(), nullable=False),
        sa.Column("yes", sa.BigInteger(), nullable=False),
        sa.Column("no", sa.BigInteger(), nullable=False),
        sa.Column("abstain", sa.BigInteger(), nullable=False),
        sa.Column("written_yes", sa.BigInteger(), nullable=False),
        sa.Column("written_no", sa.BigInteger(), nullable=False),
        sa.Column("written_abstain", sa.BigInteger(), nullable=False),
        sa.Column("issued", sa.BigInteger(), nullable=True),
        sa.Column("returned", sa.BigInteger(), nullable=True),
        sa.Column("valid", sa.BigInteger(), nullable=True),
        sa.Column("seats", sa.BigInteger(), nullable=True),
        sa.Column("scrutineers", sa.ARRAY(sa.BigInteger()), server_default="{}", nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "passed",
                "not_passed",
                "invalid",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "recorded",
                "voided",
                name="resolutionstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("recorded_by", sa.BigInteger(), nullable=False),
        sa.Column("void_reason", sa.Text(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(kind = 'election') = (seats IS NOT NULL)",
            name=op.f("ck_resolution_seats_of_elections"),
        ),
        sa.CheckConstraint(
            "(status = 'voided') = (void_reason IS NOT NULL)",
            name=op.f("ck_resolution_reason_when_voided"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(issued, returned, valid) IN (0, 3) AND issued <= present "
            "AND returned <= issued AND valid <= returned",
            name=op.f("ck_resolution_papers_in_order"),
        ),
        sa.CheckConstraint("present <= due", name=op.f("ck_resolution_present_are_due")),
        sa.CheckConstraint(
            "written_yes + written_no + written_abstain <= due - present",
            name=op.f("ck_resolution_opinions_of_those_absent"),
        ),
        sa.CheckConstraint(
            "yes + no + abstain <= present", name=op.f("ck_resolution_votes_of_those_present")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["meeting.id"],
            name=op.f("fk_resolution_meeting_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resolution")),
    )
    op.create_index(op.f("ix_resolution_meeting_id"), "resolution", ["meeting_id"], unique=False)
    op.create_table(
        "election_candidate",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("resolution_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("written_in", sa.Boolean(), nullable=False),
        sa.Column("yes", sa.BigInteger(), nullable=False),
        sa.Column("no", sa.BigInteger(), nullable=False),
        sa.Column("abstain", sa.BigInteger(), nullable=False),
        sa.Column("elected", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resolution_id"],
            ["resolution.id"],
            name=op.f("fk_election_candidate_resolution_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_election_candidate")),
        sa.UniqueConstraint(
            "resolution_id", "name", name=op.f("uq_election_candidate_resolution_id_name")
        ),
    )


def _create_exclusions() -> None:
    op.create_table(
        "online_voting_setting",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("allowed", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_by", sa.BigInteger(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_online_voting_setting")),
    )
    op.create_table(
        "voter_exclusion",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("meeting_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "ground",
            sa.Enum(
                "cannot_express_will",
                "abroad",
                "serving_sentence",
                "frail",
                "transfer_not_made",
                "retired_elsewhere",
                name="exclusionground",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("agreement", sa.Text(), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["meeting.id"],
            name=op.f("fk_voter_exclusion_meeting_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_voter_exclusion_member_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voter_exclusion")),
    )
    op.create_index(
        op.f("ix_voter_exclusion_member_id"), "voter_exclusion", ["member_id"], unique=False
    )
    op.create_index(
        "uq_voter_exclusion_standing",
        "voter_exclusion",
        ["meeting_id", "member_id"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("election_candidate")
    op.drop_index(
        "uq_voter_exclusion_standing",
        table_name="voter_exclusion",
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.drop_index(op.f("ix_voter_exclusion_member_id"), table_name="voter_exclusion")
    op.drop_table("voter_exclusion")
    op.drop_index(op.f("ix_resolution_meeting_id"), table_name="resolution")
    op.drop_table("resolution")
    op.drop_table("online_voting_setting")
