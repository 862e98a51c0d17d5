"""Rates of areas: numerators, denominators, hidden cells, own subtree."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.registrations import service as registrations
from backend.community.registrations.applying import Application
from backend.community.volunteering import service as volunteering
from backend.community.volunteering.models import ServiceCategory
from backend.core import clock
from backend.core.actor import Actor, Role
from backend.core.errors import NotFound
from backend.figures.rates import Rates, rates
from backend.ledger.models import Tally
from backend.ledger.rulepack import Modality, RulePack
from backend.people.areas.models import Area
from tests import ledger
from tests.factories import Make, service_facts


class Scene:
    """Two communities with a unit of six members each; an officer of the city."""

    def __init__(self, session: Session, rules: RulePack, make: Make) -> None:
        self.session, self.rules, self.make = session, rules, make
        self.communities = [make.community() for _ in range(2)]
        self.crews = []
        for community in self.communities:
            branch = make.branch(make.unit(community))
            self.crews.append([make.actor(make.member(branch)) for _ in range(6)])
        self.officer = Actor(0, grants=make.officer(Role.CITY_OFFICER, make.city()).grants)

    def rates(self, rule_id: str, area: Area | None = None, who: Actor | None = None) -> Rates:
        area = area or self.make.city()
        ledger.bind(self.session, self.rules)
        return rates(
            self.session,
            self.rules,
            actor=who or self.officer,
            area_code=area.code,
            rule_id=rule_id,
            year=clock.today().year,
        )

    def register(self, actor: Actor) -> None:
        community = self.communities[0]
        secretary = self.make.community_secretary(community)
        row = registrations.submit(
            self.session, self.rules, actor=actor, said=Application(community_code=community.code)
        )
        registrations.accept(self.session, self.rules, actor=secretary, registration_id=row.id)

    def serve_twice(self, actor: Actor) -> None:
        community = self.communities[0]
        secretary = self.make.community_secretary(community)
        for category, hours in ((ServiceCategory.CARE, 3), (ServiceCategory.SAFETY, 2)):
            begin = clock.now() - timedelta(hours=hours)
            record = volunteering.submit(
                self.session,
                self.rules,
                actor=actor,
                said=volunteering.Logging(
                    community_code=community.code,
                    facts=service_facts(begin, category=category, content="服务"),
                ),
            )
            volunteering.confirm(self.session, self.rules, actor=secretary, record_id=record.id)


@pytest.fixture
def scene(session: Session, rules: RulePack, make: Make) -> Scene:
    return Scene(session, rules, make)


def test_a_registration_moves_the_rate_where_the_unit_is_located(scene: Scene) -> None:
    before = scene.rates("2i", scene.communities[1]).total
    scene.register(scene.crews[1][0])

    after = scene.rates("2i", scene.communities[1]).total
    assert (before.bound, before.met, after.met) == (6, 0, 1)


def test_the_second_service_moves_the_rate_and_areas_add_up(scene: Scene) -> None:
    scene.serve_twice(scene.crews[0][0])
    scene.serve_twice(scene.crews[1][0])

    township = scene.session.get_one(Area, scene.communities[0].township_id)
    found = scene.rates("2k", township)
    shown = {cell.area.id: cell.met for cell in found.children}
    assert [shown[community.id] for community in scene.communities] == [1, 1]
    assert found.total.met == 2
    assert [cell.area.code for cell in found.children] == sorted(
        cell.area.code for cell in found.children
    )


def test_an_officer_asks_within_the_own_subtree_only(scene: Scene) -> None:
    stranger = scene.make.officer(Role.STREET_OFFICER, scene.make.township())

    with pytest.raises(NotFound):
        scene.rates("2k", scene.communities[0], stranger)
    with pytest.raises(NotFound):
        scene.rates("2k", None, scene.crews[0][0])


def test_the_ledger_check_finds_what_does_not_add_up(scene: Scene) -> None:
    scene.serve_twice(scene.crews[0][0])
    assert ledger.differences(scene.session, scene.rules) == []

    scene.session.execute(sa.update(Tally).values(occasions=Tally.occasions + 1))

    assert len(ledger.differences(scene.session, scene.rules)) == 1


def test_of_what_nobody_can_fall_short_of_nothing_is_overdue(scene: Scene) -> None:
    strict = scene.rates("2i").total
    aims = [
        rule.model_copy(update={"modality": Modality.TARGET}) if rule.id == "2i" else rule
        for rule in scene.rules.rules
    ]
    scene.rules = replace(
        scene.rules, file=scene.rules.file.model_copy(update={"rules": tuple(aims)})
    )

    lenient = scene.rates("2i").total

    assert strict.overdue == strict.bound == 13  # the officer is a member, too
    assert (lenient.on_the_way, lenient.overdue) == (13, 0)
