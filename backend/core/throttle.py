"""Slows down whoever tries what does not exist, or asks for what is dear: so many in a while, then
TooFast.

Counted in the database, so that it counts across processes and machines, and counted before
anything else is done, so that many at once are no more than many in a row. What turns out to be
found is given back: nobody who asks for real things ever waits.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.core import clock
from backend.core.db import Base
from backend.core.errors import TooFast


class Misses(Base):
    """How often `who` (an account id, or the keyed hash of an address) missed since a moment."""

    __tablename__ = "throttle_misses"
    __table_args__ = (sa.Index(None, "since"),)

    kind: Mapped[str] = mapped_column(primary_key=True)
    who: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime]
    count: Mapped[int]


@dataclass(frozen=True)
class Throttle:
    """So many misses of a kind within a while are everybody's right; `sentence` says of what."""

    kind: str
    misses: int
    within: timedelta
    sentence: str = "没有查到的次数过多"

    def take(self, session: Session, who: str) -> None:
        """Count one and raise TooFast when it is one too many; the first after a while begins anew.

        It stays only if it is committed. Whoever asks at the same moment waits until then.
        """
        now = clock.now()
        # What is far ahead was written before the clock was set back, and holds nobody up.
        fresh = sa.and_(Misses.since > now - self.within, Misses.since <= now + self.within)
        count, since = session.execute(
            insert(Misses)
            .values(kind=self.kind, who=who, since=now, count=1)
            .on_conflict_do_update(
                index_elements=["kind", "who"],
                set_={
                    "count": sa.case((fresh, Misses.count + 1), else_=1),
                    "since": sa.case((fresh, Misses.since), else_=now),
                },
            )
            .returning(Misses.count, Misses.since)
        ).one()
        if count > self.misses:
            raise self._too_fast(since + self.within - now)

    def give_back(self, session: Session, who: str) -> None:
        """Take back one that was counted: it was no miss."""
        mine = (Misses.kind == self.kind, Misses.who == who)
        session.execute(sa.update(Misses).where(*mine).values(count=Misses.count - 1))
        session.execute(sa.delete(Misses).where(*mine, Misses.count <= 0))

    def _too_fast(self, wait: timedelta) -> TooFast:
        wait = min(wait, self.within)  # a clock may have been set back meanwhile
        return TooFast(
            "too_many_tries",
            f"{self.sentence}，请{_in_words(wait)}后再试。",
            retry_after_seconds=max(1, int(wait.total_seconds())),
        )


def _in_words(wait: timedelta) -> str:
    return f"{max(1, ceil(wait.total_seconds() / 60))}分钟"


def purge(session: Session) -> None:
    """Forget who missed what longer ago than anybody is made to wait."""
    session.execute(sa.delete(Misses).where(Misses.since < clock.now() - timedelta(days=1)))
