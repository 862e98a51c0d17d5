"""What registrations owe the ledger, and how each is explained to its member."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.registrations import queries
from backend.community.registrations.models import (
    CommunityRegistration,
    EndReason,
    RegistrationKind,
    RegistrationPause,
    RegistrationStatus,
)
from backend.core import clock
from backend.ledger import service as ledger
from backend.ledger.evidence import Explained, Fact
from backend.ledger.models import SubjectKind
from backend.ledger.rulepack import Counting, RulePack, exemption_kind
from backend.ledger.service import Entry, Source
from backend.ledger.subjects import Subject

# Standing facts of rule 2i: accepted; and left without an answer beyond the term.
FACT, UNANSWERED = "community_registration", "community_registration_unanswered"
KINDS = frozenset({FACT, UNANSWERED})
# What nobody owes while the primary registration rests (spec 3.2).
EXEMPT_FROM = ("2i", "2k")
S = RegistrationStatus


def source_of(row: CommunityRegistration) -> Source:
    return Source(CommunityRegistration.__tablename__, row.id)


def source_of_pause(pause: RegistrationPause) -> Source:
    return Source(RegistrationPause.__tablename__, pause.id)


def subject_of(row: CommunityRegistration) -> Subject:
    return Subject(SubjectKind.MEMBER, row.member_id)


def hold(session: Session, rules: RulePack, row: CommunityRegistration) -> None:
    """Let the fact stand from today."""
    _hold(session, rules, row, FACT, clock.today())


def _hold(
    session: Session, rules: RulePack, row: CommunityRegistration, fact: str, since: date
) -> None:
    subject, source = subject_of(row), source_of(row)
    area_id = row.community_id
    ledger.hold(session, rules, fact, subject, source, starts_on=since, area_id=area_id)


def release(session: Session, rules: RulePack, row: CommunityRegistration) -> None:
    """Let the fact stand no longer than today."""
    subject, source = subject_of(row), source_of(row)
    ledger.release(session, rules, FACT, subject, source, ends_on=clock.today())


def void(session: Session, rules: RulePack, row: CommunityRegistration) -> None:
    """Let the fact never have stood."""
    ledger.void(session, rules, FACT, subject_of(row), source_of(row))


def await_answer(session: Session, rules: RulePack, row: CommunityRegistration) -> None:
    """Let a missing answer count for the member once it is the community's gap."""
    _hold(session, rules, row, UNANSWERED, unanswered_from(row))


def unanswered_from(row: CommunityRegistration) -> date:
    """Return the first day on which the missing answer is the community's gap."""
    return row.answer_due_on + timedelta(days=1)


def await_no_more(session: Session, rules: RulePack, row: CommunityRegistration) -> None:
    subject, source = subject_of(row), source_of(row)
    ledger.release(session, rules, UNANSWERED, subject, source, ends_on=clock.today())


def exempt(
    session: Session, rules: RulePack, row: CommunityRegistration, pause: RegistrationPause
) -> None:
    """Let what the member owes because of it rest with it, from the first day of the pause."""
    subject, source = subject_of(row), source_of_pause(pause)
    ledger.exempt(session, rules, EXEMPT_FROM, subject, source, starts_on=pause.starts_on)


def bind_again(
    session: Session,
    rules: RulePack,
    row: CommunityRegistration,
    pause: RegistrationPause,
    ends_on: date,
) -> None:
    """Let the member owe it again from `ends_on`."""
    term = {"starts_on": pause.starts_on, "ends_on": ends_on}
    subject, source = subject_of(row), source_of_pause(pause)
    ledger.end_exemption(session, rules, EXEMPT_FROM, subject, source, **term)


def entries(_session: Session, _counting: Counting) -> Iterator[Entry]:
    """Yield nothing: a registration is a state, not an occasion."""
    yield from ()


def facts(session: Session) -> Iterator[Fact]:
    """Yield what must stand or have stood: primary registrations accepted or still waiting, the
    days on which they rested, and what nobody owed meanwhile."""
    primary = sa.select(CommunityRegistration).where(
        CommunityRegistration.kind == RegistrationKind.PRIMARY
    )
    pauses: dict[int, list[RegistrationPause]] = defaultdict(list)
    for pause in session.scalars(queries.pauses()):
        pauses[pause.registration_id].append(pause)
    for row in session.scalars(primary.execution_options(yield_per=1000)):
        if row.status is S.SUBMITTED:
            subject, source = subject_of(row), source_of(row)
            yield Fact(UNANSWERED, subject, source, unanswered_from(row), None)
        if row.accepted_on is not None and row.end_reason is not EndReason.DATA_ERROR:
            yield from _stood(row, row.accepted_on, pauses.get(row.id, []))


def _stood(
    row: CommunityRegistration, since: date, pauses: list[RegistrationPause]
) -> Iterator[Fact]:
    """Yield what stands between the pauses, and the member's exemptions within them."""
    subject, source = subject_of(row), source_of(row)
    begins: date | None = since
    for pause in pauses:
        if begins is not None:
            yield Fact(FACT, subject, source, begins, pause.starts_on)
        for rule_id in EXEMPT_FROM:
            rested = source_of_pause(pause)
            yield Fact(exemption_kind(rule_id), subject, rested, pause.starts_on, pause.ends_on)
        begins = pause.ends_on
    if begins is not None:
        yield Fact(FACT, subject, source, begins, row.ended_on)


def explain(session: Session, _counting: Counting, subject: Subject, year: int) -> list[Explained]:
    """Return the member's primary registrations that were alive in `year`."""
    rows = session.scalars(
        queries.of_member(subject.id)
        .where(CommunityRegistration.kind == RegistrationKind.PRIMARY)
        .order_by(CommunityRegistration.id)
    ).all()
    return [_explain(row) for row in rows if _touches(row, year)]


def _touches(row: CommunityRegistration, year: int) -> bool:
    first = clock.local_date(row.submitted_at)
    return first.year <= year and (row.ended_on is None or row.ended_on >= date(year, 1, 1))


def _explain(row: CommunityRegistration) -> Explained:
    day = row.accepted_on or clock.local_date(row.submitted_at)
    title = f"向{row.community.name if row.community else '本市以外的社区'}报到"
    return Explained(source_of(row), day, title, _why_not(row))


def _why_not(row: CommunityRegistration) -> str | None:
    if row.status is S.SUBMITTED:
        overdue = clock.today() > row.answer_due_on
        return None if overdue else "等待社区接收。"
    if row.end_reason is EndReason.DATA_ERROR:
        return "该报到因登记有误已作废。"
    return {
        S.RETURNED: "社区已退回，请补充后重新提交。",
        S.REJECTED: "社区未接收。",
        S.WITHDRAWN: "您已撤回。",
        S.PAUSED: "报到已暂停，暂停期间免于履行。",
        S.ENDED: "该报到已结束。",
    }.get(row.status)
