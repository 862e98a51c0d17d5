"""A member's number is shown to the community that accepted the registration, if the member agreed
to that; it is asked once, stands in no list, and each look stays on record."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.audit.models import AuditEntry
from backend.community.registrations.models import (
    CommunityRegistration,
    RegistrationKind,
    RegistrationStatus,
    Visibility,
)
from backend.core import clock
from backend.core.actor import Actor, Role
from backend.people.members.models import Appointment, Consent, Member, PrivacyNotice, Purpose
from tests.factories import Make
from tests.http_client import ApiClient

NUMBER = "13800000007"


class House:
    """A community with one registered member who has a number."""

    def __init__(self, client: ApiClient, session: Session, make: Make) -> None:
        self.client, self.session, self.make = client, session, make
        self.community = make.community()
        self.secretary = make.community_secretary(self.community)
        kept = make.keys.encrypt(NUMBER, purpose="member.phone")
        self.row = make.member(name="王丽", phone_encrypted=kept)
        self.member = make.actor(self.row)
        self.registration = CommunityRegistration(
            member_id=self.row.id,
            community_id=self.community.id,
            kind=RegistrationKind.PRIMARY,
            status=RegistrationStatus.ACTIVE,
            submitted_at=clock.now(),
            answer_due_on=clock.today(),
            accepted_on=clock.today(),
            receipt_no="BD2026TEST",
        )
        session.add(self.registration)
        session.flush()

    def call(
        self, method: str, path: str, actor: Actor, expect: int = 200, json: Any = None
    ) -> Any:
        """Ask as somebody who has agreed to the notice in force."""
        version = self.session.scalars(sa.select(sa.func.max(PrivacyNotice.version))).one()
        core = {"account_id": actor.account_id, "purpose": Purpose.CORE_SERVICE}
        self.session.execute(
            insert(Consent).values(**core, notice_version=version).on_conflict_do_nothing()
        )
        return self.client.request(method, path, as_=actor, expect=expect, json=json)

    def answer(self, agreed: bool) -> Any:
        return self.call("PUT", "/me/phone-to-community", self.member, json={"agreed": agreed})

    def look(self, expect: int, as_: Actor | None = None) -> Any:
        path = f"/registered-members/{self.registration.id}/phone"
        return self.call("GET", path, as_ or self.secretary, expect)

    def listed(self) -> Any:
        answer = self.call("GET", "/registered-members", self.secretary)
        assert NUMBER not in str(answer)
        return [one["may_be_called"] for one in answer["items"]]

    def asked(self) -> bool:
        answer = self.call("GET", "/me", self.member)
        return not answer["consent"]["phone_answered"]

    def looks(self) -> list[AuditEntry]:
        entries = sa.select(AuditEntry).where(AuditEntry.action == "member.phone_read")
        return list(self.session.scalars(entries))


@pytest.fixture
def house(client: ApiClient, session: Session, make: Make, published_notice: str) -> House:
    assert published_notice
    return House(client, session, make)


def test_nobody_sees_a_number_before_the_member_agrees(house: House) -> None:
    assert house.listed() == [False]
    assert house.look(403)["code"] == "phone_not_shared"
    assert house.looks() == []


def test_who_agreed_is_called_and_each_look_stays_on_record(house: House) -> None:
    assert house.answer(True) == {"agreed": True}
    assert house.listed() == [True]
    for count in (1, 2):
        assert house.look(200) == {"phone": NUMBER}
        assert len(house.looks()) == count
    entry = house.looks()[0]
    assert (entry.actor_id, entry.subject) == (house.secretary.account_id, f"member:{house.row.id}")
    assert NUMBER not in str(entry.detail)


def test_it_is_taken_back_at_any_time(house: House) -> None:
    for agreed, status in ((True, 200), (False, 403), (True, 200)):
        house.answer(agreed)
        house.look(status)
        assert house.listed() == [agreed]


@pytest.mark.parametrize("agreed", [True, False])
def test_a_member_is_asked_once(house: House, agreed: bool) -> None:
    assert house.asked()
    house.answer(agreed)
    assert not house.asked()


def test_under_a_new_notice_it_is_asked_anew(house: House) -> None:
    house.answer(True)
    later = clock.now() + timedelta(seconds=1)
    house.session.add(PrivacyNotice(version="v2", title="告知书", body="正文", published_at=later))
    house.session.flush()
    assert house.asked()
    house.answer(False)
    live = sa.select(Consent).where(
        Consent.purpose == Purpose.PHONE_TO_COMMUNITY, Consent.withdrawn_at.is_(None)
    )
    assert house.session.scalars(live).all() == []


def test_switching_messages_off_keeps_it(house: House) -> None:
    house.answer(True)
    body = {"notice_version": "v1", "purposes": ["core_service", "phone_to_community"]}
    house.call("POST", "/me/consents", house.member, 201, json=body)
    house.look(200)


def test_who_is_on_no_roster_is_not_asked(house: House, make: Make) -> None:
    path, body = "/me/phone-to-community", {"agreed": True}
    refused = house.call("PUT", path, make.unlinked(), 403, json=body)
    assert refused["code"] == "member_link_required"


def test_without_a_number_there_is_nothing_to_see(house: House) -> None:
    house.answer(True)
    house.row.phone_encrypted = None
    house.session.flush()
    assert house.listed() == [False]
    house.look(403)


def _left(house: House) -> None:
    house.registration.status = RegistrationStatus.PAUSED


def _for_the_unit_alone(house: House) -> None:
    house.registration.visibility = Visibility.UNIT_ONLY


def _off_the_roster(house: House) -> None:
    house.row.active = False


@pytest.mark.parametrize("change", [_left, _for_the_unit_alone, _off_the_roster])
def test_who_is_not_in_the_list_is_not_called(
    house: House, change: Callable[[House], None]
) -> None:
    house.answer(True)
    change(house)
    house.session.flush()
    assert house.listed() == []
    house.look(404)
    assert house.looks() == []


def test_nobody_else_sees_it(house: House, make: Make) -> None:
    house.answer(True)
    others = {
        "unlinked": make.unlinked(),
        "the member": house.member,
        "another member": make.actor(make.member()),
        "another community's secretary": make.community_secretary(make.community()),
        "the branch's secretary": make.branch_secretary(house.row.branch),
        "the city's officer": make.officer(Role.CITY_OFFICER, make.city()),
    }
    for actor in others.values():
        assert house.look(404, as_=actor)["code"] == "registered_member_not_found"
    assert house.looks() == []


@pytest.mark.parametrize("what", ["ended", "inactive"])
def test_who_is_not_secretary_any_more_sees_nothing(house: House, what: str) -> None:
    house.answer(True)
    if what == "ended":
        yesterday = {"ends_on": clock.today() - timedelta(days=1)}
        mine = Appointment.member_id == house.secretary.member_id
        house.session.execute(sa.update(Appointment).where(mine).values(yesterday))
    else:
        house.session.get_one(Member, house.secretary.member_id).active = False
    house.session.flush()
    house.session.expire_all()
    house.look(404)
