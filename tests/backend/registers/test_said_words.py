"""Words of a declaration that few registers use: a fact that ends, a linked area, a code for a
name, a last day that must be said."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.actor import Role
from backend.core.errors import Invalid, NotFound
from backend.people.areas.models import Area
from backend.registers import service
from tests.backend.registers.scene import Scene
from tests.backend.registers.test_entries import JANUARY, held


def test_a_fact_ends_after_the_day_that_is_its_last(scene: Scene, session: Session) -> None:
    last = clock.today() + timedelta(days=30)
    estate = scene.enter(
        "estate",
        name="国贸花园",
        starts_on=JANUARY,
        values={
            "owners_committee": True,
            "owners_committee_cover": "instructor",
            "owners_instructor_until": last.isoformat(),
            "property_firm": "某某物业",
            "property_firm_cover": "instructor",
        },
    )

    facts = held(session)
    ends_on = last + timedelta(days=1)
    assert ("owners_committee_covered", "entry", estate.id, JANUARY, ends_on) in facts
    assert ("property_firm_covered", "entry", estate.id, JANUARY, None) in facts
    assert scene.differences() == []


def test_a_term_that_is_over_before_it_began_covers_nothing(scene: Scene, session: Session) -> None:
    cover = {"owners_committee_cover": "instructor", "owners_instructor_until": "2019-12-31"}
    scene.enter("estate", name="甲", starts_on=JANUARY, values={"owners_committee": True} | cover)
    assert "owners_committee_covered" not in {kind for kind, *_ in held(session)}


def test_a_household_is_called_by_its_code_alone(scene: Scene) -> None:
    given = scene.enter("household", code="GM-017", values={"head": "王小明"})
    own = scene.enter("household")

    assert given.version is not None
    assert own.version is not None
    assert given.version.name == "GM-017"
    assert own.version.name == own.code
    assert own.code.startswith("HH")
    assert given.version.values == {}


def test_the_linked_community_sees_whose_point_it_is(scene: Scene) -> None:
    street = scene.session.get_one(Area, scene.community.township_id)
    leader = scene.enter("leader", by=scene.street, name="吴海燕", place_code=street.code)
    point = scene.enter(
        "liaison_point",
        by=scene.street,
        place_code=...,
        parent_id=leader.id,
        area_code=scene.community.code,
    )
    elsewhere = scene.acting(Role.COMMUNITY_SECRETARY, scene.make.community().id)

    assert service.show(scene.session, scene.secretary, point.id).id == point.id
    with pytest.raises(NotFound):
        service.show(scene.session, elsewhere, point.id)


def test_a_list_of_one_year_says_until_when(scene: Scene) -> None:
    asked = {"place_code": ..., "unit_id": scene.unit.id, "name": "任务分解清单"}
    with pytest.raises(Invalid, match="请填写适用至"):
        scene.enter("task_breakdown", by=scene.street, **asked)
    until = clock.today() + timedelta(days=30)
    row = scene.enter("task_breakdown", by=scene.street, ends_on=until, **asked)
    assert row.version is not None
    assert row.version.ends_on == until
