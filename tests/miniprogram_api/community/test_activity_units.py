"""An activity names only a unit its community has to do with, and opens nobody's roster by that."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.community.unit_registrations.models import UnitRegistration, UnitRegistrationStatus
from backend.core import clock
from backend.core.actor import Actor
from backend.people.areas.models import Area
from backend.people.organizations.models import Unit
from tests.factories import Make
from tests.http_client import ApiClient


class Community:
    def __init__(self, client: ApiClient, session: Session, make: Make) -> None:
        self.client, self.session, self.make = client, session, make
        self.area = make.community()
        self.secretary = make.community_secretary(self.area)
        self.elsewhere = make.branch(make.unit(make.community()))
        self.colleague = make.member(self.elsewhere, name="王同事")

    def body(self, unit: Unit | None, hours: int = -2) -> dict[str, Any]:
        begins = clock.now() + timedelta(hours=hours)
        ends = begins + timedelta(hours=1)
        return {
            "community_code": self.area.code,
            "title": "清理楼道",
            "category": "environment",
            "content": "清理楼道杂物",
            "place": "1号楼下",
            "unit_id": unit.id if unit else None,
            "shifts": [{"starts_at": begins.isoformat(), "ends_at": ends.isoformat(), "places": 5}],
        }

    def draw_up(self, unit: Unit | None, expect: int = 201) -> Any:
        return self.client.request(
            "POST", "/activities", as_=self.secretary, json=self.body(unit), expect=expect
        )

    @property
    def foreign(self) -> Unit:
        return self.session.get_one(Unit, self.elsewhere.unit_id)

    def ally(self, unit: Unit, area: Area | None = None, *, left: bool = False) -> None:
        until = clock.today() if left else None
        self.make.member_unit(unit, area=area or self.area, until=until)

    def register(self, unit: Unit, status: UnitRegistrationStatus) -> None:
        contact = self.make.unit_contact(self.elsewhere)
        self.session.add(
            UnitRegistration(
                unit_id=unit.id,
                area_id=self.area.id,
                contact_id=contact.member_id,
                plan="每季度开展一次义诊",
                status=status,
                submitted_at=clock.now(),
            )
        )
        self.session.flush()


@pytest.fixture
def community(client: ApiClient, session: Session, make: Make) -> Community:
    return Community(client, session, make)


def test_a_unit_is_named_that_lies_here_is_allied_or_registered(community: Community) -> None:
    make = community.make
    community.draw_up(make.unit(community.area))
    allied, registered = make.unit(make.community()), make.unit(make.community())
    for unit in (allied, registered):
        community.draw_up(unit, 422)
    community.ally(allied)
    community.register(registered, UnitRegistrationStatus.ACTIVE)
    for unit in (allied, registered):
        community.draw_up(unit)


@pytest.mark.parametrize("tie", ["none", "other alliance", "left", "submitted"])
def test_a_unit_the_community_has_nothing_to_do_with_is_not_named(
    community: Community, tie: str
) -> None:
    unit = community.foreign
    if tie == "other alliance":
        community.ally(unit, community.make.community())
    if tie == "left":
        community.ally(unit, left=True)
    if tie == "submitted":
        community.register(unit, UnitRegistrationStatus.SUBMITTED)

    assert list(community.draw_up(unit, 422)["fields"]) == ["unit_id"]
    drawn = community.draw_up(None)
    path, change = f"/activities/{drawn['id']}", {"unit_id": unit.id}
    community.client.request("PATCH", path, as_=community.secretary, json=change, expect=422)


def test_what_named_a_unit_once_is_still_changed_in_other_things(community: Community) -> None:
    activity = community.make.activity(community.area, unit_id=community.foreign.id)
    path, change = f"/activities/{activity.id}", {"unit_id": community.foreign.id, "place": "楼上"}
    community.client.request("PATCH", path, as_=community.secretary, json=change, expect=200)


def test_the_roster_of_the_unit_that_organises_is_not_asked_for_a_name(
    community: Community,
) -> None:
    began = clock.now() - timedelta(hours=2)
    activity = community.make.activity(community.area, (began, 5), unit_id=community.foreign.id)

    def write(expect: int, **line: Any) -> Any:
        return community.client.request(
            "PUT", f"/activities/{activity.id}/attendance", as_=community.secretary,
            json={"lines": [{"mark": "present"} | line]}, expect=expect,
        )  # fmt: skip

    assert write(404, name="王同事")["code"] == "roster_no_match"
    write(422, member_id=community.colleague.id)
    assert write(404, name="没有此人")["code"] == "roster_no_match"


def _somebody(community: Community) -> Actor:
    return community.make.actor(community.colleague)


def test_who_signed_up_is_credited_whichever_unit_organises(community: Community) -> None:
    community.colleague.community_id = community.make.community().id
    community.session.flush()
    begins = clock.now() + timedelta(minutes=1)
    activity = community.make.activity(community.area, (begins, 5), unit_id=community.foreign.id)
    signing = {"is_volunteer_service": False}
    community.client.request(
        "POST", f"/activities/{activity.id}/sign-ups", as_=_somebody(community),
        json=signing, expect=201,
    )  # fmt: skip
    with clock.at(clock.now() + timedelta(minutes=90)):
        community.client.request(
            "PUT", f"/activities/{activity.id}/attendance", as_=community.secretary,
            json={"lines": [{"mark": "present", "member_id": community.colleague.id}]}, expect=200,
        )  # fmt: skip
