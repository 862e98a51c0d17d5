"""A member contests a record; the community corrects it or stands by it; nothing is lost."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.volunteering import service
from backend.community.volunteering.models import ServiceRecord, ServiceRecordStatus
from backend.core import clock
from backend.core.actor import Actor, Role
from backend.core.errors import Conflict, Forbidden, NotFound
from backend.figures import my_duties
from backend.ledger.models import Posting, Tally
from backend.ledger.rulepack import RulePack
from backend.support.notifications.models import Notification
from tests import ledger
from tests.factories import Make, service_facts
from tests.http_client import ApiClient

S = ServiceRecordStatus
REASON = "实际从八点开始"


class Scene:
    """A member with one confirmed service of an hour."""

    def __init__(self, session: Session, rules: RulePack, make: Make) -> None:
        self.session, self.rules, self.make = session, rules, make
        self.community = make.community()
        self.secretary = make.community_secretary(self.community)
        self.actor = make.actor(make.member())
        self.record = self.confirmed()

    def confirmed(self, actor: Actor | None = None) -> ServiceRecord:
        record = service.submit(
            self.session,
            self.rules,
            actor=actor or self.actor,
            said=service.Logging(
                community_code=self.community.code, facts=service_facts(), is_volunteer_service=True
            ),
        )
        if actor is None:
            self.confirm(record, self.secretary)
        return record

    def confirm(self, record: ServiceRecord, by: Actor) -> None:
        service.confirm(self.session, self.rules, actor=by, record_id=record.id)

    def dispute(self, reason: str = REASON) -> ServiceRecord:
        return service.dispute(
            self.session, actor=self.actor, record_id=self.record.id, reason=reason
        )

    def correct(self, *, minutes: int = 120, by: Actor | None = None) -> ServiceRecord:
        facts = service_facts(self.record.started_at, minutes=minutes)
        return service.correct(
            self.session,
            self.rules,
            actor=by or self.secretary,
            record_id=self.record.id,
            facts=facts,
            reason="已与带队人核对",
        )

    def uphold(self, reason: str = "签到名单无误") -> ServiceRecord:
        return service.uphold(
            self.session, actor=self.secretary, record_id=self.record.id, reason=reason
        )

    def void(self) -> ServiceRecord:
        return service.void(
            self.session,
            self.rules,
            actor=self.secretary,
            record_id=self.record.id,
            reason="重复登记",
        )

    def tally(self) -> tuple[int, int]:
        assert ledger.differences(self.session, self.rules) == []
        columns = (sa.func.sum(Tally.occasions), sa.func.sum(Tally.amount))
        return tuple(int(n or 0) for n in self.session.execute(sa.select(*columns)).one())  # type: ignore[return-value]  # of two

    def told(self, actor: Actor) -> list[str]:
        mine = sa.select(Notification.kind).where(Notification.account_id == actor.account_id)
        return list(self.session.scalars(mine.order_by(Notification.id)))


@pytest.fixture
def scene(session: Session, rules: RulePack, make: Make) -> Scene:
    return Scene(session, rules, make)


def test_a_disputed_record_counts_on_until_it_is_decided(scene: Scene) -> None:
    scene.dispute()

    assert (scene.record.status, scene.tally()) == (S.DISPUTED, (1, 60))
    assert scene.told(scene.secretary)[-1] == "volunteering.record_disputed"


def test_disputing_twice_is_the_same_as_once(scene: Scene) -> None:
    for _ in range(2):
        scene.dispute()
    with pytest.raises(Conflict, match="service_record_done_otherwise"):
        scene.dispute("换一个说法")

    assert scene.record.dispute_reason == REASON
    assert scene.told(scene.secretary).count("volunteering.record_disputed") == 1


def test_a_correction_counts_the_new_minutes_and_keeps_the_old(scene: Scene) -> None:
    scene.dispute()
    scene.correct(minutes=120)

    assert (scene.record.status, scene.tally()) == (S.CONFIRMED, (1, 120))
    scene.session.expire(scene.record, ["corrections"])
    assert [(c.duration_min, c.content) for c in scene.record.corrections] == [(60, "看望独居老人")]
    assert scene.told(scene.actor)[-1] == "volunteering.record_corrected"


def test_the_same_correction_twice_is_one(scene: Scene) -> None:
    scene.correct()
    scene.correct()

    scene.session.expire(scene.record, ["corrections"])
    assert len(scene.record.corrections) == 1
    assert len(scene.session.scalars(sa.select(Posting)).all()) == 3  # one, taken back, one anew


def test_a_correction_that_corrects_nothing_is_refused_and_changes_nothing(scene: Scene) -> None:
    scene.dispute()
    with pytest.raises(Conflict, match="nothing_corrected"):
        scene.correct(minutes=60)

    assert (scene.record.status, scene.tally()) == (S.DISPUTED, (1, 60))


def test_a_correction_below_half_an_hour_takes_the_occasion_away(scene: Scene) -> None:
    scene.correct(minutes=20)

    assert (scene.record.status, scene.tally()) == (S.CONFIRMED, (0, 0))


def test_a_correction_may_move_a_service_into_another_year(scene: Scene) -> None:
    year = clock.today().year
    last = clock.now().replace(year=year - 1, month=6, day=3)
    service.correct(
        scene.session,
        scene.rules,
        actor=scene.secretary,
        record_id=scene.record.id,
        facts=service_facts(last),
        reason="日期写错",
    )

    assert scene.tally() == (1, 60)
    found = my_duties.duties(scene.session, scene.rules, actor=scene.actor, year=year)
    assert [d.judgement.done for d in found if d.rule.id == "2k"] == [0]


def test_who_stands_by_a_record_says_why_and_it_counts_as_before(scene: Scene) -> None:
    scene.dispute()
    scene.uphold()
    scene.uphold()
    with pytest.raises(Conflict, match="service_record_done_otherwise"):
        scene.uphold("另有说明")

    assert (scene.record.status, scene.record.answer) == (S.CONFIRMED, "签到名单无误")
    assert scene.tally() == (1, 60)
    assert scene.told(scene.actor).count("volunteering.record_upheld") == 1


def test_a_voided_record_may_be_contested_and_stays_voided_unless_corrected(scene: Scene) -> None:
    scene.void()
    scene.dispute("当天我在场")
    assert (scene.record.status, scene.tally()) == (S.DISPUTED, (0, 0))

    scene.uphold()
    assert (scene.record.status, scene.tally()) == (S.VOIDED, (0, 0))


def test_a_correction_brings_a_voided_record_back_and_keeps_why_it_was_voided(
    scene: Scene,
) -> None:
    scene.void()
    scene.dispute("当天我在场")
    scene.correct(minutes=60)

    assert (scene.record.status, scene.record.void_reason) == (S.CONFIRMED, None)
    assert scene.tally() == (1, 60)
    scene.session.expire(scene.record, ["corrections"])
    assert [c.void_reason for c in scene.record.corrections] == ["重复登记"]


@pytest.mark.parametrize("voided", [False, True])
def test_a_dispute_taken_back_leaves_the_record_as_it_was(scene: Scene, voided: bool) -> None:
    if voided:
        scene.void()
    before = scene.tally()
    scene.dispute()
    service.drop_dispute(scene.session, actor=scene.actor, record_id=scene.record.id)

    assert scene.record.status is (S.VOIDED if voided else S.CONFIRMED)
    assert scene.tally() == before


def test_a_dispute_may_end_in_voiding(scene: Scene) -> None:
    scene.dispute("我没有参加")
    scene.void()

    assert (scene.record.status, scene.tally()) == (S.VOIDED, (0, 0))


def test_what_waits_or_was_withdrawn_can_neither_be_contested_nor_corrected(scene: Scene) -> None:
    waiting = scene.confirmed(actor=scene.make.actor(scene.make.member()))
    scene.record = waiting
    with pytest.raises(Conflict, match="service_record_state_forbids"):
        scene.correct(minutes=90)
    with pytest.raises(Forbidden, match="not_yours"):
        service.dispute(scene.session, actor=scene.secretary, record_id=waiting.id, reason=REASON)


def test_nobody_corrects_the_own_record_and_strangers_do_not_know_of_it(scene: Scene) -> None:
    with pytest.raises(Forbidden):
        scene.correct(by=scene.actor)
    stranger = scene.make.community_secretary(scene.make.community())
    with pytest.raises(NotFound):
        scene.correct(by=stranger)


def test_of_the_secretarys_own_record_a_deputy_or_the_street_decides(scene: Scene) -> None:
    make, community = scene.make, scene.community
    record = scene.confirmed(actor=scene.secretary)
    with pytest.raises(Forbidden, match="not_your_decision"):
        scene.confirm(record, scene.secretary)

    township = scene.session.get_one(type(community), community.township_id)
    street = make.officer(Role.STREET_OFFICER, township)
    scene.confirm(record, street)
    assert record.status is S.CONFIRMED


def test_the_detail_shows_what_was_written_before_to_member_and_secretary_only(
    client: ApiClient, scene: Scene
) -> None:
    scene.correct(minutes=120)
    township = scene.session.get_one(type(scene.community), scene.community.township_id)
    street = scene.make.officer(Role.STREET_OFFICER, township)
    scene.session.expunge_all()

    path = f"/service-records/{scene.record.id}"
    for reader in (scene.actor, scene.secretary):
        shown = client.request("GET", path, as_=reader, expect=200)
        assert (shown["duration_min"], shown["hours"]) == (120, "2.0")
        assert [one["duration_min"] for one in shown["corrections"]] == [60]
        assert shown["answer"] == "已与带队人核对"
    hidden = client.request("GET", path, as_=street, expect=200)
    assert (hidden["member"], hidden["content"], hidden["corrections"]) == (None, None, [])
    client.request("GET", path, as_=scene.make.actor(scene.make.member()), expect=404)


def test_a_service_that_is_no_party_service_counts_nothing_and_says_so(
    client: ApiClient, scene: Scene
) -> None:
    body = {
        "community_code": scene.community.code,
        "category": "care",
        "content": "假日陪伴",
        "started_at": (clock.now() - timedelta(hours=2)).isoformat(),
        "ended_at": (clock.now() - timedelta(hours=1)).isoformat(),
    }
    neither = body | {"is_party_service": False}
    answer = client.request("POST", "/service-records", as_=scene.actor, json=neither, expect=422)
    assert list(answer["fields"]) == ["is_party_service"]

    given = neither | {"is_volunteer_service": True}
    made = client.request("POST", "/service-records", as_=scene.actor, json=given, expect=201)
    path = f"/service-records/{made['id']}/confirmation"
    client.request("POST", path, as_=scene.secretary, expect=200)
    assert scene.tally() == (1, 60)  # the other one
    shown = client.request("GET", "/me/duties/2k/evidence", as_=scene.actor, expect=200)
    assert [item["reason"] for item in shown["not_counted"]] == [
        "您选择只登记为志愿服务，不计入党员服务。"
    ]
