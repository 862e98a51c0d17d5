"""One person's time counts once: which services are one occasion, and what each of them adds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.community.volunteering.models import ServiceRecord

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Share:
    """`first`: the record whose occasion it is, often itself; `minutes`: what it adds to those
    before it, so that the minutes of several add up to the time they cover together."""

    record: ServiceRecord
    first: ServiceRecord
    minutes: int

    @property
    def is_first(self) -> bool:
        return self.first is self.record


def share(records: Iterable[ServiceRecord]) -> list[Share]:
    """Share the time of one person's records out among them, an organiser's list before others.

    What ends first comes first: as many occasions are kept as there are hours for.
    """
    taken: list[Span] = []
    firsts: list[ServiceRecord] = []
    shares = []
    for record in sorted(records, key=_order):
        first = next((one for one in firsts if overlap(one, record)), record)
        if first is record:
            firsts.append(record)
        minutes = max(0, record.duration_min - _minutes_in(taken, record))
        shares.append(Share(record, first, minutes))
        taken = _with(taken, record)
    return shares


def overlap(one: ServiceRecord, other: ServiceRecord) -> bool:
    """Return whether two records claim the same time; what begins as another ends does not."""
    return one.started_at < other.ended_at and other.started_at < one.ended_at


def _order(record: ServiceRecord) -> tuple[bool, datetime, int, int]:
    return record.shift_id is None, record.ended_at, -record.duration_min, record.id


def _minutes_in(taken: list[Span], record: ServiceRecord) -> int:
    parts = (
        min(end, record.ended_at) - max(start, record.started_at)
        for start, end in taken
        if start < record.ended_at and record.started_at < end
    )
    return -int(-sum(parts, timedelta()) // timedelta(minutes=1))  # a minute begun is taken


def _with(taken: list[Span], record: ServiceRecord) -> list[Span]:
    """Return the spans, still apart from one another, with the record's own among them."""
    near = [span for span in taken if span[0] <= record.ended_at and record.started_at <= span[1]]
    starts, ends = [span[0] for span in near], [span[1] for span in near]
    whole = (min([record.started_at, *starts]), max([record.ended_at, *ends]))
    return [*(span for span in taken if span not in near), whole]
