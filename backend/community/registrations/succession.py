"""A community is merged into another, or split: who is registered there goes along (spec 3.5).

The old registration ends and keeps its code; a new one stands in the successor from the same day,
with a receipt of its own. What waits for an answer waits there, and so does what was asked of a
registration. Of a community that is split, a list says who goes where.
"""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.community.registrations import (
    apportioning,
    news,
    queries,
    requests,
    standing,
)
from backend.community.registrations.flow import FLOW
from backend.community.registrations.models import CommunityRegistration, RegistrationKind
from backend.core import clock
from backend.core.errors import Invalid
from backend.ledger import binding
from backend.ledger.models import SubjectKind
from backend.ledger.rulepack import RulePack
from backend.ledger.subjects import Subject
from backend.people.areas import service as areas
from backend.people.areas.models import Area
from backend.registers import following as registers
from backend.support.documents import numbers
from backend.support.text_checks import service as text_checks

# What the new registration takes over as it is.
KEPT = ("kind", "skills", "interests", "availability", "submitted_at", "answer_due_on", "basis",
        "visibility")  # fmt: skip


def succeed(
    session: Session,
    rules: RulePack,
    *,
    code: str,
    successor_code: str,
    elsewhere: Mapping[str, str] | None = None,
) -> int:
    """Close a community today in favour of its successor; return how many registrations moved.

    `elsewhere`: of a community that is split, which registrations (receipt number or id) go to
    which other successor. Raises Invalid, and nothing has changed.
    """
    if code == successor_code:
        raise Invalid("successor_code", "请填写另一个社区的代码。")
    old = areas.community(session, code, field="code")
    successor = areas.community(session, successor_code, field="successor_code")
    rows = session.scalars(queries.live_at(old.id)).all()
    others = apportioning.successors(session, old, rows, elsewhere or {})
    areas.close(session, old, successor)
    binding.rebind(session, rules, [Subject(SubjectKind.AREA, old.id)])
    text_checks.hand_over(session, old.id, successor.id)
    registers.move_place(session, rules, old, successor)
    for row in rows:
        standing.lock_member(session, row.member_id)
        session.refresh(row, with_for_update=True, attribute_names=["status"])
        standing.look_again(session, row)
        _take_along(session, rules, row, others.get(row.id, successor))
    return len(rows)


def _take_along(
    session: Session, rules: RulePack, row: CommunityRegistration, successor: Area
) -> None:
    there = _live_there(session, row.member_id, successor.id)
    if row.status in queries.WAITING:
        _wait_there(session, rules, row, successor, there)
        return
    asked, dropped = row.asked, None
    if there is not None and row.kind is RegistrationKind.PRIMARY:
        dropped = there.asked
        _give_way(session, rules, there)
        there = None
    new = _move(session, rules, row, successor if there is None else None)
    if new is None:
        asked, dropped = None, asked
    elif asked is not None:
        requests.ask_again(session, new, asked)
    news.tell_member_of_succession(session, row, successor, asked=asked, dropped=dropped)


def _live_there(
    session: Session, member_id: int, community_id: int
) -> CommunityRegistration | None:
    found = queries.live_of_member(member_id)
    return session.scalars(found.where(CommunityRegistration.community_id == community_id)).first()


def _wait_there(
    session: Session,
    rules: RulePack,
    row: CommunityRegistration,
    successor: Area,
    there: CommunityRegistration | None,
) -> None:
    """Only who is not there already goes on waiting; the audit log says so."""
    audit.record(session, None, "registration.area_changed", row)
    if there is None:
        row.community = successor
        session.flush()
        news.tell_deciders(session, row)
    else:
        FLOW.turn(session, row, "withdraw", rules)
        news.tell_member_of_two_in_one(session, row, successor)


def _give_way(session: Session, rules: RulePack, there: CommunityRegistration) -> None:
    """What waits or stands at the successor is taken up by the primary one that arrives."""
    waits = there.status in queries.WAITING
    FLOW.turn(session, there, "withdraw" if waits else "hand_over", rules)
    session.flush()


def _move(
    session: Session, rules: RulePack, row: CommunityRegistration, successor: Area | None
) -> CommunityRegistration | None:
    """End the old one and let the new one stand as it did; without a successor only the first."""
    status, pause = row.status, row.pause
    FLOW.turn(session, row, "hand_over", rules)
    if successor is None:
        return None
    values = {name: getattr(row, name) for name in KEPT}
    new = CommunityRegistration(
        **values,
        member=row.member,
        community=successor,
        status=status,
        accepted_on=clock.today(),
        receipt_no=numbers.new("BD"),
    )
    session.add(new)
    session.flush()
    standing.begin(session, rules, new)
    if pause is not None:
        standing.rest(session, rules, new, pause.reason)
    return new
