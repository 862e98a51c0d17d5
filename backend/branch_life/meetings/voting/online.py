"""Whether meetings held online may vote: the whole city's setting, off by default (spec 2.5)."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.branch_life.meetings import policy
from backend.branch_life.meetings.voting import queries
from backend.branch_life.meetings.voting.models import OnlineVotingSetting
from backend.core.actor import Actor
from backend.core.errors import Forbidden


def current(session: Session) -> OnlineVotingSetting | None:
    """Return the setting in force, None where nobody has ever set one: forbidden."""
    return session.scalars(queries.online_voting()).first()


@dataclass(frozen=True)
class Setting:
    """Whether it is allowed, and why."""

    allowed: bool
    reason: str


def set_(session: Session, *, actor: Actor, said: Setting) -> OnlineVotingSetting:
    """Allow or forbid it, with the reason; every change is a row of its own. Elections never
    take place online, whatever is set."""
    if not policy.may_set_online_voting(actor):
        raise Forbidden("not_the_city", "只有市级管理人员可以更改全市的线上表决设置。")
    before = current(session)
    if before is not None and Setting(before.allowed, before.reason) == said:
        return before
    row = OnlineVotingSetting(**vars(said), set_by=actor.account_id)
    session.add(row)
    audit.record(session, actor, "online_voting.set", row, allowed=said.allowed)
    return row
