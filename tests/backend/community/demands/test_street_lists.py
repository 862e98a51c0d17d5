"""The list of a street: the union of what its communities published this year (rule 12f)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.capabilities import EVIDENCE
from backend.community.demands import lists, service
from backend.community.demands.lists import Share
from backend.community.demands.models import Demand, DemandList
from backend.core import clock
from backend.core.actor import Role
from backend.core.errors import Conflict, Forbidden, Invalid
from backend.figures import my_duties
from backend.ledger.rulepack import RulePack
from backend.people.areas.models import AreaKind
from tests.backend.community.demands.scene import Scene
from tests.factories import Make


@pytest.fixture
def scene(session: Session, rules: RulePack, make: Make) -> Scene:
    return Scene(session, rules, make)


@pytest.fixture
def beside(scene: Scene) -> Scene:
    """Another community of the same street."""
    found = Scene(scene.session, scene.rules, scene.make)
    assert found.street is scene.street
    return found


def ids(row: DemandList) -> list[int]:
    return [demand.id for demand in row.demands]


def seen(scene: Scene) -> lists.Preview:
    return lists.preview(scene.session, actor=scene.officer, area_code=scene.street.code)


def test_it_is_the_union_of_its_communities_lists_and_changes_no_demand(
    scene: Scene, beside: Scene
) -> None:
    rows = [scene.published(), beside.published(), beside.published()]
    scene.accepted()  # on no list yet
    before = [(row.status, row.published_on, row.expires_on) for row in rows]
    expected = seen(scene)
    listed = scene.publish_street()

    assert (listed.area_id, listed.version, listed.size) == (scene.street.id, 1, 3)
    assert ids(listed) == [row.id for row in rows]
    assert (expected.version, len(expected.demands), len(expected.new)) == (1, 3, 3)
    # In order of code, and not by how much each brings.
    assert expected.communities == [Share(scene.community, 1, 1), Share(beside.community, 2, 2)]
    assert [(row.status, row.published_on, row.expires_on) for row in rows] == before
    assert len(scene.told(scene.resident, "demands.published")) == 1  # by the community
    assert scene.differences() == []


def test_each_version_keeps_what_stands_and_takes_up_what_is_new(
    scene: Scene, beside: Scene
) -> None:
    kept, gone = scene.published(), scene.published()
    scene.publish_street()
    with pytest.raises(Conflict, match="nothing_to_publish"):
        scene.publish_street()
    new = beside.published()
    service.withdraw(scene.session, actor=scene.resident, demand_id=gone.id)
    coming = seen(scene)

    assert (coming.version, set(coming.new)) == (2, {new.id})
    assert coming.communities == [Share(scene.community, 1, 0), Share(beside.community, 1, 1)]
    assert ids(scene.publish_street()) == [kept.id, new.id]


def test_what_leaves_a_list_is_nothing_new(scene: Scene) -> None:
    gone, _kept = scene.published(), scene.published()
    scene.publish_street()
    service.withdraw(scene.session, actor=scene.resident, demand_id=gone.id)

    with pytest.raises(Conflict, match="nothing_to_publish"):
        scene.publish_street()


def test_what_its_day_has_passed_stands_nowhere(scene: Scene) -> None:
    scene.published(needed_by=clock.today() + timedelta(days=3))
    with clock.at(clock.now() + timedelta(days=4)):
        assert seen(scene).demands == []
        with pytest.raises(Conflict, match="nothing_to_publish"):
            scene.publish_street()


def test_a_new_year_begins_with_the_lists_of_that_year(scene: Scene, beside: Scene) -> None:
    with clock.at(clock.now().replace(month=6, day=1)):
        old = scene.published()
        beside.published()
        assert scene.publish_street().version == 1
    with clock.at(clock.now().replace(year=clock.today().year + 1, month=1, day=5)):
        with pytest.raises(Conflict, match="nothing_to_publish"):
            scene.publish_street()
        scene.publish()  # its communities first
        listed = scene.publish_street()
        assert (listed.version, ids(listed)) == (1, [old.id])
        assert scene.differences() == []


def test_another_streets_communities_are_not_on_it(scene: Scene) -> None:
    scene.published()
    make = scene.make
    far = Scene(scene.session, scene.rules, make, make.community(make.township()))
    far.published()

    assert far.street is not scene.street
    assert [one.community for one in seen(scene).communities] == [scene.community]


def test_only_the_officer_of_that_street_publishes_or_looks_ahead(scene: Scene) -> None:
    scene.published()
    make = scene.make
    others = [scene.secretary, scene.resident, scene.grid_worker]
    others += [make.officer(Role.STREET_OFFICER, make.township())]
    others += [make.officer(Role.CITY_OFFICER, make.city())]
    for actor in others:
        with pytest.raises(Forbidden, match="not_your_street"):
            scene.publish_street(actor)
        with pytest.raises(Forbidden, match="not_your_street"):
            lists.preview(scene.session, actor=actor, area_code=scene.street.code)
    with pytest.raises(Forbidden, match="not_your_community"):
        scene.publish(scene.officer)


def test_towns_and_districts_publish_none(scene: Scene) -> None:
    scene.published()
    scene.street.kind = AreaKind.TOWN
    with pytest.raises(Invalid, match="乡镇不公布"):
        scene.publish_street()
    officer = scene.make.officer(Role.CITY_OFFICER, scene.make.city())
    with pytest.raises(Invalid, match="没有找到"):
        lists.publish(scene.session, scene.rules, actor=officer, area_code="460100")


def test_it_is_the_own_duty_of_the_streets_officer(scene: Scene) -> None:
    """However many versions a year has, they are one list; a community's is its community's."""
    demand = scene.published()
    owed = _own_duty(scene)
    scene.publish_street()
    again: Demand = scene.published()
    scene.publish_street()
    done = _own_duty(scene)
    asked: dict[str, Any] = {"actor": scene.officer, "rule_id": "12f", "year": clock.today().year}
    shown = my_duties.evidence(scene.session, scene.rules, EVIDENCE, **asked)

    assert demand.id < again.id
    assert (owed.judgement.done, owed.next_step) == (0, "demands.publish_list")
    assert (done.judgement.done, done.next_step) == (1, None)
    assert [one.title for one in shown] == [
        f"公布{clock.today().year}年需求清单（第{version}版）" for version in (1, 2)
    ]
    assert [one.counted for one in shown] == [True, False]
    assert scene.differences() == []


def _own_duty(scene: Scene) -> my_duties.Duty:
    year = clock.today().year
    found = my_duties.duties(scene.session, scene.rules, actor=scene.officer, year=year)
    (duty,) = [one for one in found if one.rule.id == "12f"]
    assert duty.subject.id == scene.street.id
    return duty
