"""Years that are made by set are those that come of stating each: whatever is posted and held."""

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.db import Database
from backend.ledger import binding, making, rebuild, service
from backend.ledger.duty_years import Judge
from backend.ledger.models import DutyYear
from backend.people.areas.models import Area
from tests.backend.ledger import book
from tests.backend.ledger.book import FACTS, POSTED, RULES, Book, street
from tests.factories import Make
from tests.random_cases import cases

# In December, when next year's are made, and in the middle of a year.
DAYS = st.sampled_from([date(2026, 12, 20), date(2027, 7, 2), date(2028, 12, 31)])
# What is so of a street: posted or held or exempt, which kind, how many days ago.
STATES = st.lists(
    st.tuples(
        st.integers(0, 4), st.sampled_from(["post", "hold", "exempt"]), st.integers(0, 9),
        st.integers(-40, 500),
    ),
    max_size=15,
)  # fmt: skip


@pytest.fixture
def areas(make: Make) -> list[Area]:
    district = make.district()
    return [make.township(district) for _ in range(5)]


def write(session: Session, areas: list[Area], states: list[tuple[int, str, int, int]]) -> None:
    written = Book(session, RULES)
    for who, what, which, ago in states:
        subject, day = street(areas[who].id), clock.today() - timedelta(days=ago)
        if what == "post":
            written.post(POSTED[which % len(POSTED)], subject, day, amount=10 * which)
        elif what == "hold":
            written.hold(FACTS[which % len(FACTS)], subject, day)
        else:
            ids = [rule.id for rule in RULES.rules][which % 5 :]
            service.exempt(session, RULES, ids, subject, written.source(), starts_on=day)


def empty(session: Session, *, but: int | None = None) -> None:
    """Let there be no years, or only those of one subject."""
    session.execute(sa.delete(DutyYear).where(DutyYear.subject_id.is_distinct_from(but)))
    session.execute(sa.text("DELETE FROM rollup"))
    left = sa.text(
        "INSERT INTO rollup (rule_id, year, place_id, done, owed, exempt, subjects)"
        " SELECT rule_id, year, place_id, done, owed, exempt, count(*) FROM duty_year"
        " WHERE place_id IS NOT NULL AND owed > 0 GROUP BY 1, 2, 3, 4, 5, 6"
    )
    session.execute(left)


def test_years_made_anew_are_as_they_were_stated(
    database: Database, session: Session, areas: list[Area], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(binding, "BATCH", 3)
    monkeypatch.setattr(binding, "BATCH_OF_NEW", 2)

    @cases(40)
    @given(day=DAYS, states=STATES, one_is_there=st.booleans())
    def try_states(
        day: date, states: list[tuple[int, str, int, int]], *, one_is_there: bool
    ) -> None:
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=clock.SHANGHAI)
        with session.begin_nested() as undone, clock.at(noon):
            book.bind(session, RULES)
            write(session, areas, states)
            stated = open_years_of(session)
            empty(session, but=areas[2].id if one_is_there else None)

            made = binding.rebind_all(database, RULES, binding.open_years())

            session.expire_all()
            assert made > 0
            assert open_years_of(session) == stated
            assert book.differences(session, RULES) == []
            undone.rollback()
        session.expire_all()

    try_states()


def open_years_of(session: Session) -> rebuild.Rows:
    session.flush()
    found = rebuild.stored_duty_years(session)
    return {key: row for key, row in found.items() if key[3] in binding.open_years()}


def test_who_is_bound_otherwise_than_it_was_looked_up_is_stated_as_it_is(
    session: Session, areas: list[Area], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody wrote since when a subject is bound after that was read."""
    look = making._look

    def look_too_early(*given: object) -> object:
        sinces, months, holdings = look(*given)  # type: ignore[arg-type]
        earlier = {(id_, date(2020, 1, 1)): held for (id_, _), held in holdings.items()}
        return sinces, months, earlier

    monkeypatch.setattr(making, "_look", look_too_early)
    named = areas[0]
    book.bind(session, RULES)
    write(session, areas, [(0, "hold", 3, 30), (0, "hold", 0, 20)])
    stated = open_years_of(session)
    empty(session)

    book.bind(session, RULES)

    assert open_years_of(session) == stated
    assert Book(session, RULES).row("stands", street(named.id))[1:3] == (1, 1)
    assert book.differences(session, RULES) == []


def test_a_span_makes_the_years_of_no_others(session: Session, areas: list[Area]) -> None:
    rule, year = RULES.by_id["quarterly"], clock.today().year
    session.flush()
    judge = Judge(RULES)
    ids = sorted(area.id for area in areas)

    made = making.make(session, judge, rule, year, making.Span(ids[1], ids[3]))
    again = making.make(session, judge, rule, year, making.Span(ids[0], ids[3]))

    there = session.scalars(sa.select(DutyYear.subject_id).order_by(DutyYear.subject_id)).all()
    assert (made, again) == (3, 1)
    assert there == ids[:4]
