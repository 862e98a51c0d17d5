"""The main job, end to end, through real HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import requests

from tests.system.city import City, Person, eventually

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    return datetime.now(UTC).astimezone(SHANGHAI)


def register(member: Person, community: str) -> Any:
    body = {"community_code": community, "kind": "primary", "skills": ["维修"]}
    return member.post("/registrations", body, expect=201)


def own_community(secretary: Person) -> str:
    return str(secretary.get("/me")["appointments"][0]["area_code"])


def log_service(member: Person, community: str, category: str, number: int) -> Any:
    begin = now() - timedelta(hours=3 * number)
    body = {
        "community_code": community,
        "category": category,
        "content": "参加社区服务",
        "started_at": begin.isoformat(),
        "ended_at": (begin + timedelta(hours=1)).isoformat(),
    }
    return member.post("/service-records", body, expect=201, key=f"service-{number}")


def test_a_newcomer_links_registers_serves_and_has_met_the_duties(city: City) -> None:
    secretary, newcomer = (
        city.sign_in("demo-community-secretary"),
        city.sign_in("demo-newcomer"),
    )
    community = own_community(secretary)
    officer = city.sign_in("demo-city-officer")
    before = rates(officer, "2k")

    newcomer.get("/me/duties", expect=403)
    linked = newcomer.post("/me/member-link", {"phone_code": "demo-newcomer-phone"})
    assert linked["name"] == "何晓晴"
    newcomer.post("/me/member-link", {"phone_code": "demo-newcomer-phone"}, expect=409)
    assert newcomer.duty("2i")["verdict"] == "overdue"

    registration = register(newcomer, community)
    waiting = secretary.get(f"/registrations?community_code={community}&status=submitted")
    assert registration["id"] in [row["id"] for row in waiting["items"]]
    accepted = secretary.post(f"/registrations/{registration['id']}/acceptance")
    assert accepted["receipt_no"]
    assert newcomer.duty("2i")["verdict"] == "met"
    assert newcomer.get("/me")["registration"]["receipt_no"] == accepted["receipt_no"]

    for number, category in enumerate(("care", "safety"), 1):
        record = log_service(newcomer, community, category, number)
        assert log_service_again(newcomer, record)
        secretary.post(f"/service-records/{record['id']}/confirmation")
    duty = newcomer.duty("2k")
    assert (duty["done"], duty["verdict"]) == (2, "met")
    evidence = newcomer.get("/me/duties/2k/evidence")
    assert len(evidence["counted"]) == 2
    after = rates(officer, "2k")
    assert (after["met"], after["bound"]) == (before["met"] + 1, before["bound"])
    assert city.flask("ledger-check").returncode == 0


def log_service_again(member: Person, record: Any) -> bool:
    """Signing out another device must not matter to this one."""
    return record["id"] in [row["id"] for row in member.get("/me/service-records")["items"]]


def rates(officer: Person, rule_id: str) -> Any:
    return officer.get(f"/statistics/duties?area_code=460100&rule_id={rule_id}")


def test_acceptance_reaches_the_inbox_once_and_wechat_once(city: City) -> None:
    secretary, member = city.sign_in("demo-community-secretary"), city.sign_in("demo-member")
    registration = register(member, own_community(secretary))
    for _ in range(2):
        secretary.post(f"/registrations/{registration['id']}/acceptance")

    inbox = member.get("/me/notifications")["items"]
    told = [entry for entry in inbox if entry["kind"] == "registrations.accepted"]
    assert len(told) == 1
    assert member.post(f"/me/notifications/{told[0]['id']}/reading")["read_at"]
    sent = eventually(lambda: messages_to(city, "demo-member"))
    assert [message["data"]["phrase2"]["value"] for message in sent] == ["已接收"]


def messages_to(city: City, code: str) -> list[Any]:
    return [m for m in city.state()["sent"] if m["touser"] == f"sandbox-openid-{code}"]


def test_a_branch_meets_online_and_its_duty_moves(city: City) -> None:
    secretary, member = city.sign_in("demo-branch-secretary"), city.sign_in("demo-member-2")
    branch = secretary.get("/me")["branch"]
    before = member.duty("1a")["checks"][0]["done"]
    begin = now() + timedelta(seconds=1)
    meeting = secretary.post(
        "/meetings",
        {
            "organization_id": branch["id"],
            "kind": "members_assembly",
            "title": "第四季度支部党员大会",
            "mode": "online",
            "starts_at": begin.isoformat(),
            "ends_at": (begin + timedelta(hours=1)).isoformat(),
            "agenda": ["学习文件"],
            "online": {"platform": "政务视频", "url": "https://meeting.example.cn/join/1"},
        },
        expect=201,
        key="meeting-1",
    )
    path = f"/meetings/{meeting['id']}"
    assert meeting["id"] in [row["id"] for row in member.get("/me/meetings")["items"]]
    member.post(f"{path}/attendance", {})
    member.post(f"{path}/attendance", {})
    absent = secretary.get(path)["due"][0]["id"]
    eventually(lambda: now() > begin)
    secretary.call(
        "PUT",
        f"{path}/attendance",
        {"present": [secretary.get("/me")["member"]["id"]], "absent": [absent]},
        expect=200,
    )
    closed = secretary.post(f"{path}/closing")

    assert (closed["status"], closed["present_count"]) == ("closed", 2)
    assert closed["closing_hash"]
    member.post(f"{path}/closing", expect=403)
    assert member.duty("1a")["checks"][0]["done"] == min(4, before + 1)
    assert city.flask("ledger-check").returncode == 0


def test_a_unit_claims_delivers_and_its_duty_is_counted(city: City) -> None:
    secretary, contact = (
        city.sign_in("demo-community-secretary"),
        city.sign_in("demo-unit-contact"),
    )
    unit = contact.get("/me")["unit"]
    before = contact.duty("12g")["done"]
    today = now().date()
    project = secretary.post(
        "/projects",
        {
            "community_code": own_community(secretary),
            "title": "楼道照明改造",
            "places": 1,
            "claimants": "units",
            "starts_on": today.isoformat(),
            "ends_on": (today + timedelta(days=30)).isoformat(),
            "claim_deadline": (now() + timedelta(days=7)).isoformat(),
        },
        expect=201,
        key="project-1",
    )
    secretary.post(f"/projects/{project['id']}/opening")
    claim = contact.post(f"/projects/{project['id']}/claims", {"unit_id": unit["id"]}, expect=201)
    again = contact.post(f"/projects/{project['id']}/claims", {"unit_id": unit["id"]}, expect=409)
    assert again["code"] in {"already_claimed", "project_full"}
    path = f"/claims/{claim['id']}"
    secretary.post(f"{path}/acceptance")
    contact.post(f"{path}/start")
    contact.post(f"{path}/delivery", {"summary": "已完成", "delivered_on": today.isoformat()})
    assert contact.duty("12g")["done"] == before
    secretary.post(f"{path}/completion", {"solved": True, "satisfied": True, "comment": ""})

    duty = contact.duty("12g")
    assert (duty["done"], duty["verdict"]) == (before + 1, "met")
    assert city.flask("ledger-check").returncode == 0


def test_a_stranger_is_linked_by_two_persons(city: City) -> None:
    secretary = city.sign_in("demo-branch-secretary")
    street = city.sign_in("demo-street-officer")
    code = city.control("code", openid="openid-of-a-stranger")["code"]
    stranger = city.sign_in(code)
    phone = city.control("phone", openid="openid-of-a-stranger", phone="10000009999")["code"]
    branch = secretary.get("/me")["branch"]["id"]
    roster = secretary.get(f"/organizations/{branch}/members?limit=100")["items"]
    free = next(entry for entry in roster if not entry["linked"])
    asked = {"phone_code": phone, "name": free["name"]}
    refused = stranger.post("/me/member-link", asked, expect=404)
    assert refused["code"] == "roster_no_match"

    waiting = secretary.get("/link-applications?status=submitted")["items"]
    application = next(row for row in waiting if row["phone_tail"] == "9999")
    step = f"/link-applications/{application['id']}"
    named = secretary.post(f"{step}/approval", {"member_id": free["id"]})
    assert named["status"] == "named"
    assert stranger.get("/me")["member"] is None
    secretary.post(f"{step}/confirmation", {"member_id": free["id"]}, expect=403)

    assert street.get("/link-applications?decidable=true")["items"][0]["can"][0] == "confirmation"
    street.post(f"{step}/confirmation", {"member_id": free["id"]})
    assert stranger.get("/me")["member"]["id"] == free["id"]


def test_signing_out_ends_the_session(city: City) -> None:
    person = city.sign_in("demo-member-3")
    person.call("DELETE", "/sessions/current", None, expect=204)

    person.get("/me", expect=401)


def test_officers_end_at_their_own_territory(city: City) -> None:
    street = city.sign_in("demo-street-officer")

    assert street.get("/statistics/duties?area_code=460106003&rule_id=2i")["bound"]
    street.get("/statistics/duties?area_code=460100&rule_id=2i", expect=404)


def test_a_body_of_two_megabytes_that_comes_in_pieces_is_refused(city: City) -> None:
    pieces = (b" " * 1024 for _ in range(2 * 1024))
    answer = requests.post(
        f"{city.api}/sessions",
        data=pieces,
        headers={"Content-Type": "application/json"},
        timeout=10,
    )

    assert answer.status_code == 413
    assert answer.json()["code"] == "request_entity_too_large"


def test_the_demo_people_are_listed(city: City) -> None:
    people = requests.get(f"{city.api}/demo-people", timeout=10).json()["items"]

    assert {"demo-member", "demo-city-officer", "demo-newcomer"} <= {p["code"] for p in people}


def test_the_demo_staff_can_be_chosen(city: City) -> None:
    staff = requests.get(f"{city.api}/demo-staff", timeout=10).json()["items"]
    assert len(staff) == 5
    for one in staff:
        path = f"{city.api}/demo-staff/{one['code']}/session"
        token = requests.post(path, timeout=10).json()["token"]
        headers = {"Authorization": f"Bearer {token}"}
        me = requests.get(f"{city.api}/me", headers=headers, timeout=10).json()
        assert me["staff_name"] == one["name"]
        assert len(me["appointments"]) == 1


def test_loading_the_demo_again_changes_nothing(city: City) -> None:
    done = city.flask("load-demo")

    assert done.returncode == 0
    assert "此前已载入" in done.stdout


def test_a_real_city_is_not_initialised_over_the_demo(city: City) -> None:
    done = city.flask("init-city")

    assert done.returncode == 1
    assert "此前已初始化" in done.stderr
