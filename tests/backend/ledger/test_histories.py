"""Whatever is posted, taken back, held, released, voided and exempted, under a clock that goes on:
the ledger is what is computed anew from what lies below it, masks and rollups included."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.db import Database
from backend.ledger import binding, service
from backend.ledger.changes import one_change
from backend.ledger.service import Source
from backend.ledger.subjects import Subject
from backend.people.areas.models import Area
from tests.backend.ledger import book
from tests.backend.ledger.book import FACTS, POSTED, RULES, Book, street
from tests.factories import Make
from tests.random_cases import cases

# Before a rule begins, before New Year, and in a leap year.
BEGINS = st.sampled_from(
    [date(2026, 2, 20), date(2026, 11, 25), date(2026, 12, 28), date(2028, 2, 26)]
)
ACTS = (
    *("post", "post", "hold", "day", "reverse", "release") * 2,
    *("void", "exempt", "end_exemption", "rebind", "closed", "again", "leap", "step"),
)
# An act, whom it concerns, which kind or source (modulo what there is), by how many days.
EVENTS = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 2), st.integers(0, 9), st.integers(-40, 40)),
    min_size=5,
    max_size=30,
)


class History:
    """Three streets and a district; what happens to them, day after day."""

    def __init__(self, session: Session, database: Database, areas: Sequence[Area]) -> None:
        self.session, self.database, self.book = session, database, Book(session, RULES)
        self.areas = areas
        self.subjects = [street(one.id) for one in self.areas]
        self.posted: list[Source] = []
        self.held: list[tuple[str, Subject, Source, date]] = []
        self.exempt: list[tuple[Subject, Source, date]] = []
        for kind, subject in (("named", 0), ("held", 0), ("held", 1)):
            self._hold(self.subjects[subject], FACTS.index(kind), date(2025, 5, 1))
        book.bind(session, RULES)

    def take(self, act: str, who: int, which: int, days: int) -> None:
        subject, day = self.subjects[who], clock.today() + timedelta(days=days)
        steps: dict[str, Callable[[Subject, int, date], Any]] = {
            "post": self._post, "again": self._again, "reverse": self._reverse,
            "hold": self._hold, "release": self._release, "void": self._void,
            "exempt": self._exempt, "end_exemption": self._end_exemption,
            "closed": self._close, "rebind": self._rebind, "step": self._step,
        }  # fmt: skip
        if act in steps:
            steps[act](subject, which, day)

    def _post(self, subject: Subject, which: int, day: date) -> None:
        kind = POSTED[which % len(POSTED)]
        day = min(day, clock.today())
        self.posted.append(self.book.post(kind, subject, day, amount=10 * which))

    def _again(self, subject: Subject, which: int, day: date) -> None:
        """The same occasion once more, from another source."""
        kind, day = POSTED[which % len(POSTED)], min(day, clock.today())
        for _ in range(2):
            self.posted.append(self.book.post(kind, subject, day, occasion=str(day), amount=20))

    def _reverse(self, _subject: Subject, which: int, _day: date) -> None:
        if self.posted:
            source = self.posted[which % len(self.posted)]
            service.reverse(self.session, RULES, source)

    def _hold(self, subject: Subject, which: int, day: date) -> None:
        kind = FACTS[which % len(FACTS)]
        self.held.append((kind, subject, self.book.hold(kind, subject, day), day))

    def _release(self, _subject: Subject, which: int, day: date) -> None:
        if self.held:
            kind, subject, source, _ = self.held[which % len(self.held)]
            service.release(self.session, RULES, kind, subject, source, ends_on=day)

    def _void(self, _subject: Subject, which: int, _day: date) -> None:
        if self.held:
            kind, subject, source, _ = self.held.pop(which % len(self.held))
            service.void(self.session, RULES, kind, subject, source)

    def _exempt(self, subject: Subject, which: int, day: date) -> None:
        source = self.book.source()
        ids = [rule.id for rule in RULES.rules][: which + 1]
        service.exempt(self.session, RULES, ids, subject, source, starts_on=day)
        self.exempt.append((subject, source, day))

    def _end_exemption(self, _subject: Subject, which: int, day: date) -> None:
        if self.exempt:
            subject, source, first = self.exempt.pop(which % len(self.exempt))
            ids = [rule.id for rule in RULES.rules]
            service.end_exemption(self.session, RULES, ids, subject, source,
                                  starts_on=first, ends_on=max(first, day))  # fmt: skip

    def _close(self, subject: Subject, _which: int, _day: date) -> None:
        """An area is closed, or opened again: a scope changes, in the transaction that says so."""
        area = next(one for one in self.areas if one.id == subject.id)
        area.valid_to = None if area.valid_to else clock.today()
        self.session.flush()
        binding.rebind(self.session, RULES, [subject])

    def _step(self, subject: Subject, which: int, day: date) -> None:
        """Several things at once, as the steps of a capability write them."""
        with one_change(self.session, RULES):
            self._reverse(subject, which, day)
            self._post(subject, which, day)
            self._release(subject, which, day)
            self._hold(subject, which, day)
            self._exempt(subject, which, day)

    def _rebind(self, subject: Subject, _which: int, _day: date) -> None:
        binding.rebind(self.session, RULES, [subject])

    def turn(self) -> None:
        """What the job does at five past midnight."""
        self.session.flush()
        binding.turn_day(self.database, RULES)
        binding.rebind_all(self.database, RULES, binding.open_years())

    def check(self) -> None:
        self.session.expire_all()
        assert book.differences(self.session, RULES) == []


# How far the clock goes on: some days, or as long as a worker may have been away.
def _later(act: str, which: int) -> timedelta:
    return timedelta(days=which + 1 if act == "day" else 6 * which)


def test_the_ledger_is_what_its_sources_say_whatever_happens(
    database: Database, make: Make, session: Session
) -> None:
    district = make.district()
    areas = [make.township(district) for _ in range(3)]

    @cases(12)
    @given(begin=BEGINS, events=EVENTS)
    def try_history(begin: date, events: list[tuple[str, int, int, int]]) -> None:
        with session.begin_nested() as undone, ExitStack() as clocks:
            now = datetime.combine(begin, time(9), clock.SHANGHAI)
            clocks.enter_context(clock.at(now))
            history = History(session, database, areas)
            for act, who, which, days in events:
                if act in {"day", "leap"}:
                    now += _later(act, which)
                    clocks.enter_context(clock.at(now))
                    history.turn()
                else:
                    history.take(act, who, which, days)
                history.check()
            undone.rollback()
        session.expire_all()

    try_history()


@pytest.mark.parametrize(
    "wrong",
    [
        "UPDATE duty_year SET done = 1 WHERE rule_id = 'quarterly'",
        "UPDATE duty_year SET owed = 7 WHERE rule_id = 'quarterly'",
        "UPDATE duty_year SET exempt = true WHERE rule_id = 'quarterly'",
        "UPDATE duty_year SET place_id = NULL WHERE rule_id = 'quarterly'",
        "UPDATE rollup SET subjects = subjects + 1 WHERE rule_id = 'quarterly'",
        "DELETE FROM duty_year WHERE rule_id = 'quarterly'",
    ],
)
def test_the_check_finds_what_is_wrong_in_a_year(session: Session, make: Make, wrong: str) -> None:
    make.township()
    book.bind(session, RULES)
    assert book.differences(session, RULES) == []

    session.execute(sa.text(wrong))

    assert book.differences(session, RULES) != []
