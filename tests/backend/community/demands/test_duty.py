"""Rule 12f: a list of a year is its community's duty, and what becomes of that."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.capabilities import EVIDENCE
from backend.community.demands import evidence
from backend.community.registrations import succession
from backend.core import clock
from backend.core.actor import Role
from backend.core.errors import NotFound
from backend.figures import my_duties
from backend.figures.standings import Standing, standings
from backend.ledger.models import SubjectKind
from backend.ledger.rulepack import RulePack
from backend.ledger.subjects import Subject, bounds_of
from backend.people.areas.models import AreaKind
from tests.backend.community.demands.scene import Scene
from tests.factories import Make


@pytest.fixture
def scene(session: Session, rules: RulePack, make: Make) -> Scene:
    return Scene(session, rules, make)


def listed(scene: Scene) -> list[Standing]:
    """Return how the communities of the city stand."""
    city = scene.make.officer(Role.CITY_OFFICER, scene.make.city())
    asked: dict[str, Any] = {"area_code": "460100", "rule_id": "12f", "year": clock.today().year}
    found = standings(
        scene.session, scene.rules, actor=city, verdict=None, after=0, limit=50, **asked
    )
    return found.standings


def test_several_versions_of_a_year_are_one_list(scene: Scene) -> None:
    for _ in range(2):
        scene.accepted()
        scene.publish()
    (met,) = [one for one in listed(scene) if one.judgement.done]
    subject = Subject(SubjectKind.AREA, scene.community.id)
    year = clock.today().year
    shown = evidence.explain(scene.session, scene.rules.counting, subject, year)

    assert (met.name, met.judgement.done) == (scene.community.name, 1)
    assert [one.title for one in shown] == [
        f"公布{year}年需求清单（第{version}版）" for version in (1, 2)
    ]
    assert evidence.explain(scene.session, scene.rules.counting, subject, year - 1) == []
    assert scene.differences() == []


@pytest.mark.parametrize(
    "given", [{"kind": AreaKind.VILLAGE}, {"kind": AreaKind.OTHER}, {"hidden": True}]
)
def test_only_urban_communities_that_exist_owe_a_list(scene: Scene, given: Any) -> None:
    other = scene.make.community(**given)

    asked = [Subject(SubjectKind.AREA, area.id) for area in (other, scene.community)]
    rules = [scene.rules.by_id["12f"]]
    assert [*bounds_of(scene.session, rules, asked)] == [("12f", asked[1])]


def test_a_community_that_is_merged_into_another_leaves_the_figures(scene: Scene) -> None:
    scene.accepted()
    scene.publish()
    successor = scene.make.community()
    succession.succeed(
        scene.session,
        scene.rules,
        code=scene.community.code,
        successor_code=successor.code,
    )

    assert scene.community.name not in [one.name for one in listed(scene)]
    assert scene.differences() == []


def test_it_is_the_own_duty_of_who_answers_for_the_community(scene: Scene) -> None:
    year = clock.today().year
    (duty,) = [
        one
        for one in my_duties.duties(scene.session, scene.rules, actor=scene.secretary, year=year)
        if one.subject.id == scene.community.id and one.rule.id == "12f"
    ]
    assert duty.subject.kind is SubjectKind.AREA
    assert (duty.judgement.done, duty.next_step) == (0, "demands.publish_list")

    scene.accepted()
    scene.publish()
    asked: dict[str, Any] = {"actor": scene.secretary, "rule_id": "12f", "year": year}
    (item,) = my_duties.evidence(scene.session, scene.rules, EVIDENCE, **asked)
    assert item.counted
    asked["actor"] = scene.make.actor(scene.make.member())
    with pytest.raises(NotFound, match="duty_not_found"):
        my_duties.evidence(scene.session, scene.rules, EVIDENCE, **asked)
