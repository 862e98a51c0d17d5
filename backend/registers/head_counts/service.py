"""How many members the own branches of a community have at the end of each quarter: from then on,
until the next, rules 5a and 5b go by that (spec 1.2, A5)."""

from collections.abc import Collection
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core import bulk, clock
from backend.core.db import among
from backend.ledger import restating
from backend.ledger.periods import PeriodLength, period_of
from backend.ledger.rulepack import RulePack
from backend.people.areas.models import Area, AreaKind
from backend.people.members.models import Member
from backend.people.organizations import queries as organizations
from backend.people.organizations.models import Organization
from backend.registers.head_counts import evidence
from backend.registers.models import HeadCount


def last_day(today: date) -> date:
    """Return the last day of the quarter that was over last."""
    return period_of(PeriodLength.QUARTER, today).first - timedelta(days=1)


def count(session: Session, rules: RulePack) -> int:
    """Count for the quarter that is over, where that has not been done; return for how many
    communities. Whoever is on the rosters when it is done counts."""
    day = last_day(clock.today())
    done = sa.exists().where(HeadCount.area_id == Area.id, HeadCount.counted_on == day)
    members = (
        sa.select(Organization.area_id, sa.func.count(Member.id).label("members"))
        .join(Member, sa.and_(Member.branch_id == Organization.id, Member.active))
        .where(Organization.id.in_(organizations.residents_branches()))
        .group_by(Organization.area_id)
        .subquery()
    )
    found = (
        sa.select(Area.id, sa.func.coalesce(members.c.members, 0))
        .outerjoin(members, members.c.area_id == Area.id)
        .where(
            Area.kind == AreaKind.RESIDENTS_COMMITTEE,
            ~Area.hidden,
            Area.valid_to.is_(None),
            ~done,
        )
        .order_by(Area.id)
    )
    rows = [
        {"area_id": area_id, "counted_on": day, "members": number}
        for area_id, number in session.execute(found)
    ]
    bulk.insert(session, HeadCount, rows)
    restate(session, rules, [int(row["area_id"]) for row in rows])
    return len(rows)


def restate(session: Session, rules: RulePack, area_ids: Collection[int]) -> int:
    """State anew which communities have so many; return how many facts changed."""
    wanted = evidence.wanted(session, among(HeadCount.area_id, area_ids))
    return restating.restate(session, rules, evidence.SOURCE, area_ids, wanted)
