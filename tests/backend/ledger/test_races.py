"""Those who write the ledger at once, each in a real transaction: nothing is lost, nobody waits for
long, and what is stored is what comes of what was posted."""

import itertools
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.crypto import Crypto
from backend.core.db import Database
from backend.ledger import binding, duty_years, making, service
from backend.ledger.models import DutyYear, Rollup, SubjectKind, Tally
from backend.ledger.service import Entry, Source
from backend.ledger.subjects import Subject
from backend.people.organizations.models import Unit, UnitKind
from tests.backend.ledger import book
from tests.backend.ledger.made_up import check, rule
from tests.backend.test_races import Step, meet
from tests.factories import Make

# Two rules for units of a community, which stand in the same rollup.
ORGAN = {"subject": SubjectKind.UNIT, "scope": ["organ_unit"]}
RULES = book.pack(
    rule(check(period="quarter"), id="quarterly", **ORGAN),
    rule(check(kinds=["done", "other"], threshold=2), id="yearly", **ORGAN),
)
# The longest anybody may wait beside a batch that gives way, on a machine that others use, too.
PATIENCE = 3.0


class Yard:
    """Three organs in one community, bound; their ledger is written in real transactions."""

    def __init__(self, database: Database, session: Session, make: Make) -> None:
        self.database, self.session = database, session
        community = make.community()
        self.units = [make.unit(community) for _ in range(3)]
        self.subjects = [Subject(SubjectKind.UNIT, unit.id) for unit in self.units]
        self.community_id = community.id
        book.bind(session, RULES)
        session.commit()

    def post(self, number: int, source: int, kind: str = "done") -> Step:
        return lambda session: service.post(session, RULES, self.entry(number, source, kind))

    def entry(self, number: int, source: int, kind: str) -> Entry:
        today = clock.today()
        origin = Source(book.SOURCE, source)
        return Entry(kind, self.subjects[number], origin, today, today, f"made_up:{source}")

    def unbind(self, *numbers: int) -> Step:
        """Let units be organs no more, as whoever changes them does."""

        def act(session: Session) -> int:
            self.turn_into(session, UnitKind.ENTERPRISE, *numbers)
            return binding.rebind(session, RULES, [self.subjects[number] for number in numbers])

        return act

    def turn_into(self, session: Session, kind: UnitKind, *numbers: int) -> None:
        ids = [self.units[number].id for number in numbers]
        session.execute(sa.update(Unit).where(Unit.id.in_(ids)).values(kind=kind))

    def done(self, rule_id: str, number: int) -> int | None:
        """Return the bits done in this year; None: the rule does not bind the unit."""
        with self.database.transaction() as session:
            return session.scalar(
                sa.select(DutyYear.done).where(
                    DutyYear.rule_id == rule_id,
                    DutyYear.subject_id == self.subjects[number].id,
                    DutyYear.year == clock.today().year,
                    DutyYear.place_id.is_not(None),
                )
            )

    def check(self) -> None:
        with self.database.transaction() as session:
            assert book.differences(session, RULES) == []


@pytest.fixture
def yard(committed: Database, keys: Crypto) -> Iterator[Yard]:
    with committed.transaction() as session:
        yield Yard(committed, session, Make(session, keys))


def this_quarter() -> int:
    return 1 << (clock.today().month - 1) // 3


def test_two_who_post_for_one_subject_at_once_both_count(yard: Yard) -> None:
    _, rival = meet(yard.database, yard.post(0, 1), yard.post(0, 2))

    assert rival.exception() is None
    assert (yard.done("quarterly", 0), yard.done("yearly", 0)) == (this_quarter(), 1)
    yard.check()


def test_a_posting_and_its_reversal_meet_and_nothing_is_left(yard: Yard) -> None:
    with yard.database.transaction() as session:
        yard.post(0, 1)(session)
    _, rival = meet(
        yard.database,
        lambda session: service.reverse(session, RULES, Source(book.SOURCE, 1)),
        yard.post(0, 2),
    )

    assert rival.exception() is None
    assert (yard.done("quarterly", 0), yard.done("yearly", 0)) == (this_quarter(), 0)
    yard.check()


