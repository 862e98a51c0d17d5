"""Change a meeting that was convened and tell what is different. Callers own the transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.branch_life.meetings import access, moving, news, participants, reminders
from backend.branch_life.meetings.models import Meeting, MeetingMode
from backend.branch_life.meetings.moving import Span
from backend.branch_life.meetings.service import OnlinePlace, Plan, check_plan, check_text
from backend.branch_life.meetings.states import MEETING
from backend.core import clock
from backend.core.actor import Actor
from backend.flows.steps import Changes

ASK_AGAIN = "时间已改，原来的请假不再有效，不能参加的请重新请假"
MODES = {MeetingMode.IN_PERSON: "现场召开", MeetingMode.ONLINE: "线上召开"}


@dataclass(frozen=True)
class Preview:
    """What would be different, and how many would be told: nobody of what is over or unchanged."""

    due: int
    changes: Sequence[str]
    leave_lapses: bool


@dataclass(frozen=True)
class _Change:
    before: Plan
    plan: Plan
    different: Sequence[str]

    @property
    def expected(self) -> bool:
        """Whether anybody still expects the meeting, as it was or as it will be."""
        return max(self.before.starts_at, self.plan.starts_at) > clock.now()

    @property
    def span(self) -> Span:
        return Span(self.before.starts_at, self.before.ends_at)

    @property
    def new_span(self) -> Span:
        return Span(self.plan.starts_at, self.plan.ends_at)


def change(session: Session, *, actor: Actor, meeting_id: int, changes: Changes) -> Meeting:
    """Let title, mode, time, place, agenda or link be these; what is so already is no change.

    What belonged to the old time goes with it. Raises Invalid as convening does, and Conflict for
    another time once a vote stands.
    """
    meeting, made = _weighed(session, actor, meeting_id, changes)
    if not made.different:
        return meeting
    expected = made.expected
    _write(meeting, made.plan)
    session.flush()
    lapsed = moving.forget(session, meeting, made.span)
    audit.record(session, actor, "meeting.changed", meeting, fields=len(made.different))
    check_text(session, actor, meeting)
    reminders.plan(session, meeting)
    if expected:
        told = [*made.different, ASK_AGAIN] if lapsed else made.different
        news.tell_changed(session, meeting, told)
    return meeting


def preview(session: Session, *, actor: Actor, meeting_id: int, changes: Changes) -> Preview:
    """Say what changing this would tell to how many; nothing is written. Raises as changing."""
    meeting, made = _weighed(session, actor, meeting_id, changes)
    moving.refuse_once_voted(session, meeting, made.span, made.new_span)
    told = made.expected and bool(made.different)
    due = len(session.scalars(participants.due_ids(meeting)).all()) if told else 0
    return Preview(due, made.different, not made.new_span.overlaps(made.span))


def _weighed(
    session: Session, actor: Actor, meeting_id: int, changes: Changes
) -> tuple[Meeting, _Change]:
    """Return the meeting and what these changes would make different of it."""
    meeting = access.led(session, actor, meeting_id)
    MEETING.after(meeting.status, "change")
    before = _plan_of(meeting)
    plan = replace(before, **_with_the_mode(changes))
    check_plan(plan)
    return meeting, _Change(before, plan, _differences(before, plan))


def _plan_of(meeting: Meeting) -> Plan:
    online = None
    if meeting.online_url is not None:
        online = OnlinePlace(meeting.online_platform or "", meeting.online_url)
    return Plan(
        organization_id=meeting.organization_id,
        kind=meeting.kind,
        title=meeting.title,
        mode=meeting.mode,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        place=meeting.place,
        agenda=tuple(meeting.agenda),
        online=online,
    )


def _with_the_mode(changes: Changes) -> dict[str, Any]:
    """Drop the place of what goes online, the link of what comes back, unless one is named."""
    given = dict(changes)
    if "agenda" in given:
        given["agenda"] = tuple(given["agenda"])
    if given.get("mode") is MeetingMode.ONLINE:
        given.setdefault("place", None)
    if given.get("mode") is MeetingMode.IN_PERSON:
        given.setdefault("online", None)
    return given


def _write(meeting: Meeting, plan: Plan) -> None:
    meeting.title, meeting.mode, meeting.place = plan.title, plan.mode, plan.place
    meeting.starts_at, meeting.ends_at = plan.starts_at, plan.ends_at
    meeting.agenda = list(plan.agenda)
    meeting.online_platform = plan.online.platform if plan.online else None
    meeting.online_url = plan.online.url if plan.online else None


def _differences(before: Plan, after: Plan) -> Sequence[str]:
    """Say in words what is different, the old and the new value."""
    told = []
    if before.title != after.title:
        told.append(f"名称由《{before.title}》改为《{after.title}》")
    if (before.starts_at, before.ends_at) != (after.starts_at, after.ends_at):
        told.append(f"时间由{_span(before)}改为{_span(after)}")
    if before.mode is not after.mode:
        told.append(f"方式由{MODES[before.mode]}改为{MODES[after.mode]}")
    if before.place != after.place:
        told.append(f"地点由{before.place or '未填写'}改为{after.place or '不设现场地点'}")
    if before.agenda != after.agenda:
        told.append(f"议程由{_points(before)}改为{_points(after)}")
    if before.online != after.online and after.online is not None:
        told.append("会议链接已更新，请在会议页面查看")
    return told


def _points(plan: Plan) -> str:
    return f"“{'、'.join(plan.agenda)}”" if plan.agenda else "未填写"


def _span(plan: Plan) -> str:
    begin, end = (one.astimezone(clock.SHANGHAI) for one in (plan.starts_at, plan.ends_at))
    until = f"{end:%H:%M}" if begin.date() == end.date() else f"{end.month}月{end.day}日{end:%H:%M}"
    year = "" if begin.year == clock.today().year else f"{begin.year}年"
    return f"{year}{begin.month}月{begin.day}日{begin:%H:%M}至{until}"
