"""A city with its first two administrators, and how one of them signs in."""

from datetime import timedelta
from typing import Any

import pyotp
from sqlalchemy.orm import Session

from backend.accounts.staff import administrators
from backend.accounts.staff.models import StaffAccount
from backend.accounts.staff.service import Opening
from backend.core import clock
from backend.core.actor import Actor, Role
from backend.people.members import acting
from tests.factories import Make
from tests.http_client import ApiClient

PASSWORD = "tidal-otter-bicycle-seven"


class House:
    """Two administrators who have not signed in yet."""

    def __init__(self, client: ApiClient, session: Session, make: Make) -> None:
        self.client, self.session, self.make = client, session, make
        self.city = make.city()
        wanted = {
            Role.SECURITY_ADMINISTRATOR: Opening("陈一", "anquan"),
            Role.SYSTEM_ADMINISTRATOR: Opening("林二", "xitong"),
        }
        made = administrators.begin(session, wanted)
        self.one_time = {one.account.sign_in_name: one.one_time_password for one in made.values()}
        self.accounts = {one.account.sign_in_name: one.account for one in made.values()}
        self.secrets: dict[str, str] = {}
        self.papers: dict[str, list[str]] = {}

    def sign_in(
        self, name: str, password: str = PASSWORD, code: str = "", *, expect: int = 201
    ) -> Any:
        body = {"name": name, "password": password, "code": code}
        return self.client.request("POST", "/staff-sessions", as_=None, json=body, expect=expect)

    def code(self, name: str, *, later: int = 0) -> str:
        """The code of the moment, or of so many steps later."""
        when = clock.now() + timedelta(seconds=30 * later)
        return pyotp.TOTP(self.secrets[name]).at(when)

    def enrol(self, name: str) -> Any:
        """Sign in for the first time, and set password and second factor."""
        begun = self.sign_in(name, self.one_time[name])["enrolment"]
        self.secrets[name] = begun["secret"]
        body = {"token": begun["token"], "password": PASSWORD, "code": self.code(name, later=-1)}
        done = self.client.request("POST", "/staff-enrolments", as_=None, json=body, expect=201)
        self.papers[name] = done["recovery_codes"]
        return done

    def signed_in(self, name: str) -> Actor:
        """Return somebody who has enrolled and asks with that session from now on."""
        token = self.enrol(name)["token"]
        actor = acting.actor_of(self.session, token)
        self.client.hold(actor, token)
        return actor

    def row(self, name: str) -> StaffAccount:
        self.session.refresh(self.accounts[name])
        return self.accounts[name]
