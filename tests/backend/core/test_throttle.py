"""So many misses in a while: many at once are no more than many in a row."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.db import Database
from backend.core.errors import TooFast
from backend.core.throttle import Misses, Throttle

THROTTLE = Throttle("of_the_tests", 5, timedelta(minutes=10))


def passes(session: Session, who: str = "somebody") -> bool:
    try:
        THROTTLE.take(session, who)
    except TooFast:
        return False
    return True


def test_of_many_at_once_no_more_pass_than_are_allowed(committed: Database) -> None:
    def ask(_number: int) -> bool:
        try:
            with committed.transaction() as session:
                THROTTLE.take(session, "somebody")
        except TooFast:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        answered = list(pool.map(ask, range(40)))

    assert sum(answered) == THROTTLE.misses


def test_after_the_while_the_count_begins_anew(session: Session) -> None:
    start = clock.now()
    with clock.at(start):
        assert [passes(session) for _ in range(6)] == [True] * 5 + [False]
    for window in (1, 2, 3):
        with clock.at(start + window * (THROTTLE.within + timedelta(seconds=1))):
            assert [passes(session) for _ in range(6)] == [True] * 5 + [False]


def test_the_while_begins_with_the_first_and_not_with_the_last(session: Session) -> None:
    start = clock.now()
    for minute in range(5):
        with clock.at(start + timedelta(minutes=minute)):
            assert passes(session)

    with clock.at(start + timedelta(minutes=9, seconds=59)):
        assert not passes(session)
    with clock.at(start + timedelta(minutes=10, seconds=1)):
        assert passes(session)


def test_a_clock_that_is_set_back_holds_nobody_up_for_long(session: Session) -> None:
    start = clock.now()
    with clock.at(start + timedelta(minutes=6)):
        for _ in range(5):
            passes(session)
    with clock.at(start), pytest.raises(TooFast) as refusal:
        THROTTLE.take(session, "somebody")
    assert refusal.value.retry_after_seconds <= 600
    assert "10分钟" in refusal.value.message

    with clock.at(start - timedelta(days=40)):
        assert passes(session)


def test_what_was_found_is_given_back_and_leaves_no_trace(session: Session) -> None:
    for _ in range(20):
        assert passes(session)
        THROTTLE.give_back(session, "somebody")

    assert session.scalars(sa.select(Misses)).all() == []
