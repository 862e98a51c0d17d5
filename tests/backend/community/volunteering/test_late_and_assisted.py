"""What comes after its period goes to the street; who has no app is entered from a slip."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.capabilities import HANDLERS
from backend.community.volunteering import lists, service
from backend.community.volunteering.models import ServiceRecord, ServiceRecordStatus
from backend.core import clock
from backend.core.actor import Actor, Role
from backend.core.asker import asked_by
from backend.core.crypto import Crypto
from backend.core.errors import Conflict, Invalid
from backend.ledger.models import Posting
from backend.ledger.rulepack import RulePack
from backend.people.areas.models import Area
from backend.people.members.models import Member
from backend.support.notifications import reminders
from backend.support.notifications.models import Notification, Reminder
from tests import ledger
from tests.factories import Make, service_facts
from tests.http_client import ApiClient

S = ServiceRecordStatus
SHANGHAI = clock.SHANGHAI
# The year 2025 closes for entries on the tenth working day of 2026: 15 January (1 to 3 January are
# a holiday, the 4th is a working Sunday).
IN_TIME = datetime(2026, 1, 15, 12, tzinfo=SHANGHAI)
TOO_LATE = datetime(2026, 1, 16, 12, tzinfo=SHANGHAI)
SERVED = datetime(2025, 11, 8, 9, tzinfo=SHANGHAI)
NUMBER = "10000005555"
SLIP = {"name": "陈阿婆", "phone": NUMBER, "slip_no": "志-2026-017"}


class Scene:
    def __init__(self, session: Session, rules: RulePack, keys: Crypto, make: Make) -> None:
        self.session, self.rules, self.make = session, rules, make
        self.community = make.community()
        self.secretary = make.community_secretary(self.community)
        township = session.get_one(Area, self.community.township_id)
        self.street = make.officer(Role.STREET_OFFICER, township)
        self.actor = make.actor(make.member())
        self.elder: Member = make.member(
            name=SLIP["name"],
            phone_encrypted=keys.encrypt(NUMBER, purpose="member.phone"),
            phone_hash=keys.lookup(NUMBER, purpose="member.phone"),
        )

    def submit(self, begin: datetime) -> ServiceRecord:
        return service.submit(
            self.session,
            self.rules,
            actor=self.actor,
            said=service.Logging(community_code=self.community.code, facts=service_facts(begin)),
        )

    def waiting(self, actor: Actor) -> Sequence[ServiceRecord]:
        found = lists.listed(actor, decidable=True)
        return self.session.scalars(found, asked_by(actor)).all()

    def slip(self, **given: Any) -> dict[str, Any]:
        begin = clock.now() - timedelta(hours=3)
        facts = {
            "category": "care",
            "content": "看望邻居",
            "started_at": begin.isoformat(),
            "ended_at": (begin + timedelta(hours=1)).isoformat(),
        }
        return SLIP | facts | {"community_code": self.community.code} | given

    def late(self) -> ServiceRecord:
        with clock.at(TOO_LATE):
            return self.submit(SERVED)


@pytest.fixture
def scene(session: Session, rules: RulePack, keys: Crypto, make: Make) -> Scene:
    return Scene(session, rules, keys, make)


def test_within_ten_working_days_after_the_year_the_community_confirms(scene: Scene) -> None:
    with clock.at(IN_TIME):
        record = scene.submit(SERVED)
        service.confirm(scene.session, scene.rules, actor=scene.secretary, record_id=record.id)

    posting = scene.session.scalars(sa.select(Posting)).one()
    assert (record.late, posting.late) == (False, False)


def test_later_only_the_street_confirms_and_says_why(scene: Scene) -> None:
    record = scene.late()
    by = {"session": scene.session, "rules": scene.rules, "record_id": record.id}
    assert record.late
    with clock.at(TOO_LATE):
        with pytest.raises(Conflict, match="late_entry_closed"):
            service.confirm(**by, actor=scene.secretary, late_reason="忘了")
        with pytest.raises(Invalid) as refusal:
            service.confirm(**by, actor=scene.street)
        assert refusal.value.field == "late_reason"


def test_what_the_street_confirms_late_counts_as_late(scene: Scene) -> None:
    record = scene.late()
    with clock.at(TOO_LATE):
        by = {"session": scene.session, "actor": scene.street, "record_id": record.id}
        for _ in range(2):
            service.confirm(**by, rules=scene.rules, late_reason="名单遗漏，已核对签到表")
        with pytest.raises(Conflict, match="service_record_done_otherwise"):
            service.confirm(**by, rules=scene.rules, late_reason="另有原因")

    posting = scene.session.scalars(sa.select(Posting)).one()
    assert (record.status, posting.late) == (S.CONFIRMED, True)
    assert ledger.differences(scene.session, scene.rules) == []


def test_a_late_record_waits_with_the_street_and_no_longer_with_the_community(
    client: ApiClient, scene: Scene
) -> None:
    record = scene.late()
    scene.session.expunge_all()

    waiting = {
        actor: [r.id for r in scene.waiting(actor)] for actor in (scene.street, scene.secretary)
    }
    assert waiting == {scene.street: [record.id], scene.secretary: []}
    path = "/service-records?decidable=true"
    shown = client.request("GET", path, as_=scene.street, expect=200)["items"]
    assert [item["member"]["id"] for item in shown] == [scene.actor.member_id]
    told = scene.session.scalars(sa.select(Notification.account_id)).all()
    assert told == [scene.street.account_id]


def test_the_community_has_ten_working_days_and_is_reminded_on_the_last(scene: Scene) -> None:
    monday = datetime(2026, 11, 2, 10, tzinfo=SHANGHAI)
    with clock.at(monday):
        record = scene.submit(monday - timedelta(hours=2))
        assert f"{record.confirm_due_on:%m-%d}" == "11-16"
    with clock.at(datetime(2026, 11, 16, 9, 1, tzinfo=SHANGHAI)):
        due = reminders.take_due(scene.session)
        assert due is not None
        reminders.settle(scene.session, due, HANDLERS[due.kind])

    told = sa.select(Notification.body).where(
        Notification.account_id == scene.secretary.account_id,
        Notification.kind == "volunteering.deadline",
    )
    assert "今天（11月16日）内确认" in scene.session.scalars(told).one()


def test_nobody_is_reminded_of_what_was_confirmed(scene: Scene) -> None:
    record = scene.submit(clock.now() - timedelta(hours=3))
    service.confirm(scene.session, scene.rules, actor=scene.secretary, record_id=record.id)

    kept = sa.select(Reminder.status).where(Reminder.kind == "volunteering.confirmation_due")
    assert scene.session.scalars(kept).all() == ["dropped"]


def test_a_slip_entered_by_the_community_counts_like_any_other(
    client: ApiClient, scene: Scene
) -> None:
    made = client.request(
        "POST", "/assisted-service-records", as_=scene.secretary, json=scene.slip(), expect=201
    )

    assert (made["status"], made["channel"], made["slip_no"]) == (
        "confirmed",
        "assisted",
        SLIP["slip_no"],
    )
    posting = scene.session.scalars(sa.select(Posting)).one()
    assert (posting.subject_id, posting.amount) == (scene.elder.id, 60)
    assert ledger.differences(scene.session, scene.rules) == []


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        pytest.param({"name": "陈阿公"}, 404, "roster_no_match", id="another-name"),
        pytest.param({"phone": "10000006666"}, 404, "roster_no_match", id="another-number"),
        pytest.param({"phone": "12"}, 422, "unprocessable_entity", id="no-number"),
        pytest.param({"slip_no": ""}, 422, "unprocessable_entity", id="no-slip"),
    ],
)
def test_a_slip_that_names_nobody_exactly_enters_nothing(
    client: ApiClient, scene: Scene, given: dict[str, str], status: int, code: str
) -> None:
    path = "/assisted-service-records"
    slip = scene.slip(**given)
    answer = client.request("POST", path, as_=scene.secretary, json=slip, expect=status)

    assert answer["code"] == code
    assert NUMBER not in str(answer)
    assert scene.session.scalars(sa.select(ServiceRecord)).all() == []


def test_nobody_enters_a_slip_elsewhere_or_for_themselves(
    client: ApiClient, scene: Scene, keys: Crypto
) -> None:
    path = "/assisted-service-records"
    other = scene.make.community_secretary(scene.make.community())
    for actor in (other, scene.actor):
        client.request("POST", path, as_=actor, json=scene.slip(), expect=403)
    own = scene.session.get_one(Member, scene.secretary.member_id)
    own.phone_hash = keys.lookup("10000007777", purpose="member.phone")
    scene.session.flush()
    mine = scene.slip(name=own.name, phone="10000007777")
    client.request("POST", path, as_=scene.secretary, json=mine, expect=403)
    assert scene.session.scalars(sa.select(Posting)).all() == []


def test_a_slip_that_comes_too_late_is_entered_by_the_street_with_a_reason(
    client: ApiClient, scene: Scene
) -> None:
    path = "/assisted-service-records"
    with clock.at(TOO_LATE):
        slip = scene.slip(
            started_at=SERVED.isoformat(), ended_at=(SERVED + timedelta(hours=1)).isoformat()
        )
        closed = client.request("POST", path, as_=scene.secretary, json=slip, expect=409)
        assert closed["code"] == "late_entry_closed"
        client.request("POST", path, as_=scene.street, json=slip, expect=422)
        slip["late_reason"] = "纸质登记表年后才收到"
        made = client.request("POST", path, as_=scene.street, json=slip, expect=201)

    assert (made["late"], made["late_reason"]) == (True, "纸质登记表年后才收到")
