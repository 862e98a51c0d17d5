"""The audit administrator reads who did what; nobody else does."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.core import clock
from backend.core.actor import Actor, Role
from tests.factories import Make
from tests.http_client import ApiClient


@pytest.fixture
def auditor(make: Make) -> Actor:
    return make.staff((Role.AUDIT_ADMINISTRATOR, make.city()))


def listed(client: ApiClient, who: Actor, query: str = "") -> list[Any]:
    answer = client.request("GET", f"/audit-entries{query}", as_=who, expect=200)
    return list(answer["items"])


def test_entries_are_listed_the_last_first_and_found_by_who_what_and_when(
    client: ApiClient, session: Session, make: Make, auditor: Actor
) -> None:
    member = make.actor(make.member())
    row = make.session_member(member)
    audit.record(session, member, "demand.submitted", row, kind="demand")
    audit.record(session, auditor, "session.opened", row)
    audit.record(session, None, "registration.area_changed", row)
    session.flush()
    subject = f"?subject={row.as_subject}"

    found = listed(client, auditor, subject)
    assert [one["action"] for one in found] == [
        "registration.area_changed",
        "session.opened",
        "demand.submitted",
    ]
    assert [one["account_id"] for one in found] == [None, auditor.account_id, member.account_id]
    named = [one["staff_name"] is not None for one in found]
    assert named == [False, True, False]  # a member is a number here
    assert found[-1]["detail"] == {"kind": "demand"}
    for query, actions in (
        (f"&account_id={member.account_id}", ["demand.submitted"]),
        ("&action=session.", ["session.opened"]),
        ("&action=registration.area_changed", ["registration.area_changed"]),
        ("&action=opened", []),
    ):
        assert [one["action"] for one in listed(client, auditor, subject + query)] == actions
    soon = (clock.now() + timedelta(hours=1)).isoformat().replace("+", "%2B")
    assert listed(client, auditor, f"{subject}&from={soon}") == []
    assert len(listed(client, auditor, f"{subject}&to={soon}")) == len(found)


@pytest.mark.parametrize("query", ["?action=%25", "?subject=member", "?account_id=0", "?from=1"])
def test_what_is_no_such_thing_is_refused(client: ApiClient, auditor: Actor, query: str) -> None:
    client.request("GET", f"/audit-entries{query}", as_=auditor, expect=422)


def test_nobody_else_reads_it(client: ApiClient, make: Make) -> None:
    city = make.city()
    others = [
        make.staff((Role.SECURITY_ADMINISTRATOR, city)),
        make.staff((Role.SYSTEM_ADMINISTRATOR, city)),
        make.officer(Role.CITY_OFFICER, city),
        make.actor(make.member()),
        make.unlinked(),
    ]
    for actor in others:
        answer = client.request("GET", "/audit-entries", as_=actor, expect=403)
        assert answer["code"] == "not_audit_administrator"
