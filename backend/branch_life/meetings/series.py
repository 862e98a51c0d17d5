"""Convene the same meeting for several months at once. Callers own the transaction."""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from backend.branch_life.meetings import news, reminders, service
from backend.branch_life.meetings.models import Meeting
from backend.branch_life.meetings.service import Plan, Preview
from backend.core import clock
from backend.core.actor import Actor

MOST = 12


@dataclass(frozen=True)
class Series:
    """The first meeting, and in how many months it takes place, that one included."""

    meeting: Plan
    months: int


def convene(session: Session, *, actor: Actor, said: Series) -> list[Meeting]:
    """Convene it once in each of so many months.

    People are told once, of the first and how it goes on; each is a meeting like any other from
    then on. Raises as convening does.
    """
    made = [service.write(session, actor=actor, plan=one) for one in _monthly(said)]
    to_come = [one for one in made if one.starts_at > clock.now()]
    for meeting in to_come:
        reminders.plan(session, meeting)
    if to_come:
        news.tell_due(session, to_come[0], times=len(to_come))
    return made


def preview(session: Session, *, actor: Actor, said: Series) -> Preview:
    """Say whom convening these would call, without writing anything. Raises as convening does.

    Those due are those of the first that lies ahead: of what was held nobody is told.
    """
    ahead = [one for one in _monthly(said) if one.starts_at > clock.now()]
    seen = service.preview(session, actor=actor, plan=ahead[0] if ahead else said.meeting)
    return replace(seen, to_come=len(ahead))


def _monthly(said: Series) -> list[Plan]:
    return [_in_month(said.meeting, step) for step in range(said.months)]


def _in_month(plan: Plan, step: int) -> Plan:
    begin = _months_after(plan.starts_at, step)
    return replace(plan, starts_at=begin, ends_at=begin + (plan.ends_at - plan.starts_at))


def _months_after(moment: datetime, count: int) -> datetime:
    """Return the same hour so many months later, on the last day where a month is too short."""
    local = moment.astimezone(clock.SHANGHAI)
    year, month = divmod(12 * local.year + local.month - 1 + count, 12)
    day = min(local.day, monthrange(year, month + 1)[1])
    return local.replace(year=year, month=month + 1, day=day)
