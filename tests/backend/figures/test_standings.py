"""Organisations of an area one by one; never people."""

import pytest
from sqlalchemy.orm import Session

from backend import capabilities
from backend.core.actor import Actor, Role
from backend.core.errors import Forbidden, NotFound
from backend.figures.rates import overview, rates
from backend.figures.standings import Opened, Slice, opened, standings
from backend.ledger.rulepack import RulePack
from backend.ledger.verdicts import Verdict
from backend.people.organizations.models import Organization
from tests import ledger
from tests.factories import Make

YEAR = 2026


class Scene:
    """Seven branches in two communities of one city, and its officer."""

    def __init__(self, session: Session, rules: RulePack, make: Make) -> None:
        self.session, self.rules = session, rules
        self.here, self.there = make.community(), make.community()
        places = [self.here] * 4 + [self.there] * 3
        self.branches: list[Organization] = [make.branch(make.unit(place)) for place in places]
        self.officer = Actor(0, grants=make.officer(Role.CITY_OFFICER, make.city()).grants)
        ledger.bind(session, rules)

    def listed(
        self,
        rule_id: str = "1a",
        *,
        area: str = "460100",
        who: Actor | None = None,
        verdict: Verdict | None = None,
        after: int = 0,
        limit: int = 50,
    ) -> Slice:
        return standings(
            self.session,
            self.rules,
            actor=who or self.officer,
            area_code=area,
            rule_id=rule_id,
            year=YEAR,
            verdict=verdict,
            after=after,
            limit=limit,
        )

    def opened(self, subject_id: int, rule_id: str = "1a", who: Actor | None = None) -> Opened:
        return opened(
            self.session,
            self.rules,
            capabilities.EVIDENCE,
            actor=who or self.officer,
            rule_id=rule_id,
            subject_id=subject_id,
            year=YEAR,
        )


@pytest.fixture
def scene(session: Session, rules: RulePack, make: Make) -> Scene:
    return Scene(session, rules, make)


def test_the_list_has_as_many_as_the_figures_count(scene: Scene) -> None:
    found = rates(
        scene.session,
        scene.rules,
        actor=scene.officer,
        area_code="460100",
        rule_id="1a",
        year=YEAR,
    )

    assert len(scene.listed().standings) == found.total.bound


def test_only_those_of_the_area_are_listed(scene: Scene) -> None:
    listed = {standing.id for standing in scene.listed(area=scene.there.code).standings}

    assert listed == {branch.id for branch in scene.branches[4:]}


def test_the_list_goes_on_where_the_page_ended(scene: Scene) -> None:
    first = scene.listed(limit=4)
    second = scene.listed(limit=4, after=first.after or 0)

    assert first.after == first.standings[-1].id
    assert second.after is None
    ids = [standing.id for standing in first.standings + second.standings]
    assert ids == sorted({branch.id for branch in scene.branches} | set(ids))


def test_a_verdict_narrows_the_list_to_exactly_those(scene: Scene) -> None:
    everybody = scene.listed().standings
    for verdict in Verdict:
        wanted = [s.id for s in everybody if s.judgement.verdict is verdict]
        assert [s.id for s in scene.listed(verdict=verdict).standings] == wanted
    overdue = scene.listed(verdict=everybody[0].judgement.verdict, limit=2)
    assert len(overdue.standings) == 2
    assert overdue.after == overdue.standings[-1].id


def test_people_are_not_listed(scene: Scene) -> None:
    with pytest.raises(Forbidden, match="subjects_not_listed"):
        scene.listed("2k")


def test_an_area_elsewhere_does_not_exist(scene: Scene, make: Make) -> None:
    other = make.community(make.township(make.district()))
    with pytest.raises(NotFound):
        scene.listed(area=scene.here.code, who=make.community_secretary(other))
    with pytest.raises(NotFound):
        scene.listed("9z")


def test_the_overview_says_of_each_rule_what_its_own_figures_say(scene: Scene) -> None:
    area, found = overview(
        scene.session, scene.rules, actor=scene.officer, area_code="460100", year=YEAR
    )

    assert area.code == "460100"
    for rule, cell, _ in found:
        own = rates(
            scene.session,
            scene.rules,
            actor=scene.officer,
            area_code="460100",
            rule_id=rule.id,
            year=YEAR,
        )
        assert cell == own.total


def test_a_subject_is_opened_kind_by_kind_and_period_by_period(scene: Scene) -> None:
    branch = scene.branches[0]

    found = scene.opened(branch.id)

    listed = next(one for one in scene.listed().standings if one.id == branch.id)
    assert found.duty.judgement == listed.judgement
    assert found.duty.subject.name == branch.name
    assert {kind for row in found.periods for kind in row.check.kinds} == {
        "members_assembly",
        "party_lecture",
        "committee_meeting",
    }  # and no group's, for it has none
    assert {len(row.periods) for row in found.periods} == {4, 12}


def test_only_those_of_the_own_territory_can_be_opened(scene: Scene, make: Make) -> None:
    keeper = make.community_secretary(scene.there)
    with pytest.raises(NotFound):
        scene.opened(scene.branches[0].id, who=keeper)
    assert scene.opened(scene.branches[4].id, who=keeper).evidence == []
    with pytest.raises(NotFound):
        scene.opened(scene.branches[0].id, rule_id="5d")
