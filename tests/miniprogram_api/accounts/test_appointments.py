"""Appointments over HTTP: named by name and number, approved by another, listed by area."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.audit.models import AuditEntry
from backend.core import clock
from backend.core.actor import Actor, Role
from backend.core.crypto import Crypto
from tests.backend.accounts.appointments.test_who_grants import CITY, DISTRICT, Town
from tests.factories import Make
from tests.http_client import ApiClient

PHONE = "13800000011"


class Office:
    """A town, and somebody on its roster who can be named."""

    def __init__(self, client: ApiClient, session: Session, make: Make, keys: Crypto) -> None:
        self.client, self.town = client, Town(session, make)
        digest = keys.lookup(PHONE, purpose="member.phone")
        self.member = make.member(self.town.branch, name="陈一", phone_hash=digest)
        self.holder = make.actor(self.member)

    def propose(self, who: str, *, expect: int = 201, **given: Any) -> Any:
        body = {
            "role": "grid_worker",
            "member": {"name": "陈一", "phone": PHONE},
            "area_code": self.town.community.code,
        }
        actor = self.town.people[who]
        return self.client.request(
            "POST", "/appointments", as_=actor, json=body | given, expect=expect
        )

    def list(self, who: Actor, **query: Any) -> list[dict[str, Any]]:
        asked = "&".join(f"{name}={value}" for name, value in query.items())
        answer = self.client.request("GET", f"/appointments?{asked}", as_=who, expect=200)
        return list(answer["items"])

    def approve(self, who: str, id_: int, *, expect: int = 200) -> Any:
        actor = self.town.people[who]
        return self.client.request(
            "POST", f"/appointments/{id_}/approval", as_=actor, expect=expect
        )


@pytest.fixture
def office(client: ApiClient, session: Session, make: Make, keys: Crypto) -> Office:
    return Office(client, session, make, keys)


def test_one_proposes_another_approves_and_both_are_told(office: Office) -> None:
    made = office.propose(CITY)

    assert made["status"] == "proposed"
    assert made["role_name"] == "网格员"
    assert made["holder"] == {
        "member_id": office.member.id,
        "account_id": None,
        "name": "陈一",
    }
    assert made["can"] == ["withdrawal"]
    told = office.client.request(
        "GET", "/me/notifications", as_=office.town.people[DISTRICT], expect=200
    )
    assert [one["kind"] for one in told["items"]] == ["appointments.proposed"]
    task = office.client.request("GET", "/me/tasks", as_=office.town.people[DISTRICT], expect=200)
    assert [(one["who"], one["next_step"]) for one in task["items"]] == [("陈一", "approval")]
    assert office.approve(CITY, made["id"], expect=403)["code"] == "second_person_needed"

    approved = office.approve(DISTRICT, made["id"])

    assert (approved["status"], approved["can"]) == ("approved", ["ending"])
    inbox = office.client.request("GET", "/me/notifications", as_=office.holder, expect=200)
    assert "网格员" in inbox["items"][0]["body"]
    me = office.client.request("GET", "/me", as_=office.holder, expect=200)
    assert [one["role"] for one in me["appointments"]] == ["grid_worker"]


def test_a_term_that_is_ended_gives_nothing_from_the_next_request_on(office: Office) -> None:
    made = office.propose(CITY)
    office.approve(DISTRICT, made["id"])
    community = office.town.community.code
    seen = f"/service-records?community_code={community}"
    path = f"/appointments/{made['id']}/ending"
    office.client.request("GET", seen, as_=office.holder, expect=200)

    ended = office.client.request(
        "POST", path, as_=office.town.people[CITY], json={"reason": "已调离。"}, expect=200
    )

    assert (ended["status"], ended["ending_reason"], ended["can"]) == ("ended", "已调离。", [])
    me = office.client.request("GET", "/me", as_=office.holder, expect=200)
    assert me["appointments"] == []


def test_who_can_do_what_here_is_a_list_for_those_responsible(office: Office, make: Make) -> None:
    town = office.town
    make.community_secretary(make.community())
    code = town.community.code

    def roles(who: str) -> set[str]:
        return {
            one["role"] for one in office.list(town.people[who], area_code=code, in_force="true")
        }

    assert roles(CITY) == {"community_secretary", "branch_secretary", "unit_contact"}
    assert roles(DISTRICT) == roles(CITY)
    assert roles("secretary") == {"community_secretary"}
    assert roles("elsewhere") == roles("member") == set()
    assert roles("contact") == {"unit_contact"}


def test_a_term_that_is_over_is_shown_as_ended(office: Office, make: Make) -> None:
    yesterday = clock.today() - timedelta(days=1)
    held = make.appointment(
        office.member, Role.GRID_WORKER, area_id=office.town.community.id, ends_on=yesterday
    )
    who = office.town.people[CITY]

    assert held.id in {one["id"] for one in office.list(who, status="ended")}
    assert held.id not in {one["id"] for one in office.list(who, status="approved")}
    shown = office.client.request("GET", f"/appointments/{held.id}", as_=who, expect=200)
    assert (shown["status"], shown["can"]) == ("ended", [])


def test_who_may_not_give_a_role_learns_of_nobody(office: Office) -> None:
    unknown = {"name": "没有这个人", "phone": PHONE}
    for who in ("secretary", "street", "member", "own_branch"):
        known = office.propose(who, expect=403)
        other = office.propose(who, expect=403, member=unknown)
        assert known["code"] == other["code"] == "not_yours_to_grant"
    assert office.propose(CITY, expect=404, member=unknown)["code"] == "roster_no_match"


@pytest.mark.parametrize(
    "given",
    [
        {"member": None},
        {"account_id": 1},
        {"unit_id": 1},
        {"area_code": None},
        {"role": "street_officer"},
        {"ends_on": "2020-01-01"},
        {"role": "security_administrator"},
    ],
)
def test_what_does_not_fit_is_named(office: Office, given: dict[str, Any]) -> None:
    refused = 403 if given.get("role") == "security_administrator" else 422
    office.propose(CITY, expect=refused, **given)


def test_names_and_reasons_do_not_stand_in_the_audit_log(office: Office, session: Session) -> None:
    made = office.propose(CITY)
    path = f"/appointments/{made['id']}/refusal"
    office.client.request(
        "POST", path, as_=office.town.people[DISTRICT], json={"reason": "另有安排。"}, expect=200
    )

    entries = session.scalars(
        sa.select(AuditEntry).where(AuditEntry.subject == f"appointment:{made['id']}")
    ).all()
    assert [entry.action for entry in entries] == ["appointment.proposed", "appointment.refused"]
    assert [entry.detail for entry in entries] == [{"role": "grid_worker"}, {}]
