"""What migrations make of the rows of before, each from the step before the first of them."""

import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command

from backend import capabilities
from backend.core.migrations import configuration, migrate
from backend.support.text_checks.declared import TextKind
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
    ("demand:7", "passed"),
    ("project_claim:8", "passed"),
)
ANSWER = (
    "INSERT INTO idempotency_key (account_id, key, request_hash, status, answer) "
    "VALUES (1, 'one-tap', 'h', 201, '{\"name\": \"陈\"}')"
)

NEWS = (
    "INSERT INTO notification (account_id, kind, business_id, title, body, subject) "
    "VALUES (1, '{}', '{}', '', '', '{}')"
)
# How each was called, its number, what it was about, and how it is called now.
TOLD = (
    ("registration_accepted", "3:17", "community_registration:3", "registrations.accepted"),
    ("unit_registration_ended", "4", "unit_registration:4", "unit_registrations.ended"),
    ("service_record_voided", "5:17", "service_record:5", "volunteering.record_voided"),
    ("sign_up_moved_up", "6", "activity:6", "volunteering.sign_up_moved_up"),
    ("leave_approved", "7", "meeting:7", "meetings.leave_approved"),
    ("claim_lapsed", "8:2", "project_claim:8", "claims.lapsed"),
    ("project_done", "8:1", "project_claim:8", "claims.done"),
    ("deadline_reminder", "registrations:9:d", "community_registration:9",
     "registrations.deadline"),
    ("deadline_reminder", "service_records:9:d", "service_record:9", "volunteering.deadline"),
    ("deadline_reminder", "feedback:9:d", "conduct_feedback:9", "conduct_feedback.deadline"),
    ("deadline_reminder", "answer:9:1", "service_project:9", "claims.deadline"),
    ("deadline_reminder", "retry:9:d", "project_claim:9", "claims.deadline"),
    ("link_application_refused", "1", "link_application:1", "onboarding.application_refused"),
    ("feedback_due", "1:2026", "area:1", "conduct_feedback.due"),
)  # fmt: skip
MESSAGE = (
    "INSERT INTO subscription_message (account_id, template, business_id, data, status, expires_at)"
    " VALUES (1, 't', '{}', '{{}}', 'sent', now())"
)
# Where the number began with a kind it begins with the new one: nobody is told twice.
SENT = (
    ("registration_request_refused:3", "registrations.request_refused:3"),
    ("deadline_reminder:answer:9:1", "claims.deadline:answer:9:1"),
    ("project_reminder:begin:9:d", "claims.reminder:begin:9:d"),
    ("registrations:9:2026-11-02", "registrations:9:2026-11-02"),
    ("service_records:9:2026-11-02", "service_records:9:2026-11-02"),
    ("16:1790000000", "16:1790000000"),
)
REMINDER = (
    "INSERT INTO reminder (kind, subject, due_at, event_at, status) "
    "VALUES ('{}', 'x:1', now(), now() + interval '1 day', 'planned')"
)
REMINDED = (
    ("meeting_starts", "meetings.starts"),
    ("delivery_due", "claims.delivery_due"),
    ("registration_answer_overdue", "registrations.answer_overdue"),
    ("demand_expires", "demands.expiry"),
)

FILE = (
    "INSERT INTO attachment (subject, area_id, status, kind, content_type, name, size, sha256, "
    "storage_key) VALUES ({subject}, {place}, 'available', 'pdf', '', '', 1, '{number}', "
    "'{number}')"
)


@pytest.fixture(scope="module")
def carried_over(server: Server) -> Iterator[sa.Connection]:
    """A database whose rows of before went through every later migration."""
    admin = sa.create_engine(server.admin_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sa.text("CREATE DATABASE before OWNER party_owner"))
    admin.dispose()
    owner_url, app_url = (server.url(role, "before") for role in ("party_owner", "party_app"))
    owner = sa.create_engine(owner_url)
    with owner.connect() as connection:
        command.upgrade(configuration(connection, app_role="party_app"), BEFORE)
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
        for told in TOLD:
            connection.exec_driver_sql(NEWS.format(*told[:3]))
        for sent, _ in SENT:
            connection.exec_driver_sql(MESSAGE.format(sent))
        for reminded, _ in REMINDED:
            connection.exec_driver_sql(REMINDER.format(reminded))
        for number, subject in enumerate(("NULL", "'meeting:1'", "'service_record:1'")):
            place = "NULL" if subject == "NULL" else "1"
            connection.exec_driver_sql(FILE.format(number=number, subject=subject, place=place))
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
        ("demand:7", "passed", "原文"),
        ("project_claim:8", "passed", "原文"),
    ]


