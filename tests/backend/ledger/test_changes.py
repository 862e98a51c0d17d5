"""What one step writes for its subjects: each change states the years it touches once."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core import clock
from backend.ledger import service
from backend.ledger.changes import one_change
from backend.ledger.subjects import Subject
from tests.backend.ledger import book
from tests.backend.ledger.book import RULES, Book, street
from tests.factories import Make
from tests.miniprogram_api.test_statements import counted


@pytest.fixture
def subject(session: Session, make: Make) -> Subject:
    found = street(make.township().id)
    book.bind(session, RULES)
    return found


def stated(statements: list[str]) -> tuple[int, int]:
    """Return how often duty years were stated, and rollups after them."""
    began = [" ".join(one.split()[:3]) for one in statements]
    return began.count("UPDATE duty_year AS"), began.count("INSERT INTO rollup")


def test_a_change_states_each_year_once(
    session: Session, connection: sa.Connection, subject: Subject
) -> None:
    written = Book(session, RULES)
    today = clock.today()

    with counted(connection) as statements, one_change(session, RULES):
        written.post("done", subject, today)
        written.hold("stands", subject, today)
        written.hold("held", subject, today)
        written.post("done", subject, today)

    assert stated(statements) == (1, 1)
    assert written.row("twice", subject)[1:3] == (0b11, 0b11)
    assert book.differences(session, RULES) == []


def test_what_is_posted_and_taken_back_in_one_change_leaves_nothing(
    session: Session, subject: Subject
) -> None:
    written = Book(session, RULES)
    before = written.row("quarterly", subject)

    with one_change(session, RULES):
        source = written.post("done", subject, clock.today())
        service.reverse(session, RULES, source)

    assert written.row("quarterly", subject) == before
    assert book.differences(session, RULES) == []


def test_a_change_within_another_is_part_of_it(
    session: Session, connection: sa.Connection, subject: Subject
) -> None:
    written = Book(session, RULES)

    with counted(connection) as inside, one_change(session, RULES), one_change(session, RULES):
        written.post("done", subject, clock.today())
    with counted(connection) as afterwards:
        written.post("done", subject, clock.today())

    assert (stated(inside), stated(afterwards)) == ((1, 1), (1, 1))


def test_what_follows_a_change_that_failed_is_a_change_of_its_own(
    session: Session, subject: Subject
) -> None:
    written = Book(session, RULES)

    def hold_twice() -> None:
        """A second open fact of the same source."""
        source, today = written.source(), clock.today()
        with session.begin_nested(), one_change(session, RULES):
            for _ in range(2):
                service.hold(session, RULES, "stands", subject, source, starts_on=today)

    with pytest.raises(sa.exc.IntegrityError):
        hold_twice()
    written.post("done", subject, clock.today())

    assert written.row("quarterly", subject)[1] > 0
    assert book.differences(session, RULES) == []


def test_who_is_bound_by_what_a_change_holds_is_so_at_its_end(
    session: Session, subject: Subject
) -> None:
    written = Book(session, RULES)
    assert written.row("stands", subject) is None

    with one_change(session, RULES):
        service.hold_again(session, RULES, "named", subject, written.source())
        written.hold("stands", subject, clock.today())

    assert written.row("stands", subject)[1:3] == (1, 1)
    assert book.differences(session, RULES) == []
