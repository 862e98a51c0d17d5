"""Rules of service records, tested without HTTP."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.capabilities import EVIDENCE
from backend.community.volunteering import evidence, lists, service
from backend.community.volunteering.flow import FLOW
from backend.community.volunteering.models import (
    ServiceCategory,
    ServiceRecord,
    ServiceRecordStatus,
)
from backend.core import clock
from backend.core.actor import Actor, Role
from backend.core.asker import asked_by, asker_of
from backend.core.errors import Conflict, Forbidden, Invalid, NotFound
from backend.figures import my_duties
from backend.ledger.models import DutyYear, Posting, Rollup, Tally
from backend.ledger.rulepack import RulePack
from tests import ledger
from tests.factories import Make, service_facts

S = ServiceRecordStatus


class Scene:
    """A member of a city organ, a community and its secretary."""

    def __init__(self, session: Session, rules: RulePack, make: Make) -> None:
        self.session, self.rules, self.make = session, rules, make
        self.community = make.community()
        self.secretary = make.community_secretary(self.community)
        self.actor = make.actor(make.member())

    def submit(
        self,
        begin: datetime | None = None,
        *,
        minutes: int = 60,
        actor: Actor | None = None,
        category: ServiceCategory = ServiceCategory.CARE,
    ) -> ServiceRecord:
        begin = begin or clock.now() - timedelta(hours=3)
        return service.submit(
            self.session,
            self.rules,
            actor=actor or self.actor,
            said=service.Logging(
                community_code=self.community.code,
                facts=service_facts(begin, minutes=minutes, category=category),
            ),
        )

    def confirm(self, record: ServiceRecord) -> ServiceRecord:
        return service.confirm(self.session, self.rules, actor=self.secretary, record_id=record.id)

    def occasions(self) -> int:
        total = sa.select(sa.func.coalesce(sa.func.sum(Tally.occasions), 0))
        return int(self.session.scalar(total) or 0)


@pytest.fixture
def scene(session: Session, rules: RulePack, make: Make) -> Scene:
    return Scene(session, rules, make)


def test_what_waits_for_ones_decision_is_what_one_may_decide(scene: Scene) -> None:
    make = scene.make
    first, second = (scene.submit(actor=one).id for one in (scene.actor, scene.secretary))
    deputy = make.community_secretary(scene.community)
    city = make.officer(Role.CITY_OFFICER, make.city())
    decides = {scene.secretary: {first}, deputy: {first, second}}

    for actor in (scene.actor, scene.secretary, deputy, city):
        found = lists.listed(actor, decidable=True)
        waiting = {row.id for row in scene.session.scalars(found, asked_by(actor))}
        scene.session.expire_all()
        seen = FLOW.shown(asker_of(actor))
        shown = scene.session.scalars(seen, asked_by(actor)).all()
        assert waiting == {row.id for row in shown if "confirmation" in FLOW.can(row)}
        assert waiting == decides.get(actor, set())


def test_a_confirmed_service_is_posted_once(scene: Scene) -> None:
    record = scene.submit()
    scene.confirm(record)
    scene.confirm(record)

    posting = scene.session.scalars(sa.select(Posting)).one()
    assert (posting.kind, posting.source_id, posting.amount) == (evidence.KIND, record.id, 60)
    assert scene.occasions() == 1


def test_what_is_not_confirmed_counts_nothing(scene: Scene) -> None:
    scene.submit()

    assert scene.occasions() == 0


def test_voiding_posts_a_reversal_and_leaves_the_first_posting_alone(scene: Scene) -> None:
    record = scene.confirm(scene.submit())
    service.void(
        scene.session, scene.rules, actor=scene.secretary, record_id=record.id, reason="与名单不符"
    )

    first, second = scene.session.scalars(sa.select(Posting).order_by(Posting.id)).all()
    assert (second.reverses_id, second.amount) == (first.id, -first.amount)
    assert (record.status, scene.occasions()) == (S.VOIDED, 0)
    assert ledger.differences(scene.session, scene.rules) == []


def test_two_services_of_one_kind_on_one_day_count_once(scene: Scene) -> None:
    day = clock.now().replace(hour=8) - timedelta(days=2)
    scene.confirm(scene.submit(day))
    scene.confirm(scene.submit(day + timedelta(hours=4)))

    assert scene.occasions() == 1


def test_voiding_one_of_two_that_count_once_leaves_one(scene: Scene) -> None:
    day = clock.now().replace(hour=8) - timedelta(days=2)
    first = scene.confirm(scene.submit(day))
    scene.confirm(scene.submit(day + timedelta(hours=4)))
    service.void(
        scene.session, scene.rules, actor=scene.secretary, record_id=first.id, reason="重复登记"
    )

    assert scene.occasions() == 1


def test_the_second_occasion_of_the_year_fulfils_the_duty_and_moves_the_rollup(
    scene: Scene,
) -> None:
    begin = clock.now() - timedelta(hours=3)
    scene.confirm(scene.submit(begin, category=ServiceCategory.CARE))
    rolled = sa.select(Rollup.done, Rollup.subjects).order_by(Rollup.done)
    assert scene.session.execute(rolled).all() == [(0, 1)]

    scene.confirm(scene.submit(begin + timedelta(hours=1), category=ServiceCategory.SAFETY))

    year = scene.session.scalars(sa.select(DutyYear)).one()
    assert (year.done, year.owed, year.exempt) == (1, 1, False)
    assert scene.session.execute(rolled).all() == [(0, 0), (1, 1)]


def test_a_service_shorter_than_the_packs_least_is_confirmed_and_does_not_count(
    scene: Scene,
) -> None:
    record = scene.confirm(scene.submit(minutes=29))

    assert (record.status, scene.occasions()) == (S.CONFIRMED, 0)
    evidence = my_duties.evidence(
        scene.session,
        scene.rules,
        EVIDENCE,
        actor=scene.actor,
        rule_id="2k",
        year=clock.today().year,
    )
    assert [(item.counted, item.reason) for item in evidence] == [
        (False, "时长不足30分钟，不计次。")
    ]


def test_a_service_on_new_years_eve_counts_for_the_year_that_ends_in_shanghai(
    scene: Scene,
) -> None:
    begin = datetime.fromisoformat("2026-12-31T23:30:00+08:00")
    with clock.at(datetime.fromisoformat("2027-01-01T09:00:00+08:00")):
        scene.confirm(scene.submit(begin, minutes=45))
        counted = {
            year: sum(
                duty.judgement.done
                for duty in my_duties.duties(
                    scene.session, scene.rules, actor=scene.actor, year=year
                )
                if duty.rule.id == "2k"
            )
            for year in (2026, 2027)
        }

    assert counted == {2026: 1, 2027: 0}


@pytest.mark.parametrize(
    ("begin", "minutes", "field"),
    [
        (timedelta(hours=-1), 120, "ended_at"),
        (timedelta(hours=-3), 0, "ended_at"),
        (timedelta(days=-3), 25 * 60, "ended_at"),
    ],
)
def test_times_that_cannot_be_are_named(
    scene: Scene, begin: timedelta, minutes: int, field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        scene.submit(clock.now() + begin, minutes=minutes)

    assert refusal.value.field == field


def test_nobody_confirms_the_own_service(scene: Scene) -> None:
    own = scene.submit(actor=scene.secretary)

    with pytest.raises(Forbidden, match="not_your_decision"):
        scene.confirm(own)


def test_for_the_secretary_of_another_community_it_does_not_exist(scene: Scene) -> None:
    record = scene.submit()
    stranger = scene.make.community_secretary(scene.make.community())

    with pytest.raises(NotFound):
        service.confirm(scene.session, scene.rules, actor=stranger, record_id=record.id)


def test_a_withdrawn_record_cannot_be_confirmed(scene: Scene) -> None:
    record = scene.submit()
    service.withdraw(scene.session, actor=scene.actor, record_id=record.id)

    with pytest.raises(Conflict, match="service_record_state_forbids"):
        scene.confirm(record)


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("event", sorted(FLOW.machine.events))
def test_what_is_not_in_the_table_is_refused(state: S, event: str) -> None:
    allowed = {(t.source, t.event): t.target for t in FLOW.machine.transitions}
    if (state, event) in allowed:
        assert FLOW.machine.after(state, event) is allowed[state, event]
    else:
        with pytest.raises(Conflict, match="service_record_state_forbids"):
            FLOW.machine.after(state, event)