def test_what_no_rule_looks_at_is_counted_twice_when_it_is_posted_twice_at_once(
    yard: Yard,
) -> None:
    _, rival = meet(yard.database, yard.post(0, 1, "theme_day"), yard.post(0, 2, "theme_day"))

    assert rival.exception() is None
    with yard.database.transaction() as session:
        assert session.scalars(sa.select(Tally.occasions)).all() == [2]
    yard.check()


@pytest.mark.parametrize("first", ["scope", "posting"])
def test_a_change_of_scope_and_a_posting_meet(yard: Yard, first: str) -> None:
    steps = [yard.unbind(0), yard.post(0, 1)]
    _, rival = meet(yard.database, *(steps if first == "scope" else reversed(steps)))

    assert rival.exception() is None
    assert yard.done("quarterly", 0) is None
    yard.check()


def test_who_is_bound_again_beside_a_first_posting_has_it_counted(yard: Yard) -> None:
    with yard.database.transaction() as session:
        yard.turn_into(session, UnitKind.ENTERPRISE, 0)
        session.flush()
        session.execute(sa.delete(DutyYear).where(DutyYear.subject_id == yard.subjects[0].id))
        session.execute(sa.text("DELETE FROM rollup"))
    with yard.database.transaction() as session:
        binding.rebind(session, RULES, yard.subjects)

    def bind_again(session: Session) -> int:
        yard.turn_into(session, UnitKind.CITY_ORGAN, 0)
        return binding.rebind(session, RULES, [yard.subjects[0]])

    _, rival = meet(yard.database, yard.post(0, 1), bind_again)

    assert rival.exception() is None
    assert yard.done("quarterly", 0) == this_quarter()


def test_a_change_of_scope_of_several_waits_for_who_posts_and_nobody_is_sent_away(
    yard: Yard,
) -> None:
    """The change holds no rollup while it waits for a subject that somebody writes for."""
    _, rival = meet(yard.database, yard.post(2, 1), yard.unbind(0, 1, 2))

    assert rival.exception() is None
    assert [yard.done("quarterly", number) for number in range(3)] == [None] * 3
    yard.check()


@contextmanager
def rebinding(yard: Yard, *years: int) -> Iterator[None]:
    """Bind everybody anew in another thread, beside the block; see it come to its end."""
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(binding.rebind_all, yard.database, RULES, years)
        yield
        assert done.result(timeout=30) > 0


