"""Publish demand lists of a community or a street: the column is that of an area.

The name of a constraint follows its column, and is compared with the models.
"""

from alembic import op

revision = "0059_demand_lists_of_areas"
down_revision = "0058_duty_years_of_everybody"

NAMES = (
    ("fk_demand_list_community_id", "fk_demand_list_area_id"),
    ("uq_demand_list_community_id_year_version", "uq_demand_list_area_id_year_version"),
)


def upgrade() -> None:
    op.alter_column("demand_list", "community_id", new_column_name="area_id")
    for old, new in NAMES:
        op.execute(f"ALTER TABLE demand_list RENAME CONSTRAINT {old} TO {new}")


def downgrade() -> None:
    for old, new in NAMES:
        op.execute(f"ALTER TABLE demand_list RENAME CONSTRAINT {new} TO {old}")
    op.alter_column("demand_list", "area_id", new_column_name="community_id")
