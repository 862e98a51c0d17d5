"""Whatever contacts, receivers and the calendar do in whichever order: the promises hold."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from backend.community.unit_registrations import queries, service
from backend.community.unit_registrations.models import UnitRegistration, UnitRegistrationStatus
from backend.core import clock
from backend.core.crypto import Crypto
from backend.core.errors import DomainError
from backend.ledger.rulepack import RulePack
from backend.support.notifications.models import Notification
from tests.backend.community.unit_registrations.scene import VENUE, Scene
from tests.factories import Make
from tests.random_cases import cases

S = UnitRegistrationStatus
STEPS = ("submit", "resubmit", "withdraw", "accept", "return", "end", "renew", "january")
EVENTS = st.lists(
    st.tuples(st.sampled_from(STEPS), st.booleans(), st.integers(0, 3)), min_size=3, max_size=14
)


class Story:
    """One example: two receivers, a contact, the officers, and time that goes on."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.session = scene, scene.session
        self.now = datetime(2025, 10, 1, 9, tzinfo=clock.SHANGHAI)

    def step(self, name: str, at_street: bool, which: int) -> None:
        self.now += timedelta(days=40)
        with clock.at(self.now):
            try:
                self._do(name, at_street, which)
            except DomainError:
                self.session.expire_all()
            self.check()

    def _do(self, name: str, at_street: bool, which: int) -> None:
        scene = self.scene
        if name == "submit":
            scene.submit(scene.street if at_street else scene.community)
            return
        if name == "january":
            service.let_fall_due(self.session)
            return
        rows = self.session.scalars(sa.select(UnitRegistration).order_by(UnitRegistration.id)).all()
        if not rows:
            return
        row = rows[which % len(rows)]
        receiver = scene.officer if at_street else scene.secretary
        contact = {"actor": scene.contact, "registration_id": row.id}
        decider = {"actor": receiver, "registration_id": row.id}
        steps: dict[str, tuple[Callable[..., object], dict[str, Any]]] = {
            "resubmit": (service.resubmit, contact | {"plan": "改过", "resources": [VENUE]}),
            "withdraw": (service.withdraw, contact),
            "renew": (service.renew, contact),
            "accept": (service.accept, decider),
            "return": (service.send_back, decider | {"reason": "补充"}),
            "end": (service.end, decider | {"reason": "计划已完成"}),
        }
        step, given = steps[name]
        step(self.session, **given)

    def check(self) -> None:
        rows = self.session.scalars(sa.select(UnitRegistration)).all()
        live = [(row.unit_id, row.area_id) for row in rows if row.status in queries.LIVE]
        assert len(live) == len(set(live))
        for row in rows:
            stood = row.status in (S.ACTIVE, S.RENEWAL_DUE, S.ENDED)
            assert (row.receipt_no is not None) == stood
            assert (row.ended_on is not None) == (row.status is S.ENDED)
        assert self.scene.differences() == []
        self._every_notification_has_its_cause({row.as_subject: row for row in rows})

    def _every_notification_has_its_cause(self, rows: dict[str, UnitRegistration]) -> None:
        for one in self.session.scalars(sa.select(Notification)):
            row = rows[one.subject]
            cause = {
                "unit_registrations.submitted": True,
                "unit_registrations.accepted": row.receipt_no is not None,
                "unit_registrations.returned": row.return_reason is not None,
                "unit_registrations.renewal_due": row.accepted_on is not None
                and row.accepted_on.year < self.now.year,
                "unit_registrations.ended": row.status is S.ENDED,
            }
            assert cause[one.kind], (one.kind, row.status)


@given(events=EVENTS)
@cases(4)
def test_no_order_of_events_breaks_a_promise(
    session: Session, rules: RulePack, keys: Crypto, events: list[tuple[str, bool, int]]
) -> None:
    example = session.begin_nested()
    try:
        story = Story(Scene(session, rules, Make(session, keys)))
        for event in events:
            story.step(*event)
    finally:
        example.rollback()
