"""Coordination bodies and the units in them stand in registers, like all that is so from a day to a
day; what they held of the ledger goes along."""

import sqlalchemy as sa
from alembic import op

revision = "0068_bodies_are_registers"
down_revision = "0067_registers"

BODIES = """
INSERT INTO register_entry (register, code, place_id, created_at, updated_at)
SELECT 'coordination_body', 'XT' || lpad(id::text, 6, '0'), area_id, created_at, updated_at
FROM org_alliance ORDER BY id;
INSERT INTO register_version (entry_id, starts_on, schema_version, name, place_id, "values",
 created_at, updated_at)
SELECT e.id, coalesce((SELECT min(joined_on) FROM alliance_member m WHERE m.alliance_id = a.id),
 (a.created_at AT TIME ZONE 'Asia/Shanghai')::date), 1, a.name, a.area_id,
 jsonb_build_object('type', CASE WHEN a.kind = 'joint_meeting' THEN 'joint_meeting'
 WHEN p.level = 'community' THEN 'community_committee' ELSE 'street_committee' END),
 a.created_at, a.updated_at
FROM org_alliance a JOIN area p ON p.id = a.area_id
JOIN register_entry e ON e.register = 'coordination_body'
 AND e.code = 'XT' || lpad(a.id::text, 6, '0');
"""
# Who left on the day of joining never sat there.
SEATS = """
INSERT INTO register_entry (register, status, code, place_id, parent_id, unit_id, ends_on,
 created_at, updated_at)
SELECT 'member_seat', CASE WHEN m.left_on IS NULL THEN 'standing' ELSE 'ended' END,
 'CY' || lpad(m.id::text, 6, '0'), a.area_id, e.id, m.unit_id, m.left_on,
 m.created_at, m.updated_at
FROM alliance_member m JOIN org_alliance a ON a.id = m.alliance_id
JOIN register_entry e ON e.register = 'coordination_body'
 AND e.code = 'XT' || lpad(a.id::text, 6, '0')
WHERE m.left_on IS NULL OR m.left_on > m.joined_on ORDER BY m.id;
INSERT INTO register_version (entry_id, starts_on, ends_on, schema_version, name, place_id,
 parent_id, unit_id, created_at, updated_at)
SELECT e.id, m.joined_on, m.left_on, 1, u.name, e.place_id, e.parent_id, m.unit_id,
 m.created_at, m.updated_at
FROM alliance_member m JOIN unit u ON u.id = m.unit_id
JOIN register_entry e ON e.register = 'member_seat' AND e.code = 'CY' || lpad(m.id::text, 6, '0');
"""
FACTS = """
INSERT INTO standing_fact (kind, subject_kind, subject_id, starts_on, ends_on, source_type,
 source_id, area_id)
SELECT f.kind, f.of, f.id, v.starts_on, v.ends_on, 'register_entry', e.id, v.place_id
FROM register_version v JOIN register_entry e ON e.id = v.entry_id
LEFT JOIN register_version b ON b.entry_id = e.parent_id
CROSS JOIN LATERAL (VALUES
 ('joint_meeting_body', 'area', v.place_id, v."values" ->> 'type' = 'joint_meeting'),
 ('community_greater_committee', 'area', v.place_id, v."values" ->> 'type' = 'community_committee'),
 ('co_opting_body', 'entry', e.id, v."values" ->> 'type' LIKE '%committee'),
 ('member_unit', 'unit', v.unit_id, e.register = 'member_seat'),
 ('body_peopled', 'area', v.place_id,
  e.register = 'member_seat' AND b."values" ->> 'type' = 'joint_meeting')
) AS f (kind, of, id, so) WHERE f.so;
"""


def upgrade() -> None:
    for statements in (BODIES, SEATS, FACTS):
        for statement in statements.split(";"):
            if statement.strip():
                op.execute(statement)
    op.drop_table("alliance_member")
    op.drop_table("org_alliance")


def downgrade() -> None:
    _create_bodies()
    _create_seats()
    op.execute(
        "DELETE FROM standing_fact WHERE source_type = 'register_entry' AND kind IN "
        "('joint_meeting_body', 'community_greater_committee', 'co_opting_body', 'member_unit', "
        "'body_peopled')"
    )


def _create_bodies() -> None:
    kinds = sa.Enum(
        "joint_meeting", "greater_committee",
        name="alliancekind", native_enum=False, create_constraint=True, length=32,
    )  # fmt: skip
    op.create_table(
        "org_alliance",
        sa.Column("id", sa.BigInteger, sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", kinds, nullable=False),
        sa.Column("area_id", sa.BigInteger, nullable=False),
        *_times(),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_org_alliance_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_org_alliance")),
        sa.UniqueConstraint("area_id", "kind", name=op.f("uq_org_alliance_area_id_kind")),
    )


def _create_seats() -> None:
    table = "alliance_member"
    op.create_table(
        table,
        sa.Column("id", sa.BigInteger, sa.Identity(always=False), nullable=False),
        sa.Column("alliance_id", sa.BigInteger, nullable=False),
        sa.Column("unit_id", sa.BigInteger, nullable=False),
        sa.Column("joined_on", sa.Date, nullable=False),
        sa.Column("left_on", sa.Date),
        *_times(),
        sa.CheckConstraint(
            "left_on IS NULL OR left_on >= joined_on", name=op.f(f"ck_{table}_dates_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["alliance_id"], ["org_alliance.id"], name=op.f(f"fk_{table}_alliance_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f(f"fk_{table}_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("alliance_id", "unit_id", name=op.f(f"uq_{table}_alliance_id_unit_id")),
    )
    op.create_index(op.f(f"ix_{table}_unit_id"), table, ["unit_id"])


def _times() -> list[sa.Column[object]]:
    return [
        sa.Column(name, sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False)
        for name in ("created_at", "updated_at")
    ]
