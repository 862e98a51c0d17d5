"""What every endpoint promises: shapes of refusals, paging, repeats, who sees whom."""

import json
import re
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.branch_life.meetings.models import Meeting
from backend.community.registrations import service as registrations
from backend.community.registrations.applying import Application
from backend.community.volunteering.models import ServiceRecord
from backend.core import clock
from backend.core.actor import Role
from backend.core.idempotency import IdempotencyKey
from backend.ledger.rulepack import RulePack
from miniprogram_api.app import MiniProgramApi
from tests.factories import Make
from tests.http_client import ApiClient


def record_body(code: str, **changed: Any) -> dict[str, Any]:
    begin = clock.now() - timedelta(hours=3)
    body = {
        "community_code": code,
        "category": "care",
        "content": "看望独居老人",
        "started_at": begin.isoformat(),
        "ended_at": (begin + timedelta(hours=1)).isoformat(),
    }
    return body | changed


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("category", "unknown"),
        ("category", 7),
        ("content", "有\u0000空字符"),
        ("content", "长" * 501),
        ("content", "\ud800"),
        ("started_at", "2026-01-01T10:00:00"),
        ("started_at", "0001-01-01T00:00:00+14:00"),
        ("ended_at", "yesterday"),
        ("break_min", True),
        ("break_min", 10**30),
        ("break_min", "12"),
        ("community_code", "not-a-code"),
        ("community_code", "999999999999"),
        ("is_volunteer_service", 1),
        ("nobody_knows_this", 1),
    ],
)
def test_a_wrong_field_is_named_in_chinese(
    client: ApiClient, make: Make, field: str, value: object
) -> None:
    body = record_body(make.community().code, **{field: value})

    answer = client.request(
        "POST", "/service-records", as_=make.actor(make.member()), json=body, expect=422
    )

    assert list(answer["fields"]) == [field]
    assert any("\u4e00" <= c <= "\u9fff" for c in json.dumps(answer["fields"], ensure_ascii=False))
    assert set(answer) == {"code", "message", "fields", "request_id"}


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b"\xff\xfe",
        b'{"code": NaN}',
        b'{"code": Infinity}',
        b"[" * 100_000,
        b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    ],
)
def test_what_is_not_json_is_malformed(app: MiniProgramApi, raw: bytes) -> None:
    answer = app.test_client().post("/api/v1/sessions", data=raw, content_type="application/json")

    assert answer.status_code == 400
    assert answer.get_json()["code"] == "bad_request"


@pytest.mark.parametrize("raw", [b"[]", b"1", b'"text"', b"null", b'[{"code": "x"}]'])
def test_json_that_is_no_object_is_a_wrong_body(app: MiniProgramApi, raw: bytes) -> None:
    answer = app.test_client().post("/api/v1/sessions", data=raw, content_type="application/json")

    assert answer.status_code == 422


def test_a_body_of_two_megabytes_is_refused(app: MiniProgramApi) -> None:
    answer = app.test_client().post(
        "/api/v1/sessions", data=b" " * 2 * 1024 * 1024, content_type="application/json"
    )

    assert answer.status_code == 413


@pytest.mark.parametrize("number", ["0", "-1", str(2**63), "9" * 400, "1.5", "x"])
def test_an_id_that_cannot_be_is_a_404(client: ApiClient, make: Make, number: str) -> None:
    actor = make.actor(make.member())

    client.request("POST", f"/registrations/{number}/acceptance", as_=actor, expect=404)
    client.request("GET", f"/projects/{number}", as_=actor, expect=404)


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=101", "limit=x", "limit=1&limit=2", "cursor=%00", "cursor=???", "other=1"],
)
def test_odd_queries_are_refused(client: ApiClient, make: Make, query: str) -> None:
    client.request("GET", f"/projects?{query}", as_=make.actor(make.member()), expect=422)


def test_a_query_where_none_is_taken_is_refused(client: ApiClient, make: Make) -> None:
    client.request("GET", "/me?x=1", as_=make.actor(make.member()), expect=422)


def test_lists_are_paged_by_key_without_gaps_or_repeats(client: ApiClient, make: Make) -> None:
    community, actor = make.community(), make.actor(make.member())
    wanted = [make.project(community).id for _ in range(7)]

    seen: list[int] = []
    cursor = ""
    while True:
        page = client.request("GET", f"/projects?limit=3{cursor}", as_=actor, expect=200)
        seen += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"

    assert seen == sorted(wanted, reverse=True)


def test_a_total_is_counted_only_when_asked_for(client: ApiClient, make: Make) -> None:
    actor = make.actor(make.member())
    make.project(make.community())

    assert client.request("GET", "/projects", as_=actor, expect=200)["total"] is None
    asked = client.request("GET", "/projects?with_total=true", as_=actor, expect=200)
    assert asked["total"] == 1


def test_a_repeated_creation_gets_the_same_answer_and_creates_once(
    client: ApiClient, session: Session, make: Make
) -> None:
    actor, body = make.actor(make.member()), record_body(make.community().code)
    headers = {"Idempotency-Key": "one-tap"}

    first, again = (
        client.request(
            "POST", "/service-records", as_=actor, json=body, expect=201, headers=headers
        )
        for _ in range(2)
    )

    assert first == again
    assert len(session.scalars(sa.select(ServiceRecord)).all()) == 1


