"""What a city has on the way to its opening, and what is still missing; nothing about anybody.

Whoever administers the system sees what is technical, the city's organisation department all of it
(spec 8.5).
"""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core.actor import Actor, Role
from backend.core.errors import Forbidden
from backend.core.settings import Settings
from backend.people.areas.models import Area, AreaKind, AreaLevel
from backend.people.members.models import Account, Appointment, Member
from backend.people.members.queries import in_force
from backend.people.organizations.models import Organization, Unit
from backend.support.notifications.templates import Template, all_configured

# A worker writes its heartbeat several times within JOB_STALLED_SECONDS.
WORKER_SILENCE_SECONDS = 60


class State(enum.StrEnum):
    """`unknown`: the program itself cannot see it, somebody has to look."""

    DONE = "done"
    MISSING = "missing"
    UNKNOWN = "unknown"


class Step(enum.StrEnum):
    TERRITORY = "territory"
    ORGANIZATIONS = "organizations"
    UNITS = "units"
    MEMBERS = "members"
    COMMUNITIES_WITHOUT_SECRETARY = "communities_without_secretary"
    SECRETARIES_WITHOUT_ACCOUNT = "secretaries_without_account"
    WECHAT = "wechat"
    TEMPLATES = "templates"
    PUSH = "push"
    WORKER = "worker"
    BACKUP = "backup"


TECHNICAL = (Step.WECHAT, Step.TEMPLATES, Step.PUSH, Step.WORKER, Step.BACKUP)


@dataclass(frozen=True)
class Item:
    """`count`: how many there are, or of the two that should be nobody, how many are missing."""

    step: Step
    state: State
    count: int | None = None


def check(actor: Actor) -> None:
    """Refuse whoever does not open the city. Raises Forbidden."""
    if not actor.areas(Role.CITY_OFFICER, Role.SYSTEM_ADMINISTRATOR):
        raise Forbidden("not_yours_to_open", "开通情况由市委组织部和系统管理员查看。")


def items(
    session: Session, settings: Settings, *, actor: Actor, wechat_answers: bool
) -> Sequence[Item]:
    """Return the steps in their order, those that are the actor's to see."""
    check(actor)
    found = [*_technical(session, settings, wechat_answers=wechat_answers)]
    if actor.areas(Role.CITY_OFFICER):
        found = [*_of_the_field(session), *found]
    return found


def _of_the_field(session: Session) -> list[Item]:
    row = session.execute(_COUNTS).one()
    there = [
        (Step.TERRITORY, row.territory),
        (Step.ORGANIZATIONS, row.organizations),
        (Step.UNITS, row.units),
        (Step.MEMBERS, row.members),
    ]
    nobody = [
        (Step.COMMUNITIES_WITHOUT_SECRETARY, row.unled),
        (Step.SECRETARIES_WITHOUT_ACCOUNT, row.silent),
    ]
    return [
        *(Item(step, _done(count > 0), count) for step, count in there),
        *(Item(step, _done(count == 0), count) for step, count in nobody),
    ]


def _technical(session: Session, settings: Settings, *, wechat_answers: bool) -> list[Item]:
    templates = len(all_configured(settings))
    push = bool(settings.wechat_push_token.get_secret_value())
    alive = session.scalar(_WORKER, {"silence": WORKER_SILENCE_SECONDS})
    return [
        Item(Step.WECHAT, _done(wechat_answers)),
        Item(Step.TEMPLATES, _done(templates == len(Template)), templates),
        Item(Step.PUSH, _done(push)),
        Item(Step.WORKER, _done(bool(alive))),
        Item(Step.BACKUP, State.UNKNOWN),
    ]


def _done(so: bool) -> State:
    return State.DONE if so else State.MISSING


def _number(statement: sa.Select[Any]) -> sa.ScalarSelect[int]:
    return statement.with_only_columns(
        sa.func.count(), maintain_column_froms=True
    ).scalar_subquery()


_secretary = sa.and_(Appointment.role == Role.COMMUNITY_SECRETARY, in_force())
_led = sa.exists().where(Appointment.area_id == Area.id, _secretary)
_linked = sa.exists().where(Account.member_id == Appointment.member_id)
_communities = sa.select(Area).where(
    Area.level == AreaLevel.COMMUNITY, ~Area.hidden, Area.valid_to.is_(None)
)
_COUNTS = sa.select(
    _number(_communities).label("territory"),
    _number(sa.select(Organization).where(Organization.dissolved_on.is_(None))).label(
        "organizations"
    ),
    _number(sa.select(Unit).where(Unit.ended_on.is_(None))).label("units"),
    _number(sa.select(Member).where(Member.active)).label("members"),
    _number(_communities.where(Area.kind == AreaKind.RESIDENTS_COMMITTEE, ~_led)).label("unled"),
    _number(sa.select(Appointment).where(_secretary, ~_linked)).label("silent"),
)
_WORKER = sa.text(
    "SELECT max(last_heartbeat) > now() - make_interval(secs => :silence) "
    "FROM procrastinate_workers"
)
