"""kill -9 in the middle: nothing that was answered is lost, nothing is doubled."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
import requests

from tests.system.city import City, Person, answers, eventually

SEND = "cgi-bin/message/subscribe/send"
VICTIMS = ("web", "postgres")


def returned_registration(city: City, code: str) -> int:
    """Have somebody register and the secretary return it; return the id."""
    secretary, member = city.sign_in("demo-community-secretary"), city.sign_in(code)
    community = secretary.get("/me")["appointments"][0]["area_code"]
    mine = member.get("/me/registrations")["items"]
    for row in mine:
        if row["status"] == "returned":
            member.post(f"/registrations/{row['id']}/withdrawal")
    row = member.post("/registrations", {"community_code": community}, expect=201)
    secretary.post(f"/registrations/{row['id']}/return", {"reason": "请补充可服务时间"})
    return int(row["id"])


def message_status(city: City, registration_id: int) -> str | None:
    query = (
        "SELECT status FROM subscription_message "
        f"WHERE business_id LIKE 'registrations.returned:{registration_id}:%'"
    )
    return next((row[0] for row in city.rows(query)), None)


def jobs(city: City) -> int:
    query = "SELECT count(*) FROM procrastinate_jobs WHERE task_name LIKE 'notifications:%'"
    return int(city.rows(query + " AND status IN ('todo', 'doing')")[0][0])


def test_a_job_deferred_while_no_worker_lives_is_done_by_the_next(city: City) -> None:
    city.kill("worker")
    registration = returned_registration(city, "demo-member-8")
    assert message_status(city, registration) == "queued"

    city.start_worker()

    eventually(lambda: message_status(city, registration) == "sent")


def test_a_worker_killed_while_sending_leaves_a_message_that_is_never_sent_again(
    city: City,
) -> None:
    city.control("fault", path=SEND, kind="hang", seconds=4, times=1)
    sent_before = len(city.state()["sent"])
    registration = returned_registration(city, "demo-member-9")
    eventually(lambda: message_status(city, registration) == "sending")
    # `sending` is committed before the call goes out; the kill has to come after it.
    eventually(lambda: not any(fault["times"] for fault in city.state()["faults"]))

    city.kill("worker")
    city.start_worker()

    eventually(lambda: message_status(city, registration) == "unknown", seconds=60)
    eventually(lambda: jobs(city) == 0)
    assert len(city.state()["sent"]) == sent_before
    kinds = city.rows(
        "SELECT count(*) FROM notification WHERE kind = 'registrations.returned' "
        f"AND subject = 'community_registration:{registration}'"
    )
    assert kinds[0][0] == 1


@pytest.mark.parametrize("victim", VICTIMS)
def test_nothing_answered_is_lost_and_nothing_is_doubled(city: City, victim: str) -> None:
    member, secretary = (
        city.sign_in("demo-member-3"),
        city.sign_in("demo-community-secretary"),
    )
    community = secretary.get("/me")["appointments"][0]["area_code"]
    before = len(mine(city, victim))
    bodies = {f"{victim}-{n}": service_record(community, victim, n) for n in range(60)}
    answered: dict[str, int] = {}

    def send(key: str) -> None:
        try:
            answer = post(member, key, bodies[key])
        except requests.RequestException:
            return
        if answer.status_code == 201:
            answered[key] = answer.json()["id"]

    with ThreadPoolExecutor(6) as pool:
        futures = [pool.submit(send, key) for key in bodies]
        eventually(lambda: len(answered) >= 10)
        crash(city, victim)
        for future in futures:
            future.result()
    first = dict(answered)
    assert len(first) < len(bodies), "the crash came too late to prove anything"

    eventually(lambda: answers(city.api.replace("/api/v1", "/ready")), seconds=60)
    for key in bodies:
        eventually(partial(repeat, send, key, answered), seconds=20)

    assert {key: answered[key] for key in first} == first
    assert len(set(answered.values())) == len(bodies)
    assert len(mine(city, victim)) == before + len(bodies)
    assert city.flask("ledger-check").returncode == 0


def repeat(send: Callable[[str], None], key: str, answered: dict[str, int]) -> bool:
    send(key)
    return key in answered


def mine(city: City, victim: str) -> list[Any]:
    return city.rows(f"SELECT id FROM service_record WHERE content LIKE '{victim}%'")


def post(member: Person, key: str, body: object) -> requests.Response:
    headers = {"Authorization": f"Bearer {member.token}", "Idempotency-Key": key}
    url = f"{member.city.api}/service-records"
    return requests.post(url, json=body, headers=headers, timeout=15)


def service_record(community: str, victim: str, number: int) -> dict[str, str]:
    # One member serves at one place at a time: each hour is another.
    begin = datetime.now(UTC) - timedelta(hours=VICTIMS.index(victim) + 2 * number + 25)
    return {
        "community_code": community,
        "category": "care",
        "content": f"{victim}-{number}",
        "started_at": begin.isoformat(),
        "ended_at": (begin + timedelta(minutes=50)).isoformat(),
    }


def crash(city: City, victim: str) -> None:
    if victim == "postgres":
        city.crash_postgres()
        # The worker gives up its lost connections and ends; whoever watches it starts another.
        eventually(lambda: city.processes["worker"].poll() is not None, seconds=60)
        city.start_worker()
        return
    city.kill("web")
    time.sleep(0.5)
    city.start_web()


def test_gunicorn_and_worker_stop_gracefully(city: City) -> None:
    city.control("fault", path=SEND, kind="slow", seconds=2, times=1)
    registration = returned_registration(city, "demo-member-8")
    eventually(lambda: message_status(city, registration) == "sending")
    for name in ("worker", "web"):
        city.processes[name].terminate()

    codes = [city.processes[name].wait(40) for name in ("worker", "web")]

    assert codes == [0, 0]
    assert message_status(city, registration) == "sent"
    city.start_worker()
    city.start_web()
    eventually(lambda: answers(city.api.replace("/api/v1", "/ready")), seconds=60)
