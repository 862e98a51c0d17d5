"""Random lives of a meeting: whatever several people try, in whatever order, its promises hold."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from backend.branch_life.meetings import attendance, seal, service
from backend.branch_life.meetings.attendance import Mark
from backend.branch_life.meetings.leave import service as leave
from backend.branch_life.meetings.leave.models import LeaveRequest, LeaveStatus
from backend.branch_life.meetings.minutes import service as minutes
from backend.branch_life.meetings.models import (
    AbsenceReason,
    AttendanceRecord,
    AttendanceStatus,
    Meeting,
)
from backend.branch_life.meetings.voting import exclusions
from backend.branch_life.meetings.voting import service as voting
from backend.branch_life.meetings.voting.arithmetic import Count, Votes
from backend.branch_life.meetings.voting.exclusions import Decision
from backend.branch_life.meetings.voting.models import (
    DecisionKind,
    ExclusionGround,
    Outcome,
    Resolution,
    ResolutionStatus,
)
from backend.branch_life.meetings.voting.service import Vote
from backend.core import clock
from backend.core.actor import Actor
from backend.core.crypto import Crypto
from backend.core.errors import DomainError
from backend.ledger.rulepack import RulePack
from backend.support.notifications.models import Notification
from tests import ledger
from tests.factories import Make
from tests.random_cases import cases

NOW = datetime(2026, 11, 25, 15, tzinfo=clock.SHANGHAI)
S = AttendanceStatus

EVENTS = st.lists(
    st.tuples(
        st.sampled_from(
            ["join", "list", "ask", "approve", "refuse", "withdraw", "vote", "void", "exclude",
             "write", "amend", "close", "cancel", "wait"]
        ),
        st.integers(0, 3),
        st.integers(0, 5),
    ),
    min_size=4,
    max_size=18,
)  # fmt: skip


class Life:
    """A branch of a secretary and three members, and a meeting that begins in an hour."""

    def __init__(self, session: Session, rules: RulePack, make: Make) -> None:
        self.session, self.rules, self.now = session, rules, NOW
        branch = make.branch()
        self.secretary = make.branch_secretary(branch)
        people = [make.actor(make.member(branch)) for _ in range(3)]
        self.people: list[Actor] = [self.secretary, *people]
        begin = NOW + timedelta(hours=1)
        self.id = make.meeting(branch, starts_at=begin, ends_at=begin + timedelta(hours=1)).id
        self.sealed: str | None = None

    def step(self, name: str, who: int, number: int) -> None:
        """Try one event; what is refused changes nothing."""
        actor = self.people[who]
        with clock.at(self.now), suppress(DomainError), self.session.begin_nested():
            self._events()[name](actor, number)
        self.session.expire_all()

    def _events(self) -> dict[str, Callable[[Actor, int], Any]]:
        here: dict[str, Any] = {"meeting_id": self.id}
        s = self.session
        return {
            "join": lambda a, _: attendance.attend(s, actor=a, **here),
            "list": lambda a, n: attendance.write_list(s, actor=a, entries=self._marks(n), **here),
            "ask": lambda a, _: leave.ask(s, actor=a, reason=AbsenceReason.WORK, **here),
            "approve": lambda a, n: leave.approve(
                s, actor=a, request_id=self._nth(LeaveRequest, n)
            ),
            "refuse": lambda a, n: leave.refuse(
                s, actor=a, request_id=self._nth(LeaveRequest, n), reason="请到会"
            ),
            "withdraw": lambda a, n: leave.withdraw(
                s, actor=a, request_id=self._nth(LeaveRequest, n)
            ),
            "vote": lambda a, n: voting.record(s, actor=a, vote=self._vote(n), **here),
            "void": lambda a, n: voting.void(
                s, actor=a, resolution_id=self._nth(Resolution, n), reason="计票有误"
            ),
            "exclude": lambda a, n: exclusions.exclude(
                s, actor=a, decision=self._decision(n), **here
            ),
            "write": lambda a, n: minutes.save(s, actor=a, version=n % 3, content="记录", **here),
            "amend": lambda a, _: minutes.amend(s, actor=a, content="更正", **here),
            "close": lambda a, _: service.close(s, self.rules, actor=a, **here),
            "cancel": lambda a, _: service.cancel(s, actor=a, reason="改期", **here),
            "wait": lambda _, n: self._wait(n),
        }

    def _wait(self, number: int) -> None:
        self.now += timedelta(minutes=20 * (number + 1))

    def _marks(self, number: int) -> dict[int, Mark]:
        member = self.people[number % 4].member_id or 0
        return {member: Mark(list(S)[number % 3])}

    def _vote(self, number: int) -> Vote:
        kind = (DecisionKind.ORDINARY, DecisionKind.ADMISSION)[number % 2]
        return Vote("决议", Count(kind, Votes(number), Votes(number % 2)))

    def _decision(self, number: int) -> Decision:
        member = self.people[number % 4].member_id or 0
        return Decision(member, ExclusionGround.ABROAD, "批复", NOW.date(), adopted=number > 1)

    def _nth(self, model: Any, number: int) -> int:
        ids = self.session.scalars(sa.select(model.id).order_by(model.id)).all()
        return ids[number % len(ids)] if ids else 0

    def promises(self) -> None:
        """Assert what holds whatever happened."""
        meeting = self.session.get_one(Meeting, self.id)
        lines = self.session.scalars(sa.select(AttendanceRecord)).all()
        self._one_line_each(lines)
        self._leave_agrees(lines)
        self._votes_follow_their_totals()
        self._news_have_causes()
        if meeting.closing_hash is not None:
            self._sealed_for_good(meeting, lines)
        assert ledger.differences(self.session, self.rules) == []

    def _one_line_each(self, lines: Any) -> None:
        assert len({line.member_id for line in lines}) == len(lines)
        assert all((line.reason is None) or line.status is not S.PRESENT for line in lines)

    def _leave_agrees(self, lines: Any) -> None:
        requests = self.session.scalars(sa.select(LeaveRequest)).all()
        live = [r for r in requests if r.status in (LeaveStatus.SUBMITTED, LeaveStatus.APPROVED)]
        assert len({request.member_id for request in live}) == len(live)
        on_list = {line.member_id for line in lines}
        approved = [r.member_id for r in requests if r.status is LeaveStatus.APPROVED]
        assert set(approved) <= on_list
        assert all(r.decided_by is None or r.decided_by != self._account(r) for r in requests)

    def _account(self, request: LeaveRequest) -> int:
        mine = [one for one in self.people if one.member_id == request.member_id]
        return mine[0].account_id

    def _votes_follow_their_totals(self) -> None:
        for vote in self.session.scalars(sa.select(Resolution)):
            carried = 2 * (vote.yes + vote.written_yes) > vote.due
            assert vote.present <= vote.due
            assert (vote.outcome is Outcome.PASSED) <= carried

    def _news_have_causes(self) -> None:
        told = self.session.scalars(sa.select(Notification)).all()
        kinds = [news.kind for news in told]
        requests = self.session.scalars(sa.select(LeaveRequest)).all()
        assert kinds.count("meetings.leave_requested") <= len(requests)
        decided = [r for r in requests if r.decided_at is not None]
        assert kinds.count("meetings.leave_approved") + kinds.count(
            "meetings.leave_refused"
        ) == len(decided)

    def _sealed_for_good(self, meeting: Meeting, lines: Any) -> None:
        self.sealed = self.sealed or meeting.closing_hash
        assert meeting.closing_hash == self.sealed == seal.of_meeting(self.session, meeting)
        assert meeting.due_count == len(self.people) == len(lines)
        waiting = sa.select(LeaveRequest).where(LeaveRequest.status == LeaveStatus.SUBMITTED)
        assert self.session.scalars(waiting).all() == []
        standing = sa.select(Resolution).where(Resolution.status == ResolutionStatus.RECORDED)
        for vote in self.session.scalars(standing):
            assert vote.present <= (meeting.present_voters or 0)


@cases(4)
@given(events=EVENTS)
def test_no_order_of_events_breaks_a_promise(
    session: Session, rules: RulePack, keys: Crypto, events: list[tuple[str, int, int]]
) -> None:
    with session.begin_nested() as undone:
        with clock.at(NOW):
            life = Life(session, rules, Make(session, keys))
        for name, who, number in events:
            life.step(name, who, number)
            life.promises()
        undone.rollback()
