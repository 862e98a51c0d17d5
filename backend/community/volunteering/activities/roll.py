"""Read what an organiser wrote down: which shift, which person, how long."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.volunteering.activities import guards
from backend.community.volunteering.activities.models import (
    Activity,
    ActivityAttendance,
    ActivityShift,
    ActivitySignUp,
    AttendanceMark,
)
from backend.core import clock
from backend.core.actor import Actor
from backend.core.crypto import Crypto
from backend.core.errors import Conflict, Invalid, NotFound
from backend.people.members import look_ups
from backend.people.members import queries as members
from backend.people.members.models import Member


@dataclass(frozen=True)
class Line:
    """A line as it was sent: the person by id, or by name and perhaps phone number."""

    mark: AttendanceMark
    shift_id: int | None = None
    member_id: int | None = None
    name: str | None = None
    phone: str | None = None
    minutes: int | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    stand_in_for: int | None = None
    # Found on the roster by name and number: whoever knows both may name anybody.
    looked_up: bool = False


@dataclass(frozen=True)
class Entry:
    """A line as it is kept."""

    shift: ActivityShift
    member_id: int
    mark: AttendanceMark
    started_at: datetime | None
    ended_at: datetime | None
    minutes: int | None
    stand_in_for_id: int | None


Known = Mapping[tuple[int, int], ActivityAttendance]


def look_up(session: Session, keys: Crypto, actor: Actor, lines: Sequence[Line]) -> list[Line]:
    """Return the lines with the ids of those named with their numbers. Raises as `look_ups`."""
    return [_looked_up(session, keys, actor, line) for line in lines]


def _looked_up(session: Session, keys: Crypto, actor: Actor, line: Line) -> Line:
    if line.member_id is not None or not line.name or not line.phone:
        return line
    found = look_ups.find(session, keys, actor=actor, name=line.name, phone=line.phone)
    return replace(line, member_id=found.id, looked_up=True)


def read(
    session: Session, activity: Activity, lines: Sequence[Line], known: Known
) -> dict[tuple[int, int], Entry]:
    """Return the entries by shift and member, members in order; times that a line does not say
    stay as they are `known`. Raises Invalid, Conflict."""
    persons = _known(session, activity, lines) if lines else frozenset()
    entries: dict[tuple[int, int], Entry] = {}
    for line in lines:
        shift = _shift_of(activity, line)
        member_id = _person(session, activity, line, persons)
        entry = _entry(shift, member_id, line, known.get((shift.id, member_id)))
        if (shift.id, entry.member_id) in entries:
            raise Invalid("lines", "同一人在同一班次中出现了两次，请核对。")
        if entry.stand_in_for_id is not None and entry.stand_in_for_id not in persons:
            raise Invalid("lines", "被顶替的人不在报名名单中，请核对。")
        entries[shift.id, entry.member_id] = entry
    return dict(sorted(entries.items(), key=lambda item: (item[0][1], item[0][0])))


def _shift_of(activity: Activity, line: Line) -> ActivityShift:
    shifts = {shift.id: shift for shift in activity.shifts}
    if line.shift_id is None and len(shifts) > 1:
        raise Invalid("lines", "该活动有多个班次，请写明每个人参加的班次。")
    shift = next(iter(shifts.values())) if line.shift_id is None else shifts.get(line.shift_id)
    if shift is None:
        raise Invalid("lines", "名单中有不属于本活动的班次，请刷新后重试。")
    if shift.starts_at > clock.now():
        raise guards.BEGUN.refusal()
    return shift


def _known(session: Session, activity: Activity, lines: Iterable[Line]) -> frozenset[int]:
    """Return whom of those named by id the organiser may name: signed up, on the list already, or
    registered with the community. The unit that organises does not open its roster by that."""
    named = {line.member_id for line in lines} | {line.stand_in_for for line in lines}
    signed = sa.select(ActivitySignUp.member_id).where(ActivitySignUp.activity_id == activity.id)
    listed = sa.select(ActivityAttendance.member_id).where(
        ActivityAttendance.activity_id == activity.id
    )
    found = sa.select(Member.id).where(
        Member.id.in_(named - {None}),
        sa.or_(Member.id.in_(signed), Member.id.in_(listed), _near(activity)),
    )
    return frozenset(session.scalars(found))


def _near(activity: Activity) -> sa.ColumnElement[bool]:
    here = sa.or_(
        Member.community_id == activity.community_id,
        Member.also_in.contains([activity.community_id]),
    )
    return sa.and_(Member.active, here)


def _person(session: Session, activity: Activity, line: Line, persons: frozenset[int]) -> int:
    if line.member_id is not None:
        if not line.looked_up and line.member_id not in persons:
            raise Invalid("lines", "名单中有人不在本社区，请按姓名和手机号登记。")
        return line.member_id
    if not line.name:
        raise Invalid("lines", "请写明每一行是谁。")
    found = sa.select(Member.id).where(members.named(line.name), _near(activity))
    ids = session.scalars(found.limit(2)).all()
    if not ids:
        raise NotFound("roster_no_match", "本社区没有这位已报到的党员，请补充手机号。")
    if len(ids) > 1:
        raise Conflict("roster_ambiguous", "本社区有同名的党员，请补充手机号。")
    return ids[0]


def _entry(
    shift: ActivityShift, member_id: int, line: Line, before: ActivityAttendance | None
) -> Entry:
    if line.mark is not AttendanceMark.PRESENT:
        return Entry(shift, member_id, line.mark, None, None, None, None)
    line = _with_times(line, before)
    started_at, ended_at = line.started_at or shift.starts_at, line.ended_at or shift.ends_at
    if not shift.starts_at <= started_at < ended_at <= shift.ends_at:
        raise Invalid("lines", "到场和离场时间应在班次时间之内，且先到后离。")
    length = int((ended_at - started_at).total_seconds() // 60)
    minutes = line.minutes if line.minutes is not None else length
    if not 0 < minutes <= length:
        raise Invalid("lines", "服务分钟数应大于0，且不超过到场到离场的时长。")
    if line.stand_in_for == member_id:
        raise Invalid("lines", "本人不能顶替本人，请核对。")
    return Entry(shift, member_id, line.mark, started_at, ended_at, minutes, line.stand_in_for)


def _with_times(line: Line, before: ActivityAttendance | None) -> Line:
    """Return the line with the times and minutes written before, where it says none itself and
    its minutes fit into them: a form need not show them."""
    if before is None or before.started_at is None or before.ended_at is None:
        return line
    if line.started_at is not None or line.ended_at is not None:
        return line
    minutes = before.minutes if line.minutes is None else line.minutes
    if timedelta(minutes=minutes or 0) > before.ended_at - before.started_at:
        return line
    return replace(line, started_at=before.started_at, ended_at=before.ended_at, minutes=minutes)