def test_no_answer_stays_in_clear_and_no_key_is_forgotten(carried_over: sa.Connection) -> None:
    kept = sa.text("SELECT key, status, answer FROM idempotency_key")

    assert [tuple(row) for row in carried_over.execute(kept)] == [("one-tap", 201, None)]


def test_what_was_told_and_planned_bears_the_name_of_its_capability(
    carried_over: sa.Connection,
) -> None:
    told = sa.text("SELECT kind, business_id FROM notification ORDER BY id")
    planned = sa.text("SELECT kind FROM reminder ORDER BY id")

    assert [tuple(row) for row in carried_over.execute(told)] == [(t[3], t[1]) for t in TOLD]
    assert list(carried_over.scalars(planned)) == [now for _, now in REMINDED]
    declared = {kind.name for kind in capabilities.KINDS}
    assert {t[3] for t in TOLD} | {now for _, now in REMINDED} <= declared


def test_the_number_of_a_message_begins_with_the_new_kind(carried_over: sa.Connection) -> None:
    sent = sa.text("SELECT business_id FROM subscription_message ORDER BY id")

    assert list(carried_over.scalars(sent)) == [now for _, now in SENT]


def test_every_kind_that_was_listed_is_one_that_is_declared(root: Path) -> None:
    """And the way back leads to where it began."""
    listed, renaming = (
        migration(root, name) for name in ("0053_kinds_as_text", "0054_kinds_of_capabilities")
    )
    declared, reminders = {kind.name for kind in capabilities.KINDS}, dict(renaming["REMINDERS"])
    # Nobody was ever told of the first; the second is four now.
    for kind in set(listed["NEWS"].split()) - {"project_cancelled", "deadline_reminder"}:
        begun = [(old, new) for old, new in renaming["BEGINNINGS"] if kind.startswith(old)]
        assert len(begun) == 1, kind
        assert today(root, begun[0][1] + kind.removeprefix(begun[0][0])) in declared, kind
    assert reminders.keys() == set(listed["REMINDERS"].split())
    assert {today(root, kind) for kind in reminders.values()} <= declared


def migration(root: Path, name: str) -> dict[str, Any]:
    return runpy.run_path(str(root / "migrations" / "versions" / f"{name}.py"))


def today(root: Path, kind: str) -> str:
    """Return what a kind is called since claims are a capability of their own."""
    name = kind.removeprefix("projects.")
    of_claims = migration(root, "0057_kinds_of_claims")["OF_CLAIMS"]
    if name != kind and (name.startswith("claim_") or name in of_claims):
        return f"claims.{name.removeprefix('claim_')}"
    return kind


def test_stored_texts_and_files_have_a_kind_and_who_reads_them(
    carried_over: sa.Connection,
) -> None:
    texts = sa.text("SELECT subject, kind, audience, nameless FROM text_check ORDER BY id")
    files = sa.text("SELECT subject, carried_as, of_branch FROM attachment ORDER BY id")

    assert [tuple(row) for row in carried_over.execute(texts)] == [
        ("meeting:1", "meetings.texts", "branch", False),
        ("meeting:2", "meetings.texts", "branch", False),
        ("service_record:1", "volunteering.record_texts", "offices", False),
        ("demand:7", "demands.texts", "offices", True),
        ("project_claim:8", "claims.texts", "community", False),
    ]
    assert [tuple(row) for row in carried_over.execute(files)] == [
        (None, None, False),
        ("meeting:1", "meetings.files", True),
        ("service_record:1", "volunteering.record_files", False),
    ]


def test_stored_texts_and_files_are_as_their_capabilities_declare(root: Path) -> None:
    filled = migration(root, "0055_kinds_of_texts_and_files")
    texts = [kind for kind in capabilities.KINDS if isinstance(kind, TextKind)]
    read_by = {kind.name: kind.audience for kind in texts}
    files = {opening.model.__tablename__: opening.kind.name for opening in capabilities.FILES}

    assert all(read_by[today(root, kind)] == audience for _, kind, audience in filled["TEXTS"])
    assert "demands.texts" in {kind.name for kind in texts if kind.nameless}
    assert set(filled["FILES"]) <= files.items()
