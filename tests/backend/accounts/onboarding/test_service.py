"""Linking an account to the roster, and what happens when the number does not say who."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.accounts.onboarding import service
from backend.accounts.onboarding.flow import Entry
from backend.accounts.onboarding.models import LinkApplication, LinkApplicationStatus
from backend.accounts.onboarding.service import RosterAmbiguous, RosterNoMatch
from backend.core.actor import Actor
from backend.core.crypto import Crypto
from backend.core.errors import Conflict, Forbidden, Invalid, NotFound
from backend.people.members.models import Account, Member
from tests.factories import Make

NUMBER = "10000004444"


class Scene:
    """A branch with its secretary, and somebody who has just signed in for the first time."""

    def __init__(self, session: Session, keys: Crypto, make: Make) -> None:
        self.session, self.keys, self.make = session, keys, make
        self.branch = make.branch()
        self.secretary = make.branch_secretary(self.branch)
        self.actor = Actor(make.account().id, consented=True)

    def entry(self, number: str = NUMBER, **given: object) -> Member:
        return self.make.member(
            self.branch,
            phone_encrypted=self.keys.encrypt(number, purpose="member.phone"),
            phone_hash=self.keys.lookup(number, purpose="member.phone"),
            **given,
        )

    def link(self, organization_id: int | None = None) -> Member:
        return service.link(
            self.session,
            self.keys,
            actor=self.actor,
            phone=NUMBER,
            said=service.Linking("code", name="何晓晴", organization_id=organization_id),
        )

    def application(self) -> LinkApplication:
        return self.session.scalars(sa.select(LinkApplication)).one()


@pytest.fixture
def scene(session: Session, keys: Crypto, make: Make) -> Scene:
    return Scene(session, keys, make)


def test_exactly_one_entry_with_the_number_is_linked(scene: Scene) -> None:
    entry = scene.entry()

    assert scene.link().id == entry.id
    assert scene.session.get_one(Account, scene.actor.account_id).member_id == entry.id


def test_no_entry_makes_an_application_and_trying_again_makes_no_second(scene: Scene) -> None:
    for _ in range(2):
        with pytest.raises(RosterNoMatch):
            scene.link()

    assert scene.application().status is LinkApplicationStatus.SUBMITTED


@pytest.mark.parametrize("given", [{"active": False}, {"taken": True}])
def test_an_inactive_or_taken_entry_is_no_match(scene: Scene, given: dict[str, bool]) -> None:
    entry = scene.entry(active=given.get("active", True))
    if given.get("taken"):
        scene.make.account(entry)

    with pytest.raises(RosterNoMatch):
        scene.link()


def test_a_number_shared_by_two_goes_to_the_secretary(scene: Scene) -> None:
    scene.entry()
    scene.entry()

    with pytest.raises(RosterAmbiguous):
        scene.link()
    assert scene.application().reason.value == "ambiguous"


def test_linking_twice_is_refused(scene: Scene) -> None:
    scene.entry()
    scene.link()

    with pytest.raises(Conflict, match="already_linked"):
        scene.link()


def test_the_database_holds_no_number_that_can_be_read(scene: Scene) -> None:
    scene.entry()
    with pytest.raises(RosterNoMatch):
        service.link(
            scene.session,
            scene.keys,
            actor=scene.actor,
            phone="10000005555",
            said=service.Linking("code", name="何晓晴", organization_id=None),
        )
    for table in ("member", "link_application"):
        rows = scene.session.execute(sa.text(f"SELECT * FROM {table}")).all()
        assert rows
        assert NUMBER not in repr(rows)
        assert "10000005555" not in repr(rows)


def test_an_application_to_another_branch_does_not_exist_for_the_secretary(
    scene: Scene,
) -> None:
    with pytest.raises(RosterNoMatch):
        scene.link(scene.make.branch().id)

    with pytest.raises(NotFound):
        service.refuse(
            scene.session,
            actor=scene.secretary,
            application_id=scene.application().id,
            reason="不属于本支部",
        )


def test_a_secretary_links_to_the_own_roster_only(scene: Scene) -> None:
    with pytest.raises(RosterNoMatch):
        scene.link(scene.branch.id)

    with pytest.raises(Invalid):
        service.approve(
            scene.session,
            actor=scene.secretary,
            application_id=scene.application().id,
            said=Entry(member_id=scene.make.member().id),
        )


def test_nobody_decides_about_the_own_account(scene: Scene) -> None:
    with pytest.raises(RosterNoMatch):
        scene.link(scene.branch.id)
    own = Actor(scene.actor.account_id, grants=scene.secretary.grants)

    with pytest.raises(Forbidden, match="not_your_decision"):
        service.refuse(
            scene.session, actor=own, application_id=scene.application().id, reason="测试"
        )