def see_somebody_wait(database: Database) -> None:
    for _ in range(500):
        with database.transaction() as session:
            if session.scalar(sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
                return
        time.sleep(0.02)
    pytest.fail("nobody waits")


def test_new_year_gives_way_to_who_confirms(yard: Yard) -> None:
    """Somebody holds one of the batch's subjects for long: others are not held up by the batch."""
    with yard.database.transaction() as session:
        yard.turn_into(session, UnitKind.ENTERPRISE, 0, 1, 2)
    year = clock.today().year
    with yard.database.transaction() as slow:
        duty_years.lock(slow, RULES.rules, [yard.subjects[2]], year)
        with rebinding(yard, year):
            see_somebody_wait(yard.database)
            began = time.monotonic()
            with yard.database.transaction() as quick:
                yard.post(0, 2)(quick)
            waited = time.monotonic() - began
            yard.post(2, 1)(slow)
            slow.commit()

    assert waited < PATIENCE
    assert [yard.done("quarterly", number) for number in range(3)] == [None] * 3
    yard.check()


def test_next_years_rows_are_made_beside_a_confirmation(yard: Yard) -> None:
    year = clock.today().year + 1
    with yard.database.transaction() as slow:
        yard.post(1, 1)(slow)
        slow.flush()
        with rebinding(yard, year):
            pass  # it has come to its end although somebody writes for this year
        slow.commit()

    with yard.database.transaction() as session:
        made = session.scalars(sa.select(DutyYear.owed).where(DutyYear.year == year)).all()
    assert sorted(made) == [0b1] * 3 + [0b1111] * 3


def test_a_fact_that_begins_while_next_years_rows_are_made_is_in_them(
    yard: Yard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in December: the row of next year is made by whoever comes first; the other waits."""
    year = clock.today().year
    monkeypatch.setattr(binding, "open_years", lambda: (year, year + 1))
    kind, source = "exemption_yearly", Source(book.SOURCE, 1)

    def exempt(session: Session) -> None:
        service.hold(session, RULES, kind, yard.subjects[1], source, starts_on=date(year, 1, 1))

    def make_rows(session: Session) -> int:
        return binding.rebind_year(session, RULES, year + 1)

    _, rival = meet(yard.database, exempt, make_rows)

    assert rival.exception() is None
    with yard.database.transaction() as session:
        free = sa.select(DutyYear.subject_id, DutyYear.year).where(DutyYear.exempt)
        found = session.execute(free.order_by(DutyYear.year)).all()
    assert found == [(yard.subjects[1].id, year), (yard.subjects[1].id, year + 1)]
    yard.check()


def test_a_rebind_of_all_beside_many_confirmations_leaves_a_clean_ledger(yard: Yard) -> None:
    with yard.database.transaction() as session:
        yard.turn_into(session, UnitKind.ENTERPRISE, 1)

    def confirm(number: int) -> float:
        began = time.monotonic()
        with yard.database.transaction() as session:
            yard.post(number % 3, number)(session)
        return time.monotonic() - began

    with rebinding(yard, clock.today().year), ThreadPoolExecutor(4) as pool:
        waited = list(pool.map(confirm, range(1, 31)))

    assert max(waited) < PATIENCE
    yard.check()


def test_two_rules_of_a_year_are_made_at_once(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each has written its rows and counted them where the other does, before either commits."""
    both, make, year = Barrier(2), making.make, clock.today().year + 1

    def make_beside(*given: Any) -> int:
        made = make(*given)
        both.wait(timeout=30)
        return made

    monkeypatch.setattr(binding, "open_years", lambda: (year - 1, year))
    monkeypatch.setattr(making, "make", make_beside)

    assert binding.rebind_all(yard.database, RULES, [year]) == len(RULES.rules) * 3
    yard.check()


def test_a_run_that_was_killed_can_be_run_again(
    yard: Yard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it had committed stays, what it had not is nowhere, and the next run makes the rest."""
    make, year, calls = making.make, clock.today().year + 1, itertools.count(1)
    monkeypatch.setattr(binding, "open_years", lambda: (year - 1, year))

    def make_until_it_is_killed(session: Session, *given: Any) -> int:
        made = make(session, *given)
        if next(calls) == 4:
            session.execute(sa.text("SELECT pg_terminate_backend(pg_backend_pid())"))
        return made

    with monkeypatch.context() as small:
        small.setattr(binding, "BATCH_OF_NEW", 1)
        small.setattr(making, "make", make_until_it_is_killed)
        with pytest.raises(sa.exc.OperationalError):
            binding.rebind_all(yard.database, RULES, [year])
    with yard.database.transaction() as session:
        there = session.scalars(sa.select(DutyYear.rule_id).where(DutyYear.year == year)).all()
        counted = session.scalar(sa.select(sa.func.sum(Rollup.subjects)).filter_by(year=year))

    wanted = len(RULES.rules) * 3
    assert 3 <= len(there) < wanted
    assert counted == len(there)
    assert binding.rebind_all(yard.database, RULES, [year]) == wanted - len(there)
    assert binding.rebind_all(yard.database, RULES, [year]) == 0
    yard.check()
