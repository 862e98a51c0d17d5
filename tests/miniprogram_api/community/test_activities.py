"""Activities over HTTP, from the draft to the record, as the app and other clients see them."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.actor import Actor, Role
from tests.factories import Make
from tests.http_client import ApiClient
from tests.miniprogram_api.test_statements import counted

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class City:
    """A community, its secretary, members, and a client to speak with."""

    def __init__(self, client: ApiClient, make: Make) -> None:
        self.client, self.make = client, make
        self.community = make.community()
        self.secretary = make.community_secretary(self.community)
        self.members = [self.member() for _ in range(3)]

    def member(self) -> Actor:
        return self.make.actor(self.make.member(community_id=self.community.id))

    def ask(
        self, method: str, path: str, who: Actor, expect: int = 200, json: Any = None, **more: Any
    ) -> Any:
        return self.client.request(method, path, as_=who, expect=expect, json=json, **more)

    def draw_up(self, *begins: datetime, places: int = 1, **given: Any) -> Any:
        moments = begins or (clock.now() + DAY,)
        body = {
            "community_code": self.community.code,
            "title": "清理楼道",
            "category": "environment",
            "content": "清理楼道杂物",
            "place": "国贸花园1号楼下",
            "shifts": [turn(begin, places) for begin in moments],
        }
        return self.ask("POST", "/activities", self.secretary, 201, body | given)

    def publish(self, *begins: datetime, places: int = 1, **given: Any) -> str:
        drawn = self.draw_up(*begins, places=places, **given)
        path = f"/activities/{drawn['id']}"
        self.ask("POST", f"{path}/publication", self.secretary)
        return path


def turn(begin: datetime, places: int = 1) -> dict[str, Any]:
    end = begin + 2 * HOUR
    return {"starts_at": begin.isoformat(), "ends_at": end.isoformat(), "places": places}


@pytest.fixture
def city(client: ApiClient, make: Make) -> City:
    return City(client, make)


def test_an_activity_is_drawn_up_changed_published_and_found(city: City) -> None:
    drawn = city.draw_up(risk="medium", age_note="18至60周岁", is_volunteer_service=True)
    path = f"/activities/{drawn['id']}"
    assert (drawn["status"], drawn["may_organise"]) == ("draft", True)
    city.ask("GET", path, city.members[0], 404)

    refusal = city.ask("POST", f"{path}/publication", city.secretary, 409)
    assert refusal["code"] == "insurance_note_required"
    city.ask("PATCH", path, city.secretary, json={"insurance_note": "社区统一投保"})
    published = city.ask("POST", f"{path}/publication", city.secretary)
    assert published == city.ask("POST", f"{path}/publication", city.secretary)

    query = f"?community_code={city.community.code}&status=published&from=2026-01-01T00:00:00Z"
    found = city.ask("GET", f"/activities{query}", city.members[0])
    assert [item["id"] for item in found["items"]] == [drawn["id"]]
    shown = city.ask("GET", path, city.members[0])
    assert (shown["may_organise"], shown["my_sign_ups"]) == (False, [])
    assert shown["shifts"][0]["places_left"] == 1


def test_drawing_up_with_the_same_key_is_done_once(city: City) -> None:
    def draw_up() -> Any:
        body = {
            "community_code": city.community.code,
            "title": "清理楼道",
            "category": "environment",
            "content": "清理楼道杂物",
            "place": "楼下",
            "shifts": [turn(datetime(2026, 12, 1, 9, tzinfo=clock.SHANGHAI))],
        }
        headers = {"Idempotency-Key": "one-form"}
        return city.ask("POST", "/activities", city.secretary, 201, body, headers=headers)

    assert draw_up() == draw_up()


@pytest.mark.parametrize(
    "wrong",
    [
        {"shifts": []},
        {"title": ""},
        {"category": "sports"},
        {"risk": "extreme"},
        {"notice_hours": -1},
        {"unit_id": 4711},
        {"latitude": 20.0},
    ],
    ids=str,
)
def test_a_wrong_field_is_named(city: City, wrong: dict[str, Any]) -> None:
    body = {
        "community_code": city.community.code,
        "title": "清理楼道",
        "category": "environment",
        "content": "清理楼道杂物",
        "place": "楼下",
        "shifts": [turn(clock.now() + DAY)],
    }
    answer = city.ask("POST", "/activities", city.secretary, 422, body | wrong)
    assert answer["fields"].keys() == wrong.keys()


def test_the_full_activity_queues_and_the_queue_moves(city: City) -> None:
    path = city.publish()
    first, second, third = city.members
    answers = [city.ask("POST", f"{path}/sign-ups", who, 201, {}) for who in city.members]
    assert [answer["status"] for answer in answers] == ["signed_up", "waiting", "waiting"]
    assert answers[2]["items"][0]["waiting_position"] == 2
    assert city.ask("GET", path, third)["status"] == "full"
    again = city.ask("POST", f"{path}/sign-ups", first, 409, {})
    assert again["code"] == "already_signed_up"

    left = city.ask("DELETE", f"{path}/sign-ups/mine", first)
    assert (left["status"], left["short_notice"]) == ("withdrawn", True)
    assert city.ask("DELETE", f"{path}/sign-ups/mine", first)["status"] == "withdrawn"

    mine = city.ask("GET", "/me/sign-ups", second)["items"]
    assert [(row["status"], row["activity"]["title"]) for row in mine] == [
        ("signed_up", "清理楼道")
    ]
    news = city.ask("GET", "/me/notifications", second)["items"]
    assert [(item["kind"], item["subject"]) for item in news] == [
        ("volunteering.sign_up_moved_up", f"activity:{mine[0]['activity_id']}")
    ]


def test_who_is_not_registered_and_who_never_signed_up_hears_so(city: City) -> None:
    path = city.publish()
    stranger = city.make.actor(city.make.member())

    refusal = city.ask("POST", f"{path}/sign-ups", stranger, 403, {})
    assert refusal["code"] == "registration_required"
    refusal = city.ask("DELETE", f"{path}/sign-ups/mine", city.members[0], 404)
    assert refusal["code"] == "sign_up_not_found"


def test_an_overlap_is_warned_of_until_it_is_meant(city: City) -> None:
    begin = clock.now() + DAY
    member = city.members[0]
    city.ask("POST", f"{city.publish(begin)}/sign-ups", member, 201, {})
    path = f"{city.publish(begin + HOUR)}/sign-ups"

    assert city.ask("POST", path, member, 409, {})["code"] == "sign_up_clashes"
    city.ask("POST", path, member, 201, {"override_clash": True})


def test_shifts_are_chosen_left_one_by_one_moved_and_added(city: City) -> None:
    begin = clock.now() + DAY
    path = city.publish(begin, begin + DAY, places=2)
    member = city.members[0]
    shifts = city.ask("GET", path, member)["shifts"]
    ids = [one["id"] for one in shifts]
    assert city.ask("POST", f"{path}/sign-ups", member, 422, {})["fields"].keys() == {"shift_ids"}
    city.ask("POST", f"{path}/sign-ups", member, 201, {"shift_ids": ids})
    city.ask("DELETE", f"{path}/sign-ups/mine?shift_id={ids[1]}", member)
    assert [row["shift_id"] for row in city.ask("GET", path, member)["my_sign_ups"]] == [ids[0]]

    moved = [{"id": ids[0], **turn(begin + HOUR, 2)}, turn(begin + 3 * DAY)]
    changed = city.ask("PATCH", path, city.secretary, json={"shifts": moved})
    assert (changed["shifts"][0]["id"], len(changed["shifts"])) == (ids[0], 2)
    fewer = city.ask("PATCH", path, city.secretary, 409, {"shifts": [turn(begin)]})
    assert fewer["code"] == "shift_has_sign_ups"
    news = city.ask("GET", "/me/notifications", member)["items"]
    assert [item["kind"] for item in news] == ["volunteering.activity_changed"]


def test_places_do_not_fall_below_who_holds_one(city: City) -> None:
    begin = clock.now() + DAY
    path = city.publish(begin, places=2)
    for member in city.members[:2]:
        city.ask("POST", f"{path}/sign-ups", member, 201, {})
    only = city.ask("GET", path, city.secretary)["shifts"][0]["id"]

    plan = {"shifts": [{"id": only, **turn(begin, 1)}]}
    refusal = city.ask("PATCH", path, city.secretary, 409, plan)
    assert refusal["code"] == "places_below_sign_ups"


def test_calling_off_says_why_to_whoever_signed_up(city: City) -> None:
    path = city.publish()
    member = city.members[0]
    city.ask("POST", f"{path}/sign-ups", member, 201, {})
    body = {"reason": "台风来了"}
    done = city.ask("POST", f"{path}/cancellation", city.secretary, json=body)
    assert (done["status"], done["cancel_reason"]) == ("cancelled", "台风来了")
    assert city.ask("POST", f"{path}/cancellation", city.secretary, json=body) == done
    news = city.ask("GET", "/me/notifications", member)["items"]
    assert [item["kind"] for item in news] == ["volunteering.activity_cancelled"]
    refusal = city.ask("POST", f"{path}/sign-ups", city.members[1], 409, {})
    assert refusal["code"] == "activity_state_forbids"
    other = city.ask("POST", f"{path}/cancellation", city.secretary, 409, {"reason": "下雨"})
    assert other["code"] == "activity_done_otherwise"


def test_an_activity_says_what_each_may_do_with_it(city: City) -> None:
    path, member = (
        city.publish(clock.now() - HOUR, risk="high", insurance_note="已投保"),
        city.members[0],
    )

    def can(who: Actor) -> list[str]:
        return list(city.ask("GET", path, who)["can"])

    assert can(city.secretary) == ["amendment", "cancellation"]
    assert can(city.make.actor(city.make.member())) == []
    assert can(member) == can(city.members[1]) == ["sign-ups"]
    city.ask("POST", f"{path}/sign-ups", member, 201, {})
    assert can(member) == []
    assert can(city.members[1]) == [], "full, and it has begun"
    body = {"lines": [{"member_id": member.member_id, "mark": "present"}]}
    written = city.ask("PUT", f"{path}/attendance", city.secretary, json=body)
    assert written["activity"]["can"] == can(city.secretary) == ["amendment"]
    assert city.ask("GET", path, member)["my_sign_ups"][0]["can"] == ["check-ins"]
    drawn = city.draw_up(risk="high")
    assert drawn["can"] == ["amendment", "cancellation"], "a risk is insured first"


def test_the_code_at_the_venue_prefills_the_list_and_the_list_is_the_record(city: City) -> None:
    path = city.publish(clock.now() - HOUR, places=2)
    member, other, third = city.members
    for who in (member, other):
        city.ask("POST", f"{path}/sign-ups", who, 201, {})
    code = city.ask("GET", f"{path}/check-in-code", city.secretary)
    assert code["image"].startswith("data:image/png;base64,")
    assert code["expires_at"] > clock.now().isoformat()
    shown = city.ask("GET", path, member)["my_sign_ups"]
    assert [one["can"] for one in shown] == [["withdrawal", "check-ins"]]
    once = city.ask("POST", f"{path}/check-ins", member, json={"code": code["code"]})
    assert once["can"] == ["check-ins", "check-outs"]
    assert once == city.ask("POST", f"{path}/check-ins", member, json={"code": code["digits"]})
    city.ask("POST", f"{path}/check-outs", member, json={"code": code["code"]})
    forged = city.ask("POST", f"{path}/check-ins", other, 422, {"code": "1.1.aa"})
    assert forged["code"] == "check_in_code_invalid"
    city.ask("GET", f"{path}/check-in-code", member, 403)

    roll = city.ask("GET", f"{path}/attendance", city.secretary)
    assert [bool(line["checked_in_at"]) for line in roll["lines"]] == [True, False]
    city.ask("GET", f"{path}/attendance", member, 403)
    lines = [
        {"member_id": member.member_id, "mark": "present", "minutes": 100},
        {"member_id": other.member_id, "mark": "no_show"},
        {"member_id": third.member_id, "mark": "present", "stand_in_for": other.member_id},
    ]
    body = {"lines": lines}
    done = city.ask("PUT", f"{path}/attendance", city.secretary, json=body)
    assert done == city.ask("PUT", f"{path}/attendance", city.secretary, json=body)
    assert [(line["mark"], line["record_status"]) for line in done["lines"]] == [
        ("present", "confirmed"),
        ("no_show", None),
        ("present", "confirmed"),
    ]
    assert done["lines"][2]["stand_in_for"]["id"] == other.member_id
    records = city.ask("GET", "/me/service-records", member)["items"]
    assert [(row["status"], row["source"], row["duration_min"]) for row in records] == [
        ("confirmed", "organiser", 100)
    ]
    assert city.ask("GET", "/me/service-records", other)["items"] == []


def test_a_list_before_the_beginning_is_refused(city: City) -> None:
    path = city.publish()
    body = {"lines": [{"member_id": city.members[0].member_id, "mark": "present"}]}

    refusal = city.ask("PUT", f"{path}/attendance", city.secretary, 409, body)
    assert refusal["code"] == "activity_state_forbids"


def test_late_entries_are_the_streets_with_a_reason(city: City, session: Session) -> None:
    path = city.publish(clock.now() - 30 * DAY)
    street = city.make.officer(
        Role.STREET_OFFICER, session.get_one(type(city.community), city.community.township_id)
    )
    line = {"member_id": city.members[0].member_id, "mark": "present"}

    refusal = city.ask("PUT", f"{path}/attendance", city.secretary, 409, {"lines": [line]})
    assert refusal["code"] == "late_entry_closed"
    refusal = city.ask("PUT", f"{path}/attendance", street, 422, {"lines": [line]})
    assert refusal["fields"].keys() == {"late_reason"}
    body = {"lines": [line], "late_reason": "社区停电，纸质名单后补"}
    told = [city.ask("GET", path, who)["may_enter_late"] for who in (street, city.secretary)]
    assert told == [True, False]
    done = city.ask("PUT", f"{path}/attendance", street, json=body)
    assert [one["record_status"] for one in done["lines"]] == ["confirmed"]
    assert [one["late_reason"] for one in done["lines"]] == ["社区停电，纸质名单后补"]
    listed = city.ask("GET", f"{path}/attendance", city.secretary)
    assert [one["late_reason"] for one in listed["lines"]] == ["社区停电，纸质名单后补"]


DESK: list[tuple[str, str, Any]] = [
    ("PATCH", "", {"age_note": "16周岁以上"}),
    ("GET", "/attendance", None),
    ("PUT", "/attendance", {"lines": []}),
    ("GET", "/check-in-code", None),
]


@pytest.mark.parametrize(("method", "step", "body"), DESK, ids=[d[0] + d[1] for d in DESK])
def test_the_organisers_desk_is_the_organisers(
    city: City, session: Session, method: str, step: str, body: Any
) -> None:
    path = city.publish(clock.now() - HOUR)
    community, make = city.community, city.make
    others = [
        city.members[0],
        make.community_secretary(make.community()),
        make.branch_secretary(make.branch()),
        *(
            make.officer(role, session.get_one(type(community), getattr(community, level)))
            for role, level in (
                (Role.STREET_OFFICER, "township_id"),
                (Role.DISTRICT_OFFICER, "district_id"),
                (Role.CITY_OFFICER, "city_id"),
            )
        ),
    ]

    for other in others:
        refusal = city.ask(method, path + step, other, 403, body)
        assert refusal["code"] == "not_the_organiser"
    city.ask(method, path + step, city.secretary, json=body)


def test_writing_an_activity_anew_is_the_same_as_changing_it(city: City) -> None:
    begin = clock.now() + DAY
    path = city.publish(begin, places=2, age_note="18周岁以上")
    only = city.ask("GET", path, city.secretary)["shifts"][0]["id"]
    body = {
        "title": "清理楼道",
        "category": "environment",
        "content": "清理楼道杂物",
        "place": "2号楼下",
        "shifts": [{"id": only, **turn(begin, 3)}],
    }

    done = city.ask("PUT", path, city.secretary, json=body)
    assert (done["place"], done["age_note"]) == ("2号楼下", "18周岁以上")
    assert [(one["id"], one["places"]) for one in done["shifts"]] == [(only, 3)]


def test_signing_up_takes_as_many_statements_however_many_wait(
    city: City, connection: sa.Connection
) -> None:
    path = city.publish()
    numbers: dict[str, list[int]] = {"POST": [], "DELETE": []}
    queue = [city.member() for _ in range(12)]
    for actor in queue:
        city.client.token(actor)
    for crowd in (queue[:4], queue[4:]):
        for actor in crowd:
            with counted(connection) as statements:
                city.ask("POST", f"{path}/sign-ups", actor, 201, {})
            numbers["POST"].append(len(statements))
    for actor in (queue[0], queue[1]):
        with counted(connection) as statements:
            city.ask("DELETE", f"{path}/sign-ups/mine", actor)
        numbers["DELETE"].append(len(statements))

    assert len(set(numbers["POST"][2:])) == 1, numbers
    assert len(set(numbers["DELETE"])) == 1, numbers
    assert max(numbers["POST"] + numbers["DELETE"]) <= 20, numbers
