"""A record as whoever decides about it sees it: with what else was logged for the same time."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from backend.community.volunteering import overlaps
from backend.community.volunteering.flow import FLOW
from backend.community.volunteering.models import ServiceRecord
from backend.core.actor import Actor


@dataclass(frozen=True)
class RecordDetail:
    record: ServiceRecord
    same_time: Sequence[ServiceRecord]

    def __getattr__(self, name: str) -> object:
        return getattr(self.record, name)


def of(session: Session, *, actor: Actor, record_id: int) -> RecordDetail:
    """Return a record that exists for the actor; raises NotFound."""
    record = FLOW.show(session, actor, record_id)
    return RecordDetail(record, overlaps.others(session, record))
