"""The day turns in Shanghai: facts begin and end, years begin, with the job and before it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.actor import Actor, Role
from backend.core.db import Database
from backend.figures.cells import Counts
from backend.figures.rates import rates
from backend.ledger import reading, service, tasks
from backend.ledger.models import DutyYear, Tally
from backend.ledger.verdicts import Verdict, judge
from tests.backend.ledger import book
from tests.backend.ledger.book import RULES, Book, street
from tests.factories import Make

V = Verdict
STANDS = RULES.by_id["stands"]


def at(text: str) -> Any:
    """Let a block happen at a moment of Shanghai."""
    return clock.at(datetime.fromisoformat(text).replace(tzinfo=clock.SHANGHAI))


class Scene:
    """A street that is named, and owes what stands."""

    def __init__(self, session: Session, database: Database, make: Make) -> None:
        self.session, self.database, self.book = session, database, Book(session, RULES)
        self.city = make.city()
        self.street = make.township()
        self.subject = street(self.street.id)
        self.officer = Actor(0, grants=make.officer(Role.CITY_OFFICER, self.city).grants)

    def turn(self) -> None:
        self.session.flush()
        context: Any = SimpleNamespace(
            additional_context={"database": self.database, "rules": RULES}
        )
        tasks.turn_day.func(context, 0)

    def verdict(self) -> Verdict:
        """Return what the subject itself is told, whatever is stored."""
        year = clock.today().year
        state = reading.state_of(self.session, [STANDS], [self.subject], year)
        ledger = state.ledger(STANDS, self.subject)
        assert ledger is not None
        return judge(STANDS, RULES.counting, today=clock.today(), ledger=ledger).verdict

    def counts(self, rule_id: str = "stands") -> Counts | None:
        year, code = clock.today().year, self.city.code
        return rates(
            self.session, RULES, actor=self.officer, area_code=code, rule_id=rule_id, year=year
        ).total.counts

    def check(self) -> None:
        assert book.differences(self.session, RULES) == []


@pytest.fixture
def scene(session: Session, database: Database, make: Make) -> Scene:
    with at("2026-03-01T09:00"):
        found = Scene(session, database, make)
        found.book.hold("named", found.subject, date(2026, 1, 1))
        found.turn()
    return found


MET, OVERDUE = Counts(1, met=1), Counts(1, overdue=1)


def test_what_begins_tomorrow_is_met_at_midnight_and_counted_when_the_day_has_turned(
    scene: Scene,
) -> None:
    with at("2026-03-10T23:59"):
        scene.book.hold("stands", scene.subject, date(2026, 3, 11))
        assert (scene.verdict(), scene.counts()) == (V.OVERDUE, OVERDUE)
        scene.check()
    with at("2026-03-11T00:00"):
        assert scene.verdict() is V.MET
        scene.turn()
        assert scene.counts() == MET
        scene.check()


def test_what_ends_tomorrow_is_met_to_the_end_of_the_day(scene: Scene) -> None:
    with at("2026-03-10T12:00"):
        source = scene.book.hold("stands", scene.subject, date(2026, 2, 1))
        service.release(
            scene.session, RULES, "stands", scene.subject, source, ends_on=date(2026, 3, 11)
        )
        assert (scene.verdict(), scene.counts()) == (V.MET, MET)
    with at("2026-03-10T23:59"):
        assert scene.verdict() is V.MET
    with at("2026-03-11T00:00"):
        assert scene.verdict() is V.OVERDUE
        scene.turn()
        assert scene.counts() == OVERDUE
        scene.check()


@pytest.mark.parametrize("days", [1, 10, 45])
def test_a_worker_that_was_away_catches_up(scene: Scene, days: int) -> None:
    with at("2026-03-10T12:00"):
        source = scene.book.hold("stands", scene.subject, date(2026, 3, 11))
        scene.book.hold("more", scene.subject, date(2026, 3, 12))
        service.release(
            scene.session, RULES, "stands", scene.subject, source, ends_on=date(2026, 3, 13)
        )
        scene.book.hold("stands", scene.subject, date(2026, 3, 13))
        assert scene.counts() == OVERDUE
    back = datetime.combine(date(2026, 3, 13) + timedelta(days=days), time(9), clock.SHANGHAI)
    with clock.at(back):
        scene.turn()
        assert scene.counts() == MET
        scene.check()


def test_who_holds_a_fact_from_tomorrow_on_is_bound_when_the_day_has_turned(
    scene: Scene, make: Make
) -> None:
    other = street(make.township().id)
    with at("2026-03-10T12:00"):
        scene.book.hold("named", other, date(2026, 3, 11))
        assert scene.book.row("stands", other) is None
        scene.check()
    with at("2026-03-11T00:05"):
        scene.turn()
        assert scene.book.row("stands", other) == (other.id, 0, 1, False)
        scene.check()


@contextmanager
def years_then(scene: Scene, moment: str) -> Iterator[set[int]]:
    with at(moment):
        scene.turn()
        yield set(scene.session.scalars(sa.select(DutyYear.year).distinct()))


def test_december_makes_the_rows_of_the_next_year_and_november_does_not(scene: Scene) -> None:
    with years_then(scene, "2026-11-30T23:59") as years:
        assert years == {2026}
    with years_then(scene, "2026-12-01T00:05") as years:
        assert years == {2026, 2027}
        scene.check()


def test_on_new_years_day_the_figures_are_there_before_the_job(scene: Scene) -> None:
    with at("2026-12-05T09:00"):
        scene.turn()
    with at("2026-12-20T09:00"):
        scene.book.hold("stands", scene.subject, date(2027, 1, 1))
        scene.book.post("done", scene.subject, date(2026, 12, 20))
        assert (scene.verdict(), scene.counts()) == (V.OVERDUE, OVERDUE)
    with clock.at(datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC)):
        assert clock.today() == date(2026, 12, 31)
        assert scene.counts() == OVERDUE
    with clock.at(datetime(2026, 12, 31, 16, 0, tzinfo=UTC)):
        assert clock.today() == date(2027, 1, 1)
        assert (scene.verdict(), scene.counts()) == (V.MET, MET)
        # Of what was posted last year nothing counts; the quarter has begun, nothing is overdue.
        assert scene.counts("quarterly") == Counts(2, on_the_way=2)  # the other is the officer's
        scene.check()
        scene.turn()
        scene.check()


def test_what_happened_before_midnight_is_of_that_month_whenever_it_is_entered(
    scene: Scene,
) -> None:
    with clock.at(datetime(2028, 2, 28, 16, 30, tzinfo=UTC)):
        assert clock.today() == date(2028, 2, 29)
        scene.turn()
        scene.book.post("done", scene.subject, clock.today())
    with clock.at(datetime(2028, 2, 29, 16, 0, tzinfo=UTC)):
        assert clock.today() == date(2028, 3, 1)
        scene.book.post("done", scene.subject, date(2028, 2, 29))
        months = scene.session.execute(sa.select(Tally.month, Tally.occasions)).all()
        assert months == [(date(2028, 2, 1), 2)]
        assert scene.book.row("quarterly", scene.subject).done == 0b0001
        scene.check()


def test_an_exemption_ends_with_its_last_day(scene: Scene) -> None:
    source = scene.book.source()
    with at("2026-04-10T09:00"):
        service.exempt(
            scene.session, RULES, ["stands"], scene.subject, source, starts_on=date(2026, 4, 10)
        )
        service.end_exemption(
            scene.session,
            RULES,
            ["stands"],
            scene.subject,
            source,
            starts_on=date(2026, 4, 10),
            ends_on=date(2026, 4, 12),
        )
        assert (scene.verdict(), scene.counts()) == (V.EXEMPT, Counts(1, exempt=1))
    with at("2026-04-11T23:59"):
        scene.turn()
        assert scene.counts() == Counts(1, exempt=1)
    with at("2026-04-12T00:00"):
        assert scene.verdict() is V.OVERDUE
        scene.turn()
        assert scene.counts() == OVERDUE
        scene.check()
