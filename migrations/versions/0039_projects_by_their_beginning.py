"""Projects are listed in the order in which they begin."""

from alembic import op

revision = "0039_projects_by_their_beginning"
down_revision = "0038_projects_in_full"

NAME = "ix_service_project_starts_on_id"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index(NAME, "service_project", ["starts_on", "id"], postgresql_concurrently=True)


def downgrade() -> None:
    op.drop_index(NAME, "service_project")
