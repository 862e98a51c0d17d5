"""Random days of several people at once: whatever they do with records, the ledger stays right."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from backend.community.volunteering import service
from backend.community.volunteering.facts import Facts
from backend.community.volunteering.models import (
    ServiceCategory,
    ServiceRecord,
    ServiceRecordStatus,
)
from backend.core import clock
from backend.core.actor import Actor
from backend.core.errors import Conflict, Forbidden, NotFound
from backend.ledger.models import Tally
from backend.ledger.rulepack import RulePack
from backend.support.notifications.models import Notification, Reminder
from tests import ledger as city_ledger
from tests.factories import Make, service_facts
from tests.random_cases import cases

S = ServiceRecordStatus

EVENTS = (
    "submit", "confirm", "return", "resubmit", "withdraw", "void", "dispute", "drop_dispute",
    "uphold", "correct",
)  # fmt: skip
OF_MEMBER = {"submit", "resubmit", "withdraw", "dispute", "drop_dispute"}
# (what; who of two members and two secretaries, or from 4 on who fits; which record; minutes)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(EVENTS),
        st.integers(0, 9),
        st.integers(0, 3),
        st.sampled_from([20, 30, 90]),
    ),
    max_size=25,
)


class Town:
    def __init__(self, session: Session, rules: RulePack, make: Make) -> None:
        self.session, self.rules = session, rules
        self.community = make.community()
        self.members = [make.actor(make.member()) for _ in range(2)]
        # The second secretary is a member who serves, too.
        self.secretaries = [make.community_secretary(self.community) for _ in range(2)]
        self.people = [*self.members, *self.secretaries]
        self.records: list[int] = []
        self.morning = clock.now().replace(hour=1, minute=0) - timedelta(days=9)

    def take(self, what: str, who: int, which: int, minutes: int) -> None:
        """Do one thing; what is forbidden must leave everything as it was."""
        actor = self.people[who] if who < 4 else self._fitting(what, which)
        try:
            with self.session.begin_nested():
                self._do(what, actor, which, minutes)
        except (Conflict, Forbidden, NotFound):
            self.session.expire_all()

    def _fitting(self, what: str, which: int) -> Actor:
        if what not in OF_MEMBER or not self.records:
            return self.secretaries[which % 2]
        owner = self.session.get_one(ServiceRecord, self.records[which % len(self.records)])
        return next(p for p in self.people if p.member_id == owner.member_id)

    def _do(self, what: str, actor: Actor, which: int, minutes: int) -> None:
        if what == "submit":
            self._submit(actor, which, minutes)
        elif self.records:
            self._step(what, actor, self.records[which % len(self.records)], minutes)

    def _facts(self, which: int, minutes: int) -> Facts:
        category = list(ServiceCategory)[which % 2]
        begin = self.morning + timedelta(days=which // 2)
        return service_facts(begin, minutes=minutes, category=category)

    def _submit(self, actor: Actor, which: int, minutes: int) -> None:
        record = service.submit(
            self.session,
            self.rules,
            actor=actor,
            said=service.Logging(
                community_code=self.community.code,
                facts=self._facts(which, minutes),
                is_volunteer_service=bool(which % 2),
                is_party_service=which != 3,
            ),
        )
        self.records.append(record.id)

    def _step(self, what: str, actor: Actor, record_id: int, minutes: int) -> None:
        by: dict[str, Any] = {"session": self.session, "actor": actor, "record_id": record_id}
        ruled = by | {"rules": self.rules}
        reason = {"reason": f"说明{minutes}"}
        facts = {"facts": self._facts(record_id % 4, minutes)}
        steps: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
            "confirm": (service.confirm, ruled),
            "return": (service.send_back, by | reason),
            "resubmit": (service.resubmit, ruled | facts),
            "withdraw": (service.withdraw, by),
            "void": (service.void, ruled | reason),
            "dispute": (service.dispute, by | reason),
            "drop_dispute": (service.drop_dispute, by),
            "uphold": (service.uphold, by | reason),
            "correct": (service.correct, ruled | facts | reason),
        }
        step, arguments = steps[what]
        step(**arguments)

    def check(self) -> None:
        self.session.expire_all()
        assert city_ledger.differences(self.session, self.rules) == []
        rows = list(self.session.scalars(sa.select(ServiceRecord)))
        self._check_occasions(rows)
        self._check_news({row.as_subject: row for row in rows})
        for row in rows:
            deciders = {p.member_id for p in self.people if p.account_id == row.decided_by}
            assert row.member_id not in deciders

    def _check_occasions(self, rows: list[ServiceRecord]) -> None:
        """What counts is what stands, is long enough and is Party service: once a kind and day."""
        standing = {
            (row.member_id, row.category, clock.local_date(row.started_at))
            for row in rows
            if row.stands and row.is_party_service and row.duration_min >= 30
        }
        counted = self.session.scalar(sa.select(sa.func.sum(Tally.occasions))) or 0
        assert counted == len(standing)

    def _check_news(self, rows: dict[str, ServiceRecord]) -> None:
        """No news without its cause: each says what its record has been through."""
        causes: dict[str, Callable[[ServiceRecord], object]] = {
            "volunteering.record_submitted": lambda row: row.submitted_at,
            "volunteering.record_confirmed": lambda row: row.decided_by,
            "volunteering.record_returned": lambda row: row.return_reason,
            "volunteering.record_voided": lambda row: row.void_reason or row.corrections,
            "volunteering.record_disputed": lambda row: row.dispute_reason,
            "volunteering.record_upheld": lambda row: row.decided_by and row.dispute_reason,
            "volunteering.record_corrected": lambda row: row.corrections,
        }
        for news in self.session.scalars(sa.select(Notification)):
            assert causes[news.kind](rows[news.subject])
        planned = sa.select(Reminder.subject).where(Reminder.status == "planned")
        waiting = {name for name, row in rows.items() if row.status is S.SUBMITTED}
        assert set(self.session.scalars(planned)) == waiting


@pytest.fixture
def town(session: Session, rules: RulePack, make: Make) -> Town:
    return Town(session, rules, make)


@contextmanager
def undone(session: Session) -> Iterator[None]:
    """Each example begins with the same town."""
    with session.begin_nested() as savepoint:
        yield
        savepoint.rollback()
    session.expire_all()


@cases(4)
@given(steps=STEPS)
def test_no_sequence_of_steps_breaks_the_ledger_or_tells_what_did_not_happen(
    town: Town, steps: list[tuple[str, int, int, int]]
) -> None:
    with undone(town.session):
        town.records.clear()
        for step in steps:
            town.take(*step)
        town.check()
