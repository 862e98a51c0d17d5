"""Nobody logs the same hour twice. Callers own the transaction.

What an organiser's list says is never refused here: it counts once with what was there before.
"""

from collections.abc import Collection, Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.volunteering import queries
from backend.community.volunteering.models import ServiceRecord, ServiceRecordStatus
from backend.core import clock
from backend.core.errors import Conflict
from backend.people.members.models import Member

S = ServiceRecordStatus
CODE = "service_overlaps"


def hold(session: Session, member_ids: Iterable[int]) -> None:
    """Let one write at a time say what these members did; in order, before their records."""
    held = sa.select(Member.id).where(Member.id.in_(set(member_ids))).order_by(Member.id)
    session.execute(held.with_for_update(key_share=True))


def refuse_own(session: Session, record: ServiceRecord) -> None:
    """Raise Conflict where the member has logged the time already, or it stands already."""
    for other in _beside(session, record, S.SUBMITTED):
        hint = "可先撤回那一条" if other.status is S.SUBMITTED else "如那一条有误，可提出异议"
        raise Conflict(
            CODE,
            f"您在{_when(other)}已有一条服务记录，同一时间只能登记一次。请核对时间；{hint}。",
        )


def refuse_standing(
    session: Session, record: ServiceRecord, *, beside: Collection[int] = frozenset()
) -> None:
    """Raise Conflict where other records of the member stand for the same time; `beside`: the ids
    of those that did so before."""
    if record.shift_id is not None:
        return
    for other in _beside(session, record):
        if other.id not in beside:
            raise Conflict(
                CODE,
                f"该党员在{_when(other)}已有确认过的服务记录，同一时间不能重复计入。"
                "请与本人核对时间后，退回更正。",
            )


def known(session: Session, record: ServiceRecord) -> frozenset[int]:
    """Return the ids of the standing records that share the record's time as it is."""
    return frozenset(row.id for row in _beside(session, record))


def others(session: Session, record: ServiceRecord) -> Sequence[ServiceRecord]:
    """Return what waits or stands for the same time, for whoever decides about the record."""
    return _beside(session, record, S.SUBMITTED, S.RETURNED)


def _beside(
    session: Session, record: ServiceRecord, *waiting: ServiceRecordStatus
) -> Sequence[ServiceRecord]:
    """Return the member's other records of the same time: those that stand, and those `waiting`.

    Nothing is written before it is known that it may be."""
    found = sa.select(ServiceRecord).where(
        ServiceRecord.member_id == record.member_id,
        ServiceRecord.id.is_distinct_from(record.id),
        ServiceRecord.started_at < record.ended_at,
        ServiceRecord.ended_at > record.started_at,
        sa.or_(queries.STANDS, ServiceRecord.status.in_(waiting)),
    )
    with session.no_autoflush:
        return session.scalars(found.order_by(ServiceRecord.started_at, ServiceRecord.id)).all()


def _when(record: ServiceRecord) -> str:
    begin, end = (
        moment.astimezone(clock.SHANGHAI) for moment in (record.started_at, record.ended_at)
    )
    last = f"{end:%H:%M}" if end.date() == begin.date() else f"次日{end:%H:%M}"
    return f"{begin.month}月{begin.day}日{begin:%H:%M}至{last}"
