"""A link that no number proves: seen by who can know the applicant, made by two persons."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.accounts.onboarding import lists, service
from backend.accounts.onboarding.flow import Entry
from backend.accounts.onboarding.models import LinkApplication, LinkApplicationStatus
from backend.accounts.onboarding.service import RosterAmbiguous, RosterNoMatch
from backend.core.actor import Actor, Grant, PositionKind, Post, Role
from backend.core.asker import asked_by
from backend.core.crypto import Crypto
from backend.core.errors import Conflict, Forbidden, NotFound
from backend.people.members.models import Account, Member
from backend.support.notifications.models import Notification
from tests.factories import Make
from tests.http_client import ApiClient

KNOWN, OTHER = "10000006666", "10000004444"


class Scene:
    """A branch below another, an entry with a known number, and an account with another one."""

    def __init__(self, session: Session, keys: Crypto, make: Make) -> None:
        self.session, self.keys, self.make = session, keys, make
        self.above = make.branch()
        self.branch = make.branch(parent_id=self.above.id)
        self.secretary = make.branch_secretary(self.branch)
        self.superior = make.branch_secretary(self.above)
        self.entry = make.member(self.branch, name="黄小梅", **self.phone(KNOWN))
        self.actor = Actor(make.account().id, consented=True)

    def phone(self, number: str) -> dict[str, str]:
        return {
            "phone_encrypted": self.keys.encrypt(number, purpose="member.phone"),
            "phone_hash": self.keys.lookup(number, purpose="member.phone"),
        }

    def apply(self, name: str = "黄小梅", number: str = OTHER, **given: Any) -> LinkApplication:
        with pytest.raises((RosterNoMatch, RosterAmbiguous)):
            service.link(
                self.session,
                self.keys,
                actor=self.actor,
                phone=number,
                said=service.Linking("code", name=name, **{"organization_id": None} | given),
            )
        return self.session.scalars(sa.select(LinkApplication)).one()

    def named(self) -> LinkApplication:
        application = self.apply()
        return self.approve(application)

    def approve(self, application: LinkApplication) -> LinkApplication:
        return service.approve(
            self.session,
            actor=self.secretary,
            application_id=application.id,
            said=Entry(member_id=self.entry.id),
        )

    def confirm(self, actor: Actor, application: LinkApplication) -> LinkApplication:
        return service.confirm(
            self.session, actor=actor, application_id=application.id, member_id=self.entry.id
        )

    def linked(self) -> int | None:
        return self.session.get_one(Account, self.actor.account_id).member_id

    def number(self) -> str | None:
        return self.entry.phone_hash

    def sees(self, actor: Actor, **filters: Any) -> bool:
        found = lists.listed(actor, **filters)
        return bool(self.session.scalars(found, asked_by(actor)).all())

    def deputy(self) -> Actor:
        member = self.make.member(self.branch)
        self.make.seat(self.branch, member, PositionKind.DEPUTY_SECRETARY)
        post = Post(PositionKind.DEPUTY_SECRETARY, self.branch.id)
        return Actor(self.make.account(member).id, member.id, self.branch.id, posts=(post,))

    def second(self, who: str) -> Actor:
        if who == "superior":
            return self.superior
        if who == "colleague":
            return self.make.branch_secretary(self.branch)
        return self.deputy() if who == "deputy" else self.officer()

    def officer(self, role: Role = Role.STREET_OFFICER) -> Actor:
        area = self.branch.area.township_id
        assert area is not None
        member = self.make.member()
        self.make.appointment(member, role, area_id=area)
        return self.make.actor(member, Grant(role, area_id=area))


@pytest.fixture
def scene(session: Session, keys: Crypto, make: Make) -> Scene:
    return Scene(session, keys, make)


def test_one_person_links_nobody_and_overwrites_no_number(scene: Scene) -> None:
    application = scene.named()

    assert application.status is LinkApplicationStatus.NAMED
    assert scene.linked() is None
    assert scene.number() == scene.keys.lookup(KNOWN, purpose="member.phone")


def test_the_first_person_is_not_the_second(scene: Scene) -> None:
    application = scene.named()

    with pytest.raises(Forbidden, match="second_person_needed"):
        scene.confirm(scene.secretary, application)
    assert scene.linked() is None


def test_saying_it_again_alone_is_no_second_opinion(scene: Scene) -> None:
    application = scene.approve(scene.named())

    assert application.status is LinkApplicationStatus.NAMED
    assert scene.linked() is None


@pytest.mark.parametrize("second", ["superior", "deputy", "officer", "colleague"])
def test_a_second_person_links_and_the_number_is_taken_over(scene: Scene, second: str) -> None:
    actor = scene.second(second)
    application = scene.named()
    assert scene.sees(actor, decidable=True)

    scene.confirm(actor, application)

    assert scene.linked() == scene.entry.id
    assert scene.number() == scene.keys.lookup(OTHER, purpose="member.phone")
    assert scene.confirm(actor, application).status is LinkApplicationStatus.APPROVED


@pytest.mark.parametrize("held", ["appointment", "post"])
def test_rights_are_not_inherited_by_what_a_branch_settles_among_itself(
    scene: Scene, held: str
) -> None:
    if held == "post":
        scene.make.seat(scene.branch, scene.entry)
    else:
        role = Role.COMMUNITY_SECRETARY
        scene.make.appointment(scene.entry, role, area_id=scene.branch.area_id)
    application = scene.named()

    for near in (scene.deputy(), scene.make.branch_secretary(scene.branch)):
        with pytest.raises((Forbidden, NotFound)):
            scene.confirm(near, application)
    assert scene.linked() is None

    scene.confirm(scene.superior, application)
    assert scene.linked() == scene.entry.id


def test_strangers_to_the_branch_confirm_nothing(scene: Scene) -> None:
    application = scene.named()
    elsewhere = scene.make.officer(Role.STREET_OFFICER, scene.make.township())

    for actor in (scene.make.branch_secretary(scene.make.branch()), elsewhere, scene.actor):
        assert not scene.sees(actor)
        with pytest.raises(NotFound):
            scene.confirm(actor, application)


def test_the_members_known_number_is_proof_enough(scene: Scene) -> None:
    scene.make.member(scene.branch, name="黄大梅", **scene.phone(KNOWN))
    application = scene.apply(number=KNOWN)

    assert scene.approve(application).status is LinkApplicationStatus.APPROVED
    assert scene.linked() == scene.entry.id


def test_what_was_named_falls_when_the_applicant_says_something_else(scene: Scene) -> None:
    application = scene.named()

    same = scene.apply()
    assert same.status is LinkApplicationStatus.NAMED
    other = scene.apply(name="黄大梅", organization_id=scene.branch.id)
    assert (other.status, other.member_id, other.named_by) == (
        LinkApplicationStatus.SUBMITTED,
        None,
        None,
    )
    with pytest.raises((Conflict, NotFound)):
        scene.confirm(scene.superior, application)


def test_an_entry_named_otherwise_since_is_not_confirmed_unseen(scene: Scene) -> None:
    application = scene.named()

    with pytest.raises(Conflict, match="named_otherwise"):
        service.confirm(
            scene.session,
            actor=scene.superior,
            application_id=application.id,
            member_id=scene.make.member(scene.branch).id,
        )


def test_an_entry_taken_or_left_meanwhile_is_not_linked(scene: Scene) -> None:
    application = scene.named()
    scene.entry.active = False
    scene.session.flush()
    with pytest.raises(Conflict, match="member_inactive"):
        scene.confirm(scene.superior, application)

    scene.entry.active = True
    scene.make.account(scene.entry)
    with pytest.raises(Conflict, match="member_already_linked"):
        scene.confirm(scene.superior, application)


def test_both_may_refuse_what_was_named(scene: Scene) -> None:
    application = scene.named()

    service.refuse(
        scene.session, actor=scene.superior, application_id=application.id, reason="不是本人"
    )

    assert application.status is LinkApplicationStatus.REFUSED
    assert scene.linked() is None


@pytest.mark.parametrize(
    ("name", "seen"), [("黄小梅", True), ("黄　⼩梅\u200b", True), ("黄大梅", False)]
)
def test_an_applicant_of_no_branch_is_seen_where_the_name_is_known(
    scene: Scene, name: str, seen: bool
) -> None:
    scene.apply(name=name)

    assert scene.sees(scene.secretary) is seen
    assert not scene.sees(scene.make.branch_secretary(scene.make.branch()))


def test_an_applicant_is_seen_where_the_number_is_known(scene: Scene) -> None:
    scene.make.member(scene.branch, name="黄大梅", **scene.phone(KNOWN))
    scene.apply(name="来客", number=KNOWN)

    assert scene.sees(scene.secretary)
    assert not scene.sees(scene.superior)


def test_nobody_is_asked_about_somebody_without_a_name(scene: Scene) -> None:
    for nothing in ("", "\u200b"):
        said = service.Linking("code", nothing, scene.branch.id)
        with pytest.raises(RosterNoMatch) as refusal:
            service.link(scene.session, scene.keys, actor=scene.actor, phone=OTHER, said=said)
        assert "请填写姓名" in refusal.value.message
    assert scene.session.scalars(sa.select(LinkApplication)).all() == []


def test_a_number_is_found_however_it_comes(scene: Scene) -> None:
    member: Member = service.link(
        scene.session,
        scene.keys,
        actor=scene.actor,
        phone="100 0000 6666",
        said=service.Linking("code", name="", organization_id=None),
    )

    assert member is scene.entry


def test_second_persons_are_told(scene: Scene) -> None:
    officer, deputy = scene.officer(), scene.deputy()
    scene.named()

    told = scene.session.scalars(
        sa.select(Notification.account_id).where(Notification.title == "身份关联待复核")
    ).all()
    assert {scene.superior.account_id, officer.account_id, deputy.account_id} <= set(told)


def test_each_reader_is_told_what_may_be_done(client: ApiClient, scene: Scene) -> None:
    scene.apply()
    path = "/link-applications?decidable=true"

    (mine,) = client.request("GET", path, as_=scene.secretary, expect=200)["items"]
    assert mine["can"] == ["approval", "refusal"]
    step = f"/link-applications/{mine['id']}"
    body = {"member_id": scene.entry.id}
    named = client.request("POST", f"{step}/approval", as_=scene.secretary, json=body, expect=200)
    assert (named["status"], named["can"]) == ("named", ["refusal"])
    assert client.request("GET", path, as_=scene.secretary, expect=200)["items"] == []
    client.request("POST", f"{step}/confirmation", as_=scene.secretary, json=body, expect=403)

    (theirs,) = client.request("GET", path, as_=scene.superior, expect=200)["items"]
    assert theirs["can"] == ["confirmation", "refusal"]
    assert theirs["member"]["branch"]["name"] == scene.branch.name
    done = client.request("POST", f"{step}/confirmation", as_=scene.superior, json=body, expect=200)
    assert done["status"] == "approved"
