"""What is dear is done a few at a time, and one asker never has all places."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from backend.core.places import NoPlace, Places


@contextmanager
def held(places: Places, *who: str) -> Iterator[None]:
    """Have these askers keep a place each."""
    if not who:
        yield
        return
    with places.one(who[0]), held(places, *who[1:]):
        yield


def test_one_asker_leaves_a_place_to_others() -> None:
    places = Places(total=3, each=2)
    with held(places, "a", "a"):
        with pytest.raises(NoPlace), places.one("a"):
            pass
        with places.one("b"), pytest.raises(NoPlace), places.one("c"):
            pass
    with held(places, "a", "b", "c"):
        pass


def test_whoever_waits_gets_the_place_that_becomes_free() -> None:
    places = Places(total=1, each=1, in_line=2, patience=5)
    most, now = [0], [0]
    lock = threading.Lock()

    def draw(who: str) -> bool:
        try:
            with places.one(who):
                with lock:
                    now[0] += 1
                    most[0] = max(most[0], now[0])
                time.sleep(0.1)
                with lock:
                    now[0] -= 1
        except NoPlace:
            return False
        return True

    with ThreadPoolExecutor(20) as pool:
        alone = list(pool.map(draw, ["a"] * 20))
    assert (sum(alone), most[0]) == (2, 1)

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(draw, ["a", "b", "c"])) == [True] * 3


def test_nobody_waits_without_end() -> None:
    places = Places(total=1, each=1, in_line=2, patience=0.05)
    with places.one("a"):
        began = time.monotonic()
        with pytest.raises(NoPlace), places.one("b"):
            pass
    assert 0.05 <= time.monotonic() - began < 2
