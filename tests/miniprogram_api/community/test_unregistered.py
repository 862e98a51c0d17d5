"""Who of a branch has not registered yet, and the one reminder a year."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.registrations import service as registrations
from backend.community.registrations.applying import Application
from backend.community.registrations.models import RegistrationNudge
from backend.core import clock
from backend.core.actor import Actor
from backend.ledger.rulepack import RulePack
from backend.support.notifications.models import Notification
from tests.factories import Make
from tests.http_client import ApiClient


class Branch:
    """A branch with its secretary, somebody registered, somebody who waits, somebody who is not."""

    def __init__(self, client: ApiClient, session: Session, rules: RulePack, make: Make) -> None:
        self.client, self.session, self.make = client, session, make
        self.community = make.community()
        self.branch = make.branch(make.unit(self.community))
        self.secretary = make.branch_secretary(self.branch)
        self.missing = make.member(self.branch)
        self.actor = make.actor(self.missing)
        self.offline = make.member(self.branch)
        waiting = make.actor(make.member(self.branch))
        registrations.submit(
            session, rules, actor=waiting, said=Application(community_code=self.community.code)
        )
        self.path = f"/organizations/{self.branch.id}/unregistered-members"

    def listed(self) -> dict[int, Any]:
        items = self.client.request("GET", self.path, as_=self.secretary, expect=200)["items"]
        return {one["member"]["id"]: one for one in items}

    def remind(self, member_id: int, expect: int = 200, as_: Actor | None = None) -> Any:
        path = f"{self.path}/{member_id}/reminder"
        return self.client.request("POST", path, as_=as_ or self.secretary, expect=expect)

    def reminders(self) -> int:
        kind = Notification.kind == "registrations.nudged"
        mine = Notification.account_id == self.actor.account_id
        return self.session.scalars(
            sa.select(sa.func.count(Notification.id)).where(kind, mine)
        ).one()


@pytest.fixture
def branch(client: ApiClient, session: Session, rules: RulePack, make: Make) -> Branch:
    return Branch(client, session, rules, make)


def test_the_secretary_sees_who_has_not_registered(branch: Branch) -> None:
    listed = branch.listed()
    expected = {branch.missing.id, branch.offline.id, branch.secretary.member_id}
    assert listed.keys() == expected
    assert listed[branch.missing.id]["reachable"]
    assert not listed[branch.offline.id]["reachable"]


def test_nobody_else_sees_it(branch: Branch, make: Make) -> None:
    others = (
        branch.actor,
        make.branch_secretary(make.branch()),
        make.community_secretary(branch.community),
        Actor(make.account().id, consented=True),
    )
    for actor in others:
        branch.client.request("GET", branch.path, as_=actor, expect=404)
        branch.remind(branch.missing.id, 404, as_=actor)


def test_one_is_reminded_once_a_year(branch: Branch) -> None:
    first = branch.remind(branch.missing.id)
    assert branch.remind(branch.missing.id)["reminded_at"] == first["reminded_at"]
    assert branch.reminders() == 1
    assert branch.listed()[branch.missing.id]["reminded_at"] == first["reminded_at"]
    branch.session.execute(sa.update(RegistrationNudge).values(year=clock.today().year - 1))
    assert branch.listed()[branch.missing.id]["reminded_at"] is None


def test_who_reads_no_messages_or_has_registered_is_not_reminded(branch: Branch) -> None:
    assert branch.remind(branch.offline.id, 409)["code"] == "not_reachable"
    assert branch.secretary.member_id is not None
    branch.remind(branch.secretary.member_id, 404)
    elsewhere = branch.make.member()
    branch.remind(elsewhere.id, 404)


def test_branches_of_residents_need_not_register(branch: Branch) -> None:
    branch.branch.unit_id = None
    branch.branch.area_id = branch.community.id
    branch.session.flush()
    assert branch.listed() == {}
