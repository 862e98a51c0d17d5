"""Reminders through the real worker, whose clock is moved: once, in the day, to those concerned."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.system.city import City, Person, eventually

SHANGHAI = ZoneInfo("Asia/Shanghai")


def today() -> date:
    return datetime.now(UTC).astimezone(SHANGHAI).date()


def moment(days: int, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(today() + timedelta(days=days), time(hour, minute), SHANGHAI)


@pytest.fixture(scope="module", autouse=True)
def _no_other_worker(city: City) -> Iterator[None]:
    """None works but those that live at the times the tests are about."""
    city.kill("worker")
    yield
    city.start_worker()


@contextmanager
def worker_at(city: City, when: datetime) -> Iterator[None]:
    """Let a worker live at another time; the API stays in the present."""
    offset = int((when - datetime.now(UTC)).total_seconds())
    city.start_worker(CLOCK_OFFSET_SECONDS=str(offset))
    try:
        yield
    finally:
        city.kill("worker")


def convene(branch: Person, starts_at: datetime) -> Any:
    body = {
        "organization_id": branch.get("/me")["branch"]["id"],
        "kind": "party_lecture",
        "title": "党课",
        "mode": "in_person",
        "place": "社区党群服务中心二楼",
        "starts_at": starts_at.isoformat(),
        "ends_at": (starts_at + timedelta(hours=1)).isoformat(),
    }
    return branch.post("/meetings", body, expect=201)


def status(city: City, subject: str, kind: str) -> str | None:
    query = f"SELECT status FROM reminder WHERE subject = '{subject}' AND kind = '{kind}'"
    rows = city.rows(query + " ORDER BY id DESC LIMIT 1")
    return rows[0][0] if rows else None


def told(person: Person, subject: str, kind: str) -> int:
    inbox = person.get("/me/notifications?limit=100")["items"]
    return sum((one["subject"], one["kind"]) == (subject, kind) for one in inbox)


def reminded_of_answers(person: Person, due: date) -> int:
    day = f"{due.month}月{due.day}日"
    inbox = person.get("/me/notifications?limit=100")["items"]
    return sum(one["kind"] == "registrations.deadline" and day in one["body"] for one in inbox)


def messages(city: City, code: str, template: str) -> int:
    found = (m for m in city.state()["sent"] if m["touser"] == f"sandbox-openid-{code}")
    return sum(m["template_id"] == template for m in found)


def test_before_a_meeting_all_who_are_expected_are_reminded_once_and_not_at_night(
    city: City,
) -> None:
    branch, member = city.sign_in("demo-branch-secretary"), city.sign_in("demo-member")
    excused = city.sign_in("demo-member-3")
    kept, called_off = convene(branch, moment(4, 20)), convene(branch, moment(4, 20))
    branch.post(f"/meetings/{called_off['id']}/cancellation", {"reason": "时间冲突"})
    away = excused.get("/me")["member"]["id"]
    city.rows(
        "INSERT INTO attendance_record (meeting_id, member_id, status) "
        f"VALUES ({kept['id']}, {away}, 'excused') RETURNING id"
    )
    subject, before = f"meeting:{kept['id']}", messages(city, "demo-member", "TPL-MEETING-REMINDER")

    with worker_at(city, moment(3, 19, 30)):  # half an hour too early
        assert looked(city)
        assert status(city, subject, "meetings.starts") == "planned"
    with worker_at(city, moment(3, 23, 30)):  # due since eight, but people sleep
        assert looked(city)
        assert status(city, subject, "meetings.starts") == "planned"
    with worker_at(city, moment(4, 7, 5)):
        eventually(lambda: status(city, subject, "meetings.starts") == "sent", seconds=60)
        eventually(lambda: messages(city, "demo-member", "TPL-MEETING-REMINDER") == before + 1)

    for person, times in ((member, 1), (branch, 1), (excused, 0)):
        assert told(person, subject, "meetings.reminder") == times
    off = f"meeting:{called_off['id']}"
    assert status(city, off, "meetings.starts") == "dropped"
    assert told(member, off, "meetings.reminder") == 0
    assert told(member, off, "meetings.cancelled") == 1


def looked(city: City) -> bool:
    """Wait for the next time the worker looks for reminders; it does every fifteen seconds."""
    now = float(city.rows("SELECT extract(epoch FROM now())")[0][0])
    task = "task_name = 'reminders:remind'"
    begun = (
        f"SELECT count(*) FROM procrastinate_periodic_defers WHERE {task} "
        f"AND defer_timestamp > {now}"
    )
    undone = f"SELECT count(*) FROM procrastinate_jobs WHERE {task} AND status <> 'succeeded'"
    return bool(
        eventually(lambda: city.rows(begun)[0][0], seconds=40)
        and eventually(lambda: not city.rows(undone)[0][0], seconds=20)
    )


def test_a_meeting_that_passed_while_no_worker_lived_reminds_nobody(city: City) -> None:
    branch = city.sign_in("demo-branch-secretary")
    meeting = convene(branch, moment(4, 15))
    subject = f"meeting:{meeting['id']}"

    with worker_at(city, moment(5, 9)):
        eventually(lambda: status(city, subject, "meetings.starts") == "dropped", seconds=60)

    assert told(branch, subject, "meetings.reminder") == 0


def test_on_the_last_day_for_an_answer_the_secretary_is_reminded_unless_it_was_given(
    city: City,
) -> None:
    secretary, member = city.sign_in("demo-community-secretary"), city.sign_in("demo-member-4")
    community = secretary.get("/me")["appointments"][0]["area_code"]
    row = member.post("/registrations", {"community_code": community}, expect=201)
    subject, kind = f"community_registration:{row['id']}", "registrations.answer_due"
    due = date.fromisoformat(row["answer_due_on"])
    days = (due - today()).days
    try:
        with worker_at(city, moment(days, 9, 5)):
            eventually(lambda: status(city, subject, kind) == "sent", seconds=60)
        # Whoever else waits there for that day is in the same reminder.
        assert reminded_of_answers(secretary, due) == 1
        assert reminded_of_answers(member, due) == 0
    finally:
        member.post(f"/registrations/{row['id']}/withdrawal")

    again = member.post("/registrations", {"community_code": community}, expect=201)
    other = f"community_registration:{again['id']}"
    member.post(f"/registrations/{again['id']}/withdrawal")
    assert status(city, other, kind) == "dropped"


def test_who_claimed_is_reminded_of_beginning_and_end_and_not_after_withdrawing(
    city: City,
) -> None:
    keeper, contact = city.sign_in("demo-community-secretary"), city.sign_in("demo-unit-contact")
    community = keeper.get("/me")["appointments"][0]["area_code"]
    unit = contact.get("/me")["unit"]["id"]

    def accepted_claim() -> str:
        project = keeper.post(
            "/projects",
            {
                "community_code": community,
                "title": "整理车棚",
                "places": 1,
                "starts_on": (today() + timedelta(days=10)).isoformat(),
                "ends_on": (today() + timedelta(days=30)).isoformat(),
                "claim_deadline": moment(9, 18).isoformat(),
            },
            expect=201,
        )
        keeper.post(f"/projects/{project['id']}/opening")
        claim = contact.post(f"/projects/{project['id']}/claims", {"unit_id": unit}, expect=201)
        keeper.post(f"/claims/{claim['id']}/acceptance")
        return str(claim["id"])

    kept, given_up = accepted_claim(), accepted_claim()
    contact.post(f"/claims/{given_up}/withdrawal")
    subject, gone = f"project_claim:{kept}", f"project_claim:{given_up}"

    with worker_at(city, moment(9, 9, 5)):
        eventually(lambda: status(city, subject, "claims.starts") == "sent", seconds=60)
    assert told(contact, subject, "claims.reminder") == 1
    contact.post(f"/claims/{kept}/start")  # else its place would be released on the 24th day
    with worker_at(city, moment(27, 9, 5)):
        eventually(lambda: status(city, subject, "claims.delivery_due") == "sent", seconds=60)
    assert told(contact, subject, "claims.deadline") == 1
    for kind in ("claims.starts", "claims.delivery_due"):
        assert status(city, gone, kind) == "dropped"
    assert told(contact, gone, "claims.reminder") + told(contact, gone, "claims.deadline") == 0


def test_the_worker_lets_a_claims_term_pass_and_keeps_its_place(city: City) -> None:
    keeper, contact = city.sign_in("demo-community-secretary"), city.sign_in("demo-unit-contact")
    plan = {
        "community_code": keeper.get("/me")["appointments"][0]["area_code"],
        "title": "疏通排水沟",
        "places": 1,
        "starts_on": (today() + timedelta(days=20)).isoformat(),
        "ends_on": (today() + timedelta(days=40)).isoformat(),
        "claim_deadline": moment(19, 18).isoformat(),
    }
    project = keeper.post("/projects", plan, expect=201)
    keeper.post(f"/projects/{project['id']}/opening")
    body = {"unit_id": contact.get("/me")["unit"]["id"]}
    claim = contact.post(f"/projects/{project['id']}/claims", body, expect=201)
    state = f"SELECT status FROM project_claim WHERE id = {claim['id']}"

    with worker_at(city, moment(12, 9)):
        eventually(lambda: city.rows(state)[0][0] == "lapsed", seconds=90)

    assert keeper.get(f"/projects/{project['id']}")["places_left"] == 0
    assert told(contact, f"project_claim:{claim['id']}", "claims.lapsed") == 1
    contact.post(f"/claims/{claim['id']}/withdrawal")


COMMUNITY = "460106003004"


def in_the_community(city: City, code: str) -> Person:
    """Sign in somebody and let the community receive them, unless it has already."""
    member = city.sign_in(code)
    if not member.get("/me")["registered"]:
        for row in member.get("/me/registrations")["items"]:
            if row["status"] == "returned":
                member.post(f"/registrations/{row['id']}/withdrawal")
        made = member.post("/registrations", {"community_code": COMMUNITY}, expect=201)
        secretary = city.sign_in("demo-community-secretary")
        secretary.post(f"/registrations/{made['id']}/acceptance")
    return member


def published(secretary: Person, starts_at: datetime) -> Any:
    shift = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=2)}
    body = {
        "community_code": COMMUNITY,
        "title": "清理楼道",
        "category": "environment",
        "content": "清理楼道杂物",
        "place": "3号院",
        "shifts": [{name: at.isoformat() for name, at in shift.items()} | {"places": 5}],
    }
    made = secretary.post("/activities", body, expect=201)
    return secretary.post(f"/activities/{made['id']}/publication")


def test_before_an_activity_who_holds_a_place_is_reminded_and_nobody_of_what_is_called_off(
    city: City,
) -> None:
    secretary = city.sign_in("demo-community-secretary")
    member, other = (in_the_community(city, f"demo-member-{n}") for n in (5, 9))
    kept, called_off = (published(secretary, moment(4, 20)) for _ in range(2))
    for activity in (kept, called_off):
        body = {"override_clash": True}
        member.post(f"/activities/{activity['id']}/sign-ups", body, expect=201)
    secretary.post(f"/activities/{called_off['id']}/cancellation", {"reason": "有暴雨"})
    subject, off = (f"activity_shift:{a['shifts'][0]['id']}" for a in (kept, called_off))

    with worker_at(city, moment(3, 20, 5)):
        eventually(
            lambda: status(city, subject, "volunteering.activity_starts") == "sent", seconds=60
        )
    news = [one["kind"] for one in member.get("/me/notifications?limit=100")["items"]]

    assert news.count("volunteering.activity_reminder") == 1
    assert news.count("volunteering.activity_cancelled") == 1
    assert status(city, off, "volunteering.activity_starts") == "dropped"
    others = other.get("/me/notifications?limit=100")["items"]
    assert "volunteering.activity_reminder" not in [one["kind"] for one in others]
