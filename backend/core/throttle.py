"""Slows down whoever tries what does not exist: so many misses in a while, then TooFast.

Counted in the database, so that it counts across processes and machines. What is found costs
nothing: nobody who asks for real things ever waits. Requests that run at the same moment may pass
together.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

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
    """So many misses of a kind within a while are everybody's right."""

    kind: str
    misses: int
    within: timedelta

    def check(self, session: Session, who: str) -> None:
        """Raise TooFast when `who` has lately missed too often."""
        since = session.scalar(
            sa.select(Misses.since).where(
                Misses.kind == self.kind,
                Misses.who == who,
                Misses.count >= self.misses,
                Misses.since > self._begin(),
            )
        )
        if since is not None:
            wait = since + self.within - clock.now()
            raise TooFast(
                "too_many_tries",
                f"没有查到的次数过多，请{_in_words(wait)}后再试。",
                retry_after_seconds=max(1, int(wait.total_seconds())),
            )

    def miss(self, session: Session, who: str) -> None:
        """Count a miss; the first after a while begins anew. It stays only if it is committed."""
        counting = Misses.since > self._begin()
        session.execute(
            insert(Misses)
            .values(kind=self.kind, who=who, since=clock.now(), count=1)
            .on_conflict_do_update(
                index_elements=["kind", "who"],
                set_={
                    "count": sa.case((counting, Misses.count + 1), else_=1),
                    "since": sa.case((counting, Misses.since), else_=clock.now()),
                },
            )
        )

    def _begin(self) -> datetime:
        return clock.now() - self.within


def _in_words(wait: timedelta) -> str:
    return f"{int(wait.total_seconds()) // 60 + 1}分钟"


def purge(session: Session) -> None:
    """Forget who missed what longer ago than anybody is made to wait."""
    session.execute(sa.delete(Misses).where(Misses.since < clock.now() - timedelta(days=1)))
