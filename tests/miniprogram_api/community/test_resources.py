"""资源清单: what units offer where they are registered, for everybody to read."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.unit_registrations.models import UnitRegistrationStatus
from backend.core import clock
from backend.core.actor import Actor
from backend.ledger.rulepack import RulePack
from backend.people.areas.models import Area
from backend.support.text_checks.models import TextCheck, TextCheckStatus
from tests.backend.community.unit_registrations.scene import Scene
from tests.factories import Make
from tests.http_client import ApiClient


@pytest.fixture
def scene(session: Session, rules: RulePack, make: Make) -> Scene:
    return Scene(session, rules, make)


@pytest.fixture
def resident(make: Make) -> Actor:
    """Signed in, and on no roster."""
    return Actor(make.account().id, consented=True)


def found(client: ApiClient, actor: Actor, query: str) -> Any:
    path = f"/resources?{query}"
    return client.request("GET", path, as_=actor, expect=200)["items"]


def test_everybody_reads_what_units_offer_where_they_are_registered(
    client: ApiClient, scene: Scene, resident: Actor
) -> None:
    scene.submit(scene.street)
    scene.accept(scene.submit())
    code = scene.community.code
    (line,) = found(client, resident, f"community_code={code}&with_total=true")

    assert line["unit"] == {"id": scene.unit.id, "name": "城市服务局"}
    assert line["receiver"]["code"] == code
    assert (line["kind"], line["description"]) == ("venue", "会议室一间")
    assert "contact" not in line
    assert found(client, resident, f"community_code={code}&kind=people") == []
    assert found(client, resident, f"community_code={scene.make.community().code}") == []


def test_what_has_ended_offers_nothing(client: ApiClient, scene: Scene, resident: Actor) -> None:
    row = scene.accept(scene.submit())
    query = f"community_code={scene.community.code}"
    row.status = UnitRegistrationStatus.RENEWAL_DUE
    scene.session.flush()
    assert len(found(client, resident, query)) == 1
    row.status, row.ended_on = UnitRegistrationStatus.ENDED, clock.today()
    scene.session.flush()
    assert found(client, resident, query) == []


def test_a_held_list_is_not_read_by_all(client: ApiClient, scene: Scene, resident: Actor) -> None:
    row = scene.accept(scene.submit())
    this = sa.and_(TextCheck.subject == row.as_subject, TextCheck.part == "resources")
    held = sa.update(TextCheck).where(this).values(status=TextCheckStatus.HELD)
    scene.session.execute(held)
    query = f"community_code={scene.community.code}"
    lines = [found(client, who, query)[0]["description"] for who in (resident, scene.secretary)]

    assert lines == ["内容正在核查，暂不显示。", "会议室一间"]


def test_registered_units_are_found_by_name_kind_and_district(
    client: ApiClient, scene: Scene, session: Session
) -> None:
    scene.accept(scene.submit())
    district = session.get_one(Area, scene.community.district_id).code

    def listed(query: str) -> list[str]:
        path = f"/unit-registrations?{query}"
        rows = client.request("GET", path, as_=scene.secretary, expect=200)["items"]
        return [one["unit"]["name"] for one in rows]

    for query in (
        "q=csfwj",
        "q=fuwuju",
        "q=服务局",
        "kind=city_organ",
        f"district_code={district}",
    ):
        assert listed(query) == ["城市服务局"], query
    for query in ("q=jiaoyuju", "kind=enterprise", "district_code=460199"):
        assert listed(query) == [], query
