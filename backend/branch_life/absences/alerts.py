"""Tell a branch, and only the branch, who has long been at none of its meetings (spec 2.4).

A hint to go and talk with somebody. It sets no status, and it is told once for each gap and step.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.branch_life.absences import news, queries
from backend.branch_life.absences.models import AbsenceAlert
from backend.branch_life.meetings.exemptions import policy
from backend.core import clock
from backend.core.actor import Actor
from backend.people.members.models import Member

# Months without organisational life at which a branch is told; at six the Party's rules speak.
STEPS = (5, 3)


@dataclass(frozen=True)
class Gap:
    """Since when a member has been at none of the branch's meetings, and which step that is."""

    member: Member
    since: date
    months: int


def gaps(session: Session, *, organization_id: int | None = None) -> list[Gap]:
    """Return the gaps of at least three months that go on today, in order of member."""
    today = clock.today()
    found = []
    for row in session.execute(queries.absent(today, organization_id)):
        since = _since(*row)
        missed: date = row.missed
        months = next((step for step in STEPS if months_after(since, step) <= today), None)
        # Since the member was there or was exempt, a list must say `absent`.
        never = row.attended is None and row.until is None
        if months is not None and (missed > since or (never and missed == since)):
            found.append(Gap(row.Member, since, months))
    return found


def _since(
    member: Member,
    attended: date | None,
    _missed: date,
    freed: date | None,
    first: date,
    joined: date | None,
) -> date:
    """Return the first day of the gap: where nothing was attended, of joining or of meetings."""
    begin = attended or max(member.unit_since or first, joined or first, first)
    return max(begin, freed) if freed else begin


def months_after(day: date, count: int) -> date:
    """Return the same day so many months later, or the last of that month."""
    month = 12 * day.year + day.month - 1 + count
    year, number = divmod(month, 12)
    return date(year, number + 1, min(day.day, monthrange(year, number + 1)[1]))


def of_branch(session: Session, *, actor: Actor, organization_id: int) -> list[Gap]:
    """Return the gaps in a branch, for its secretary. Raises NotFound, Forbidden."""
    policy.refuse_others(actor, organization_id)
    return gaps(session, organization_id=organization_id)


def tell(session: Session) -> int:
    """Tell the secretaries of every gap and step not told yet; return how many."""
    return sum(_tell(session, gap) for gap in gaps(session))


def _tell(session: Session, gap: Gap) -> bool:
    if session.scalar(queries.told(gap.member.id, gap.since, gap.months)) is not None:
        return False
    values = {
        "member_id": gap.member.id,
        "organization_id": gap.member.branch_id,
        "since": gap.since,
        "months": gap.months,
    }
    added = insert(AbsenceAlert).values(values).on_conflict_do_nothing().returning(AbsenceAlert)
    row = session.scalars(added).first()
    if row is None:
        return False
    news.tell_secretaries(session, row)
    return True
