"""What is about to pass is seen beforehand by those it concerns, by nobody once it is settled."""

from datetime import date, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.capabilities import HANDLERS
from backend.core import clock
from backend.core.actor import Actor
from backend.ledger.rulepack import RulePack
from backend.support.notifications import reminders
from backend.support.notifications.models import Notification
from tests.backend.community.projects.scene import MONDAY, Yard
from tests.factories import Make
from tests.http_client import ApiClient


@pytest.fixture
def yard(client: ApiClient, session: Session, rules: RulePack, make: Make) -> Yard:
    return Yard(client, session, rules, make)


def remind(yard: Yard, moment: datetime) -> None:
    """Do what the job does at that moment."""
    with clock.at(moment):
        while (row := reminders.take_due(yard.session)) is not None:
            reminders.settle(yard.session, row, HANDLERS[row.kind])
            yard.session.flush()


def at(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(2026, month, day, hour, 1, tzinfo=clock.SHANGHAI)


def titles(yard: Yard, who: Actor) -> list[str]:
    mine = sa.select(Notification.title).where(Notification.account_id == who.account_id)
    return list(yard.session.scalars(mine.order_by(Notification.id)))


def test_the_community_is_reminded_on_the_last_day_for_an_answer(yard: Yard) -> None:
    with yard.day(MONDAY):
        yard.claim(yard.project(), yard.first)
        answered = yard.claim(yard.project(), yard.second)
        yard.step(answered, "acceptance", yard.secretary)
    remind(yard, at(11, 4, 20))
    assert "有认领今天到期" not in titles(yard, yard.secretary)
    remind(yard, at(11, 5))
    remind(yard, at(11, 5, 15))
    assert titles(yard, yard.secretary).count("有认领今天到期") == 1


def test_the_claimant_is_reminded_while_the_place_is_kept(yard: Yard) -> None:
    with yard.day(MONDAY):
        yard.claim(yard.project(), yard.first)
    with yard.day(date(2026, 11, 6)):
        yard.turn()
    remind(yard, at(11, 11))
    assert titles(yard, yard.first) == ["社区未按期答复", "名额保留到今天"]


def test_who_has_not_begun_is_reminded_before_the_place_is_released(yard: Yard) -> None:
    with yard.day(MONDAY):
        for who in (yard.first, yard.second):
            claim = yard.claim(yard.project(starts_on=date(2026, 11, 9)), who)
            yard.step(claim, "acceptance", yard.secretary)
    with yard.day(date(2026, 11, 10)):
        yard.step(claim, "start", yard.second)
    remind(yard, at(11, 20))
    remind(yard, at(11, 21))
    assert titles(yard, yard.first) == ["认领已接受", "认领的项目待开始"]
    assert titles(yard, yard.second) == ["认领已接受"]


def test_a_project_that_ends_soon_is_delivered_or_reminded_of(yard: Yard) -> None:
    with yard.day(MONDAY):
        project = yard.project(ends_on=date(2026, 11, 20), claim_deadline=at(11, 10))
        yard.begin(project, yard.first)
        delivered = yard.begin(project, yard.second)
        yard.deliver(delivered, yard.second)
    remind(yard, at(11, 18))
    assert titles(yard, yard.first)[-1] == "认领的项目即将结束"
    assert "认领的项目即将结束" not in titles(yard, yard.second)


def test_what_was_sent_back_is_reminded_of_again(yard: Yard) -> None:
    with yard.day(MONDAY):
        project = yard.project(ends_on=date(2026, 11, 20), claim_deadline=at(11, 10))
        claim = yard.begin(project, yard.first)
        yard.deliver(claim, yard.first)
        yard.step(claim, "return", yard.secretary, body={"reason": "还差北侧"})
    remind(yard, at(11, 18))
    assert titles(yard, yard.first)[-1] == "认领的项目即将结束"