def test_the_answer_kept_for_a_repeat_is_sealed(
    client: ApiClient, session: Session, make: Make
) -> None:
    body = record_body(make.community().code, content="看望王老太太")
    headers = {"Idempotency-Key": "one-tap"}
    request = partial(client.request, "POST", "/service-records", as_=make.actor(make.member()))
    request(json=body, expect=201, headers=headers)
    kept = session.scalars(sa.select(IdempotencyKey)).one()

    assert kept.answer is not None
    assert re.fullmatch(r"a\.k1\.[A-Za-z0-9+/=]+", kept.answer)

    kept.answer = None  # as a migration leaves it, or a key that was withdrawn
    session.flush()
    again = request(json=body, expect=409, headers=headers)
    assert again["code"] == "answer_not_kept"
    assert len(session.scalars(sa.select(ServiceRecord)).all()) == 1


def test_the_same_key_with_another_body_is_refused(client: ApiClient, make: Make) -> None:
    actor, code = make.actor(make.member()), make.community().code
    headers = {"Idempotency-Key": "one-tap"}
    client.request(
        "POST",
        "/service-records",
        as_=actor,
        json=record_body(code),
        expect=201,
        headers=headers,
    )

    answer = client.request(
        "POST",
        "/service-records",
        as_=actor,
        json=record_body(code, content="别的内容"),
        expect=422,
        headers=headers,
    )

    assert answer["code"] == "idempotency_key_reused"


def test_keys_of_two_people_do_not_meet(client: ApiClient, session: Session, make: Make) -> None:
    body, headers = record_body(make.community().code), {"Idempotency-Key": "one-tap"}
    for actor in (make.actor(make.member()), make.actor(make.member())):
        client.request(
            "POST", "/service-records", as_=actor, json=body, expect=201, headers=headers
        )

    assert len(session.scalars(sa.select(ServiceRecord)).all()) == 2


def test_officers_see_that_something_waits_but_not_who(
    client: ApiClient, session: Session, rules: RulePack, make: Make
) -> None:
    community = make.community()
    registrations.submit(
        session,
        rules,
        actor=make.actor(make.member()),
        said=Application(community_code=community.code, skills=["维修"], availability="周末"),
    )
    for role, level in (
        (Role.STREET_OFFICER, "township_id"),
        (Role.DISTRICT_OFFICER, "district_id"),
        (Role.CITY_OFFICER, "city_id"),
    ):
        officer = make.officer(role, session.get_one(type(community), getattr(community, level)))
        row = client.request("GET", "/registrations", as_=officer, expect=200)["items"][0]
        assert (row["member"], row["availability"], row["skills"]) == (None, None, [])

    secretary = make.community_secretary(community)
    row = client.request("GET", "/registrations", as_=secretary, expect=200)["items"][0]
    assert row["member"] is not None


def test_an_officer_of_another_street_sees_nothing(
    client: ApiClient, session: Session, rules: RulePack, make: Make
) -> None:
    registrations.submit(
        session,
        rules,
        actor=make.actor(make.member()),
        said=Application(community_code=make.community().code),
    )
    officer = make.officer(Role.STREET_OFFICER, make.township())

    assert client.request("GET", "/registrations", as_=officer, expect=200)["items"] == []


def test_the_list_with_names_is_the_recorders(
    client: ApiClient, session: Session, make: Make
) -> None:
    branch = make.branch()
    secretary, member = make.branch_secretary(branch), make.actor(make.member(branch))
    meeting: Meeting = make.meeting(branch)
    client.request("POST", f"/meetings/{meeting.id}/attendance", as_=member, json={}, expect=200)
    client.request(
        "PUT",
        f"/meetings/{meeting.id}/attendance",
        as_=secretary,
        json={"present": [member.member_id, secretary.member_id]},
        expect=200,
    )
    session.expire_all()

    own = client.request("GET", f"/meetings/{meeting.id}", as_=member, expect=200)
    whole = client.request("GET", f"/meetings/{meeting.id}", as_=secretary, expect=200)

    assert [line["member"]["id"] for line in own["attendance"]] == [member.member_id]
    assert own["due"] == []
    assert len(whole["attendance"]) == len(whole["due"]) == 2


def test_every_answer_carries_the_request_id(app: MiniProgramApi) -> None:
    answer = app.test_client().get("/api/v1/me", headers={"X-Request-Id": "abcdef-123456"})

    assert answer.headers["X-Request-Id"] == "abcdef-123456"
    assert answer.get_json()["request_id"] == "abcdef-123456"


def test_demo_people_are_nowhere_but_in_the_demo(app: MiniProgramApi) -> None:
    client = app.test_client()

    assert client.get("/api/v1/demo-people").status_code == 404
    assert client.get("/api/v1/demo-staff").status_code == 404
    entered = client.post("/api/v1/demo-staff/demo-city-staff/session")
    assert entered.status_code == 404
