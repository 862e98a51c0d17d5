"""Looking for somebody on the roster by name and number: on record, and not without end."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.audit.models import AuditEntry
from backend.community.volunteering.models import ServiceRecord
from backend.core import clock
from backend.core.actor import Actor
from backend.core.crypto import Crypto
from backend.core.errors import TooFast
from backend.core.throttle import Misses, Throttle, purge
from backend.people.members.look_ups import THROTTLE
from tests.factories import Make, service_facts
from tests.http_client import ApiClient

NAME, PHONE = "吴秀兰", "13876543210"


class Office:
    """A community secretary with slips, and somebody on the roster without the app."""

    def __init__(self, client: ApiClient, session: Session, make: Make, keys: Crypto) -> None:
        self.client, self.session, self.make = client, session, make
        self.community = make.community()
        self.secretary = make.community_secretary(self.community)
        phone_hash = keys.lookup(PHONE, purpose="member.phone")
        self.elder = make.member(name=NAME, phone_hash=phone_hash)
        self.done = vars(service_facts())
        self.activity = make.activity(self.community, (clock.now() - timedelta(hours=3), 5))

    def register(self, expect: int, as_: Actor | None = None, **changed: Any) -> Any:
        slip = {
            "name": NAME,
            "phone": PHONE,
            "slip_no": "2026-007",
            "community_code": self.community.code,
        }
        return self._send("POST", "/assisted-registrations", slip | changed, expect, as_)

    def serve(self, expect: int, as_: Actor | None = None, key: str = "", **changed: Any) -> Any:
        done = self.done
        facts = {name: done[name] for name in ("category", "content")}
        times = {name: done[name].isoformat() for name in ("started_at", "ended_at")}
        slip = {
            "name": NAME,
            "phone": PHONE,
            "slip_no": "S-1",
            "community_code": self.community.code,
        }
        headers = {"Idempotency-Key": key} if key else None
        body = {"community_code": self.community.code, **slip, **facts, **times, **changed}
        return self._send("POST", "/assisted-service-records", body, expect, as_, headers)

    def write_down(self, expect: int, as_: Actor | None = None, **changed: Any) -> Any:
        line = {"name": NAME, "phone": PHONE, "mark": "present", **changed}
        path = f"/activities/{self.activity.id}/attendance"
        return self._send("PUT", path, {"lines": [line]}, expect, as_)

    def _send(
        self, method: str, path: str, body: Any, expect: int, as_: Actor | None,
        headers: dict[str, str] | None = None,
    ) -> Any:  # fmt: skip
        return self.client.request(
            method, path, as_=as_ or self.secretary, json=body, expect=expect, headers=headers
        )

    def looked_up(self) -> list[AuditEntry]:
        found = sa.select(AuditEntry).where(AuditEntry.action == "roster.looked_up")
        return list(self.session.scalars(found.order_by(AuditEntry.id)))


@pytest.fixture
def office(client: ApiClient, session: Session, make: Make, keys: Crypto) -> Office:
    return Office(client, session, make, keys)


Way = Callable[..., Any]
WAYS = pytest.mark.parametrize("way", [Office.register, Office.serve, Office.write_down])


@WAYS
def test_who_is_not_found_leaves_a_trace_without_name_or_number(office: Office, way: Way) -> None:
    way(office, 404, name="吴秀")

    (entry,) = office.looked_up()
    assert entry.actor_id == office.secretary.account_id
    assert entry.subject == f"account:{office.secretary.account_id}"
    assert entry.detail == {"matches": 0}


@WAYS
def test_who_is_found_may_read_who_looked(office: Office, way: Way) -> None:
    way(office, {Office.write_down: 200}.get(way, 201))

    (entry,) = office.looked_up()
    assert (entry.subject, entry.detail) == (office.elder.as_subject, {"matches": 1})


def test_a_look_up_stays_on_record_though_what_follows_is_refused_and_undone(
    office: Office,
) -> None:
    office.register(201)
    assert office.register(409)["code"] == "slip_already_entered"
    office.serve(422, ended_at=(clock.now() - timedelta(hours=9)).isoformat())
    assert office.write_down(422, minutes=600)["code"] == "invalid_input"

    assert [entry.detail for entry in office.looked_up()][:2] == [{"matches": 1}] * 2
    assert office.looked_up()[-1].request_id is not None
    assert office.session.scalars(sa.select(ServiceRecord)).all() == []


@WAYS
def test_whoever_looks_for_people_who_are_not_there_is_slowed_down_and_nobody_else(
    office: Office, way: Way
) -> None:
    ways = (office.register, office.serve, office.write_down)
    for number in range(THROTTLE.misses):
        ways[number % 3](404, phone=f"139{number:08}")

    answer = way(office, 429)
    assert answer["code"] == "too_many_tries"
    assert "10分钟后再试" in answer["message"]
    assert len(office.looked_up()) == THROTTLE.misses
    colleague = office.make.community_secretary(office.community)
    way(office, {Office.write_down: 200}.get(way, 201), as_=colleague)
    with clock.at(clock.now() + THROTTLE.within):
        office.register(404, name="吴秀")


def test_who_is_slowed_down_learns_for_how_long(office: Office) -> None:
    who = str(office.secretary.account_id)
    for _ in range(THROTTLE.misses):
        THROTTLE.take(office.session, who)

    with pytest.raises(TooFast) as refusal, clock.at(clock.now() + timedelta(minutes=4)):
        THROTTLE.take(office.session, who)
    assert 350 < refusal.value.retry_after_seconds <= 360


def test_whoever_finds_those_they_look_for_never_waits(office: Office) -> None:
    for number in range(THROTTLE.misses + 2):
        office.register(409 if number else 201)

    assert office.session.scalars(sa.select(Misses)).all() == []


def test_every_process_counts_the_same_misses(office: Office) -> None:
    for _ in range(THROTTLE.misses):
        office.register(404, name="吴秀")

    elsewhere = Throttle(THROTTLE.kind, THROTTLE.misses, THROTTLE.within)
    with pytest.raises(TooFast):
        elsewhere.take(office.session, str(office.secretary.account_id))


def test_misses_of_yesterday_are_forgotten(office: Office) -> None:
    office.register(404, name="吴秀")
    with clock.at(clock.now() + timedelta(days=2)):
        purge(office.session)

    assert office.session.scalars(sa.select(Misses)).all() == []


def test_a_slip_that_was_refused_is_sent_again_under_its_key(office: Office) -> None:
    office.serve(404, key="form-1", name="吴秀")
    office.serve(404, key="form-1", name="吴秀")
    made = office.serve(201, key="form-1")

    assert office.serve(201, key="form-1")["id"] == made["id"]


def test_nobody_names_whom_they_like_by_id_with_a_number_beside(office: Office) -> None:
    stranger = office.make.member()

    answer = office.write_down(422, member_id=stranger.id)
    assert answer["code"] == "invalid_input"
    assert office.looked_up() == []
