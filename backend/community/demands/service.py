"""Demands: bring, amend, submit, withdraw. Callers own the transaction.

Every step locks the demand first; a merge locks the other one second.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypedDict, Unpack

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.community.demands import kinds, news, policy, queries, reminders
from backend.community.demands.models import Demand, DemandKind, DemandSource, DemandStatus
from backend.community.demands.states import DEMAND
from backend.core import clock
from backend.core.actor import Actor, Role
from backend.core.errors import Forbidden, Invalid, NotFound, TooFast
from backend.core.personal_numbers import refuse_personal
from backend.people.areas import service as areas
from backend.people.members.models import Account
from backend.support.documents.numbers import ALPHABET
from backend.support.text_checks import service as text_checks

CODE_LENGTH = 8
# How many demands somebody may bring in a day who does not collect them by office.
A_DAY, DAY = 20, timedelta(days=1)


@dataclass(frozen=True)
class Wanted:
    """What a demand says, as whoever brings it writes it."""

    title: str
    kind: DemandKind = DemandKind.DEMAND
    content: str = ""
    needed_by: date | None = None
    beneficiary_code: str | None = None


class Changes(TypedDict, total=False):
    """What changes about a draft; what is left out stays."""

    title: str
    kind: DemandKind
    content: str
    needed_by: date | None
    beneficiary_code: str | None


def bring(
    session: Session,
    *,
    actor: Actor,
    community_code: str,
    wanted: Wanted,
    unit_id: int | None = None,
    draft: bool = False,
) -> Demand:
    """Bring a demand, for the unit whose contact one is or as who one is.

    Raises Invalid, TooFast.
    """
    community = areas.community(session, community_code)
    _refuse_flood(session, actor)
    if unit_id is not None and not policy.may_act_for(actor, unit_id):
        raise Invalid("unit_id", "只有该单位的党建联络员可以代表本单位提出需求。")
    by_itself = policy.source_of(actor, community.id)
    demand = Demand(
        community_id=community.id,
        source=by_itself if unit_id is None else DemandSource.UNIT,
        submitted_by=actor.account_id,
        unit_id=unit_id,
        status=DemandStatus.DRAFT,
    )
    _write(demand, wanted)
    session.add(demand)
    audit.record(session, actor, "demand.drafted", demand)
    if not draft:
        _send(session, actor, demand)
    return afresh(session, demand)


def _refuse_flood(session: Session, actor: Actor) -> None:
    """Anybody with a WeChat account may bring demands: whoever brings many in a day waits. Those
    who collect them by office do not."""
    if actor.areas(Role.COMMUNITY_SECRETARY, Role.GRID_WORKER):
        return
    # Several at once wait in line and are counted one after the other.
    line = sa.select(Account.id).where(Account.id == actor.account_id)
    session.execute(line.with_for_update(key_share=True))
    brought = session.scalar(queries.brought_since(actor.account_id, clock.now() - DAY))
    if (brought or 0) >= A_DAY:
        seconds = int(DAY.total_seconds())
        raise TooFast(
            "too_many_demands",
            "一天内提出的需求较多，请明天再试；紧急的事请直接联系社区。",
            retry_after_seconds=seconds,
        )


def _write(demand: Demand, wanted: Wanted) -> None:
    refuse_personal(title=wanted.title, content=wanted.content)
    if wanted.needed_by != demand.needed_by:
        _refuse_past(wanted.needed_by)
    demand.beneficiary_code = _code(demand, wanted)
    demand.kind, demand.needed_by = wanted.kind, wanted.needed_by
    demand.title, demand.content = wanted.title, wanted.content


def _refuse_past(day: date | None) -> None:
    if day is not None and day < clock.today():
        raise Invalid("needed_by", "需要解决的日期不能早于今天，请修改。")


def _code(demand: Demand, wanted: Wanted) -> str | None:
    """Return under which code the beneficiary is shown: one household may have several wishes."""
    given = wanted.beneficiary_code
    if wanted.kind is not DemandKind.MICRO_WISH:
        if given is not None:
            raise Invalid("beneficiary_code", "只有微心愿使用受益对象编号，请留空。")
        return None
    if given is not None and given != demand.beneficiary_code:
        if demand.source not in policy.CODE_GIVERS:
            raise Invalid("beneficiary_code", "受益对象编号由社区填写，请留空。")
        return given
    return demand.beneficiary_code or _new_code()


def _new_code() -> str:
    letters = [one for one in ALPHABET if one.isalpha()]
    rest = (secrets.choice(ALPHABET) for _ in range(CODE_LENGTH - 1))
    return secrets.choice(letters) + "".join(rest)


def get(session: Session, *, actor: Actor, demand_id: int) -> Demand:
    """Return a demand that exists for the actor; raises NotFound."""
    return _found(session.scalars(queries.listed(actor).where(Demand.id == demand_id)).first())


def _found(demand: Demand | None) -> Demand:
    if demand is None:
        raise NotFound("demand_not_found", "没有找到这项需求。")
    return demand


def locked(session: Session, actor: Actor, demand_id: int) -> Demand:
    """Return a demand that exists for the actor with its row locked; raises NotFound."""
    found = queries.listed(actor).where(Demand.id == demand_id)
    rows = found.with_for_update(of=Demand).execution_options(populate_existing=True)
    return _found(session.scalars(rows).first())


def afresh(session: Session, demand: Demand) -> Demand:
    """Return a demand as answers show it: a flush forgets what only a query fills in."""
    session.flush()
    found = queries.shown().where(Demand.id == demand.id)
    return session.scalars(found.execution_options(populate_existing=True)).one()


def locked_own(session: Session, actor: Actor, demand_id: int) -> Demand:
    """The same for what the actor brought; raises Forbidden for anything else."""
    demand = locked(session, actor, demand_id)
    if not policy.is_own(actor, demand):
        raise Forbidden("not_your_demand", "只有提出这项需求的人可以办理。")
    return demand


def amend(session: Session, *, actor: Actor, demand_id: int, **changes: Unpack[Changes]) -> Demand:
    """Change a draft; a micro-wish keeps its code."""
    demand = locked_own(session, actor, demand_id)
    demand.status = DEMAND.after(demand.status, "amend")
    # The code is kept with the wish, and goes with it.
    written = Wanted(demand.title, demand.kind, demand.content, demand.needed_by)
    _write(demand, replace(written, **changes))
    audit.record(session, actor, "demand.amended", demand)
    return afresh(session, demand)


def submit(session: Session, *, actor: Actor, demand_id: int) -> Demand:
    """Send a draft to the community; a second tap is no change."""
    demand = locked_own(session, actor, demand_id)
    if demand.status is DemandStatus.SUBMITTED:
        return demand
    _send(session, actor, demand)
    return afresh(session, demand)


def _send(session: Session, actor: Actor, demand: Demand) -> None:
    """What is not sent yet nobody else reads: only now is it checked, and the draft may be old."""
    status = DEMAND.after(demand.status, "submit")
    areas.community(session, demand.community.code)
    _refuse_past(demand.needed_by)
    demand.status, demand.submitted_at = status, clock.now()
    audit.record(session, actor, "demand.submitted", demand)
    check(session, actor, demand, "text", demand.title, demand.content)
    news.tell_of_submission(session, demand)


def withdraw(session: Session, *, actor: Actor, demand_id: int) -> Demand:
    """Take back what nobody has taken up; whose demands were merged into it are told."""
    demand = locked_own(session, actor, demand_id)
    if demand.status is DemandStatus.WITHDRAWN:
        return demand
    demand.status = DEMAND.after(demand.status, "withdraw")
    session.flush()
    reminders.drop(session, demand)
    audit.record(session, actor, "demand.withdrawn", demand)
    news.tell_of_withdrawal(session, demand)
    return afresh(session, demand)


def check(session: Session, actor: Actor, demand: Demand, part: str, *texts: str) -> None:
    """Have a text of a demand checked; the community answers for it."""
    text_checks.submit(
        session,
        actor,
        kind=kinds.TEXTS,
        subject=demand.as_subject,
        part=part,
        area_id=demand.community_id,
        texts=texts,
    )
