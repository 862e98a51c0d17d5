"""Nobody's hour counts twice: the database refuses it; certificates keep what each record adds."""

import sqlalchemy as sa
from alembic import op

revision = "0047_one_time_once"
down_revision = "0046_two_persons_link"

STANDS = "(status = 'confirmed' OR status = 'disputed' AND void_reason IS NULL)"
REPLACES = "fk_service_certificate_replaces_id"


def upgrade() -> None:
    _refuse_overlaps()
    _describe_certificates()


def _refuse_overlaps() -> None:
    """What overlaps from before stays as it was said; how it is counted follows by a command."""
    _flag("service_record", "overlaps_older", default="false")
    op.execute(
        "UPDATE service_record SET overlaps_older = true WHERE id IN ("
        "SELECT later.id FROM service_record AS later JOIN service_record AS older "
        "ON older.member_id = later.member_id AND older.id < later.id "
        "AND older.started_at < later.ended_at AND later.started_at < older.ended_at "
        f"WHERE {_of('later')} AND {_of('older')})"
    )
    op.execute(
        "ALTER TABLE service_record ADD CONSTRAINT uq_service_record_own_time EXCLUDE USING gist "
        "(int8range(member_id, member_id, '[]') WITH &&, tstzrange(started_at, ended_at) WITH &&) "
        f"WHERE (shift_id IS NULL AND NOT overlaps_older AND {STANDS})"
    )


def _of(table: str) -> str:
    stands = STANDS.replace("status", f"{table}.status").replace("void_", f"{table}.void_")
    return f"({table}.shift_id IS NULL AND {stands})"


def _describe_certificates() -> None:
    _flag("certified_record", "is_occasion", default="true")
    op.add_column("certified_record", sa.Column("duration_min", sa.BigInteger()))
    op.execute("UPDATE certified_record SET duration_min = minutes")
    op.alter_column("certified_record", "duration_min", nullable=False)
    op.add_column("service_certificate", sa.Column("replaces_id", sa.BigInteger()))
    op.execute(
        f"ALTER TABLE service_certificate ADD CONSTRAINT {REPLACES} "
        "FOREIGN KEY (replaces_id) REFERENCES service_certificate (id) NOT VALID"
    )
    op.execute(f"ALTER TABLE service_certificate VALIDATE CONSTRAINT {REPLACES}")
    op.create_unique_constraint(
        op.f("uq_service_certificate_replaces_id"), "service_certificate", ["replaces_id"]
    )


def _flag(table: str, name: str, *, default: str) -> None:
    column = sa.Column(name, sa.Boolean(), server_default=sa.text(default), nullable=False)
    op.add_column(table, column)


def downgrade() -> None:
    op.drop_column("service_certificate", "replaces_id")
    op.drop_column("certified_record", "duration_min")
    op.drop_column("certified_record", "is_occasion")
    op.drop_constraint("uq_service_record_own_time", "service_record")
    op.drop_column("service_record", "overlaps_older")
