"""Bounds what is dear in one process: so many at once, of whom one asker has a part at most.

Nobody waits without end, and not many wait at all: each who waits holds a thread that others need.
"""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


class NoPlace(Exception):
    """All places are taken, or the asker has what one may have."""


@dataclass(frozen=True)
class Places:
    """`total` at once, `each` of one asker; `in_line` may wait for `patience` seconds."""

    total: int
    each: int
    in_line: int = 0
    patience: float = 0
    _changed: threading.Condition = field(default_factory=threading.Condition, repr=False)
    _busy: Counter[str] = field(default_factory=Counter, repr=False)
    _waiting: Counter[str] = field(default_factory=Counter, repr=False)

    @contextmanager
    def one(self, who: str) -> Iterator[None]:
        """Have a place within the block. Raises NoPlace."""
        with self._changed:
            if not self._free(who):
                self._wait(who)
            self._busy[who] += 1
        try:
            yield
        finally:
            with self._changed:
                _less(self._busy, who)
                self._changed.notify_all()

    def _free(self, who: str) -> bool:
        return self._busy.total() < self.total and self._busy[who] < self.each

    def _wait(self, who: str) -> None:
        # Half of the line is everybody's at most, so that one asker never fills it.
        if self._waiting.total() >= self.in_line or self._waiting[who] * 2 >= self.in_line:
            raise NoPlace
        self._waiting[who] += 1
        try:
            if not self._changed.wait_for(lambda: self._free(who), self.patience):
                raise NoPlace
        finally:
            _less(self._waiting, who)


def _less(counts: Counter[str], who: str) -> None:
    """Count one less, and forget who has none: askers come and go."""
    counts[who] -= 1
    if counts[who] <= 0:
        del counts[who]
