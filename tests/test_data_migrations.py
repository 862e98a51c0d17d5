"""What migrations make of the rows of before, each from the step before the first of them."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from alembic import command

from backend.core.migrations import configuration, migrate
from launcher.postgres import Server

BEFORE = "0040_steps_keep_their_time"
SERVICE = (
    "INSERT INTO service_record (member_id, community_id, category, content, started_at, ended_at, "
    "duration_min, source, status, submitted_at, confirm_due_on) VALUES ({member}, 1, 'care', '', "
    "make_timestamptz(2026, 6, 9, {begin}, 0, 0), make_timestamptz(2026, 6, 9, {begin} + 1, 30, 0)"
    ", 90, 'self_logged', '{status}', now(), current_date)"
)
SERVICES = (
    (1, 9, "confirmed"),
    (1, 10, "confirmed"),
    (1, 11, "confirmed"),
    (1, 10, "voided"),
    (2, 10, "disputed"),
)
DEMAND = (
    "INSERT INTO demand (id, community_id, kind, title, content, source, submitted_by, status, "
    "submitted_at) OVERRIDING SYSTEM VALUE "
    "VALUES (7, 1, 'demand', '', '', 'resident', 1, 'accepted', now())"
)
STEP = (
    "INSERT INTO audit_entry (action, subject, detail, recorded_at) "
    "VALUES ('{}', '{}', '{{}}', '{} 09:00+08')"
)
STEPS = (
    ("demand.submitted", "demand:7", "2026-05-01"),
    ("demand.accepted", "demand:7", "2026-05-04"),
    ("demand.accepted", "demand:7", "2026-05-06"),
    ("demand.accepted", "demand:77", "2026-05-02"),
)
TEXT = (
    "INSERT INTO text_check (account_id, subject, part, area_id, content, status) "
    "VALUES (1, '{}', 'title', 1, '原文', '{}')"
)
TEXTS = (
    ("meeting:1", "pending"),
    ("meeting:2", "passed"),
    ("service_record:1", "held"),
)
ANSWER = (
    "INSERT INTO idempotency_key (account_id, key, request_hash, status, answer) "
    "VALUES (1, 'one-tap', 'h', 201, '{\"name\": \"陈\"}')"
)


@pytest.fixture(scope="module")
def carried_over(server: Server) -> Iterator[sa.Connection]:
    """A database whose rows of before went through every later migration."""
    admin = sa.create_engine(server.admin_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sa.text("CREATE DATABASE before OWNER party_owner"))
    admin.dispose()
    owner_url, app_url = (server.url(role, "before") for role in ("party_owner", "party_app"))
    migrate(owner_url, app_url)
    owner = sa.create_engine(owner_url)
    with owner.connect() as connection:
        command.downgrade(configuration(connection, app_role="party_app"), BEFORE)
        connection.commit()
    _write(server.url("postgres", "before"))
    migrate(owner_url, app_url)
    with owner.connect() as connection:
        yield connection
    owner.dispose()


def _write(superuser_url: str) -> None:
    superuser = sa.create_engine(superuser_url)
    with superuser.begin() as connection:
        # Rows alone, without the people and places they point to.
        connection.execute(sa.text("SET session_replication_role = replica"))
        for member, begin, status in SERVICES:
            row = SERVICE.format(member=member, begin=begin, status=status)
            connection.execute(sa.text(row))
        connection.execute(sa.text(DEMAND))
        for step in STEPS:
            connection.execute(sa.text(STEP.format(*step)))
        for text in TEXTS:
            connection.execute(sa.text(TEXT.format(*text)))
        connection.exec_driver_sql(ANSWER)
    superuser.dispose()


def test_of_services_for_the_same_time_the_later_ones_are_marked(
    carried_over: sa.Connection,
) -> None:
    """What was voided stands for no time."""
    marked = sa.text("SELECT id FROM service_record WHERE overlaps_older ORDER BY id")

    assert list(carried_over.scalars(marked)) == [2, 3]


def test_when_a_demand_was_accepted_is_read_from_its_own_trail(
    carried_over: sa.Connection,
) -> None:
    when = sa.text("SELECT (accepted_at AT TIME ZONE 'Asia/Shanghai')::date FROM demand")

    assert [str(day) for day in carried_over.scalars(when)] == ["2026-05-04"]


def test_a_branchs_own_text_waits_for_nobody_outside_it(carried_over: sa.Connection) -> None:
    texts = sa.text("SELECT subject, status, content FROM text_check ORDER BY id")

    assert [tuple(row) for row in carried_over.execute(texts)] == [
        ("meeting:1", "superseded", ""),
        ("meeting:2", "passed", "原文"),
        ("service_record:1", "held", "原文"),
    ]


def test_no_answer_stays_in_clear_and_no_key_is_forgotten(carried_over: sa.Connection) -> None:
    kept = sa.text("SELECT key, status, answer FROM idempotency_key")

    assert [tuple(row) for row in carried_over.execute(kept)] == [("one-tap", 201, None)]
