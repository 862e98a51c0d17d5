"""Sign in at a console by scanning: once, within a minute, for the browser that asked."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.accounts.console_logins import service
from backend.accounts.console_logins.models import ConsoleLogin
from backend.core import clock
from backend.core.actor import Actor, Role
from backend.core.crypto import Crypto
from backend.core.db import Database
from backend.core.errors import NotFound
from backend.people.members import acting
from backend.people.members.models import Appointment
from tests.backend.test_races import meet
from tests.factories import Make
from tests.http_client import ApiClient

EDGE = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0"}


class Desk:
    """A console, and a secretary with a phone."""

    def __init__(self, client: ApiClient, session: Session, make: Make) -> None:
        self.client, self.session = client, session
        self.secretary = make.community_secretary(make.community())
        self.asked = self.ask()

    def ask(self) -> dict[str, Any]:
        answer: dict[str, Any] = self.client.request(
            "POST", "/console-logins", as_=None, headers=EDGE, expect=201
        )
        return answer

    def look(self, browser_token: str | None = None, *, expect: int = 200) -> Any:
        token = browser_token or self.asked["browser_token"]
        headers = {"X-Browser-Token": token}
        path = f"/console-logins/{self.asked['id']}"
        return self.client.request("GET", path, as_=None, headers=headers, expect=expect)

    def scan(self, step: str, *, as_: Actor | None = None, expect: int = 200) -> Any:
        method = "GET" if step == "request" else "POST"
        path = f"/console-logins/{self.asked['scan_code']}/{step}"
        return self.client.request(method, path, as_=as_ or self.secretary, expect=expect)


@pytest.fixture
def desk(client: ApiClient, session: Session, make: Make) -> Desk:
    return Desk(client, session, make)


def test_the_phone_shows_what_signs_in_and_the_browser_takes_its_session(desk: Desk) -> None:
    assert desk.look()["status"] == "waiting"
    shown = desk.scan("request")
    assert shown["device"] == "Windows 电脑上的 Edge 浏览器"
    assert shown["match_code"] == desk.asked["match_code"] == desk.look()["match_code"]

    desk.scan("approval")
    told = desk.look()

    assert told["status"] == "approved"
    headers = {"Authorization": f"Bearer {told['session']['token']}"}
    me = desk.client.request("GET", "/me", as_=None, headers=headers, expect=200)
    assert [one["role"] for one in me["appointments"]] == ["community_secretary"]
    actor = acting.actor_of(desk.session, told["session"]["token"])
    assert (actor.via, actor.account_id) == ("console", desk.secretary.account_id)


def test_the_session_is_handed_out_once(desk: Desk) -> None:
    desk.scan("approval")

    assert desk.look()["session"]
    again = desk.look()
    assert (again["status"], again["session"]) == ("claimed", None)
    # The same yes once more is no change, and opens nothing.
    desk.scan("approval")
    assert desk.look()["session"] is None


def test_what_was_scanned_opens_no_other_browser(desk: Desk) -> None:
    own, other = desk.asked, desk.ask()
    desk.scan("approval")

    desk.look(other["browser_token"], expect=404)
    desk.look(own["scan_code"], expect=404)
    path = f"/console-logins/{own['id']}"
    desk.client.request("GET", path, as_=None, expect=401)
    desk.asked = other
    assert desk.look()["status"] == "waiting"


def test_a_code_is_gone_after_a_minute(desk: Desk) -> None:
    with clock.at(clock.now() + timedelta(seconds=61)):
        for step in ("request", "approval", "refusal"):
            assert desk.scan(step, expect=404)["code"] == "console_login_gone"
        assert desk.look()["status"] == "expired"


def test_a_yes_is_good_for_a_minute(desk: Desk) -> None:
    desk.scan("approval")
    with clock.at(clock.now() + timedelta(seconds=121)):
        told = desk.look()
    assert (told["status"], told["session"]) == ("expired", None)


def test_who_says_no_ends_it(desk: Desk) -> None:
    desk.scan("refusal")

    assert desk.look()["status"] == "refused"
    assert desk.scan("approval", expect=404)["code"] == "console_login_gone"


def test_a_code_that_another_has_approved_is_gone(desk: Desk, make: Make) -> None:
    other = make.community_secretary(make.community())
    desk.scan("approval")

    desk.scan("approval", as_=other, expect=404)
    desk.scan("refusal", expect=404)
    token = desk.look()["session"]["token"]
    assert acting.actor_of(desk.session, token).account_id == desk.secretary.account_id


def test_who_holds_no_office_signs_in_nowhere(desk: Desk, make: Make) -> None:
    member, nobody = make.actor(make.member()), make.unlinked()
    for who, code in ((member, "no_office"), (nobody, "member_link_required")):
        for step in ("request", "approval", "refusal"):
            assert desk.scan(step, as_=who, expect=403)["code"] == code


def test_an_office_that_ended_meanwhile_opens_nothing(desk: Desk) -> None:
    desk.scan("approval")
    desk.session.execute(
        sa.update(Appointment)
        .where(Appointment.member_id == desk.secretary.member_id)
        .values(ends_on=clock.today() - timedelta(days=1))
    )
    assert desk.look()["session"] is None


def test_a_console_approves_no_other_and_proves_itself_by_a_scan(desk: Desk) -> None:
    desk.scan("approval")
    token = desk.look()["session"]["token"]
    console = acting.actor_of(desk.session, token)
    desk.client.hold(console, token)
    desk.asked = desk.ask()

    assert desk.scan("approval", as_=console, expect=403)["code"] == "phone_required"
    body = {"password": "whatever", "code": ""}
    path = "/me/reauthentication"
    told = desk.client.request("POST", path, as_=console, json=body, expect=409)
    assert told["code"] == "scan_required"


def test_whoever_tries_codes_is_slowed_down(desk: Desk) -> None:
    desk.asked = desk.asked | {"scan_code": "made-up"}
    for _ in range(20):
        desk.scan("request", expect=404)
    desk.scan("request", expect=429)


def test_nothing_that_opens_anything_is_stored(desk: Desk) -> None:
    row = desk.session.get_one(ConsoleLogin, desk.asked["id"])
    stored = str(vars(row))

    assert desk.asked["scan_code"] not in stored
    assert desk.asked["browser_token"] not in stored
    assert len(desk.asked["scan_code"]) >= 43


def test_of_two_who_say_yes_at_once_one_is_signed_in(committed: Database, keys: Crypto) -> None:
    with committed.transaction() as session:
        make = Make(session, keys)
        people = [make.community_secretary(make.community()) for _ in range(2)]
        asked = service.ask(session, device="")
        session.commit()

    def by(actor: Actor) -> Any:
        return lambda s: service.approve(s, actor=actor, scan_code=asked.scan_code).approved_by

    first, waiting = meet(committed, by(people[0]), by(people[1]))

    assert first == people[0].account_id
    assert isinstance(waiting.exception(), NotFound)


def test_a_session_asked_for_twice_at_once_is_opened_once(
    committed: Database, keys: Crypto
) -> None:
    with committed.transaction() as session:
        make = Make(session, keys)
        asked = service.ask(session, device="")
        secretary = make.officer(Role.CITY_OFFICER, make.city())
        service.approve(session, actor=secretary, scan_code=asked.scan_code)
        login_id = asked.login.id
        session.commit()

    def look(session: Session) -> Any:
        return service.look(session, login_id=login_id, browser_token=asked.browser_token).session

    first, waiting = meet(committed, look, look)

    assert first is not None
    assert waiting.result() is None
