"""The committee of a branch: who sits on it, and how its secretary changes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.branch_life.branch_bodies import branches, evidence, policy, queries
from backend.core import clock
from backend.core.actor import Actor, PositionKind
from backend.core.errors import Invalid
from backend.ledger.rulepack import RulePack
from backend.people.members import queries as members
from backend.people.members.models import Member, MemberCategory, Position
from backend.people.organizations.models import Organization
from backend.registers import following as registers

# Spec 2.2: from so many full members on a branch has a committee, of normally so many people.
FULL_MEMBERS, FEWEST, MOST = 7, 3, 7


@dataclass(frozen=True)
class Seat:
    """`starts_on` is None for the appointed secretary, whose term is the appointment's."""

    member: Member
    kind: PositionKind
    starts_on: date | None


@dataclass(frozen=True)
class Committee:
    """`notes` say to the secretary what the rules advise; they refuse nothing."""

    members: list[Seat]
    notes: list[str]


def committee(session: Session, *, actor: Actor, organization_id: int) -> Committee:
    """Return the committee of a branch that exists for the actor; empty where it has none."""
    branch = branches.find(session, actor, organization_id)
    return _committee(session, actor, branch)


def _committee(session: Session, actor: Actor, branch: Organization) -> Committee:
    positions = session.scalars(queries.seats(branch.id)).all()
    seats = [Seat(row.member, row.kind, row.starts_on) for row in positions]
    if seats:
        seated = {seat.member.id for seat in seats}
        appointed = session.scalars(queries.secretaries(branch.id)).all()
        seats += [Seat(m, PositionKind.SECRETARY, None) for m in appointed if m.id not in seated]
    seats.sort(key=lambda seat: (members.COMMITTEE.index(seat.kind), seat.member.id))
    notes = _notes(session, branch, len(seats)) if policy.may_arrange(actor, branch.id) else []
    return Committee(seats, notes)


def _notes(session: Session, branch: Organization, size: int) -> list[str]:
    full = session.scalar(queries.full_members(branch.id)) or 0
    if full < FULL_MEMBERS:
        advice = "正式党员不足7人的党支部，一般设书记1名，必要时设副书记1名，不设支部委员会。"
        return [advice] if size else []
    if not size:
        return ["本支部正式党员已有7人以上，一般应设立支部委员会。"]
    if not FEWEST <= size <= MOST:
        return [f"支部委员会一般由3至5人组成，最多不超过7人，目前为{size}人，请核对。"]
    return []


def arrange(
    session: Session,
    rules: RulePack,
    *,
    actor: Actor,
    organization_id: int,
    seats: Mapping[int, PositionKind],
) -> Committee:
    """Let the committee be exactly these members; who is missing has left it today.

    Sending the same list again is no change. Raises NotFound, Forbidden, Invalid.
    """
    branch = branches.lock(session, actor, organization_id)
    _check(session, branch, seats)
    standing = session.scalars(members.open_positions(branch.id, *members.COMMITTEE)).all()
    leaving = [row for row in standing if seats.get(row.member_id) is not row.kind]
    staying = {row.member_id for row in standing if row not in leaving}
    _leave(session, leaving)
    coming = {member: kind for member, kind in seats.items() if member not in staying}
    _come(session, branch, coming)
    evidence.committee_changed(session, rules, branch, was=bool(standing), now=bool(seats))
    registers.leaders_changed(session, rules, branch.id)
    if leaving or coming:
        counts = {"left": len(leaving), "came": len(coming)}
        audit.record(session, actor, "committee.arranged", branch, **counts)
    return _committee(session, actor, branch)


def _leave(session: Session, leaving: Sequence[Position]) -> None:
    for row in leaving:
        row.end_today()
    session.flush()


def _come(session: Session, branch: Organization, coming: Mapping[int, PositionKind]) -> None:
    today = clock.today()
    for member_id, kind in sorted(coming.items()):
        values = {"member_id": member_id, "organization_id": branch.id, "kind": kind}
        session.add(Position(**values, starts_on=today))
    session.flush()


def _check(session: Session, branch: Organization, seats: Mapping[int, PositionKind]) -> None:
    """Only full members of the branch, and only the appointed secretary as secretary."""
    own = members.active_members_of(branch.id).where(Member.id.in_(list(seats)))
    found = {member.id: member for member in session.scalars(own)}
    if unknown := seats.keys() - found.keys():
        raise Invalid("members", f"名单中有 {len(unknown)} 人不是本支部党员，请核对。")
    if any(row.category is not MemberCategory.FULL for row in found.values()):
        raise Invalid("members", "预备党员不能担任支部委员会委员，请核对名单。")
    appointed = {row.id for row in session.scalars(queries.secretaries(branch.id))}
    for member_id, kind in seats.items():
        if (kind is PositionKind.SECRETARY) != (member_id in appointed):
            raise Invalid("members", "支部书记以任命为准：名单中的书记只能是现任支部书记本人。")
