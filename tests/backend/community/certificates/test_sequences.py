"""Whatever member, committee and the records do in whichever order: the promises hold."""

from contextlib import suppress
from datetime import date

import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from backend.community.certificates import papers, queries
from backend.community.certificates.models import (
    CertificateStanding,
    CertificateStatus,
    ServiceCertificate,
)
from backend.community.volunteering.models import ServiceRecord, ServiceRecordStatus
from backend.core import clock
from backend.core.crypto import Crypto
from backend.core.errors import DomainError
from backend.ledger.rulepack import RulePack
from backend.support.notifications.models import Notification
from tests.backend.community.certificates.scene import NOW, Scene
from tests.factories import Make
from tests.random_cases import cases

S = CertificateStatus
STEPS = ("serve", "void", "issue", "revoke")
EVENTS = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 3)), min_size=3, max_size=14)


class Story:
    def __init__(self, scene: Scene) -> None:
        self.scene, self.session = scene, scene.session
        self.days = iter(range(1, 32))
        scene.serve(date(2026, 4, 1))

    def step(self, name: str, which: int) -> None:
        with suppress(DomainError):  # a step that is refused changes nothing
            self._do(name, which)
        self.session.flush()
        self.session.expire_all()
        self.check()

    def _do(self, name: str, which: int) -> None:
        if name == "serve":
            self.scene.serve(date(2026, 5, next(self.days)))
        elif name == "issue":
            self.scene.issue()
        elif name == "void":
            records = self.session.scalars(sa.select(ServiceRecord).order_by(ServiceRecord.id))
            found = records.all()
            self.scene.void(found[which % len(found)])
        elif rows := self.certificates():
            self.scene.revoke(rows[which % len(rows)])

    def certificates(self) -> list[ServiceCertificate]:
        return list(self.session.scalars(queries.shown().order_by(ServiceCertificate.id)))

    def check(self) -> None:
        rows = self.certificates()
        for row in rows:
            assert row.services == len(row.records)
            assert row.minutes == sum(one.minutes for one in row.records)
            self._its_number_says_what_is_true(row)
        assert self.scene.differences() == []
        self._every_notification_has_its_cause({row.as_subject: row for row in rows})

    def _its_number_says_what_is_true(self, row: ServiceCertificate) -> None:
        ids = [one.record_id for one in row.records]
        states = self.session.scalars(
            sa.select(ServiceRecord.status).where(ServiceRecord.id.in_(ids))
        ).all()
        intact = all(state is ServiceRecordStatus.CONFIRMED for state in states)
        found = papers.verify(self.session, row.number)
        assert found is not None
        assert (found.standing is CertificateStanding.VALID) == (intact and row.status is S.ISSUED)

    def _every_notification_has_its_cause(self, rows: dict[str, ServiceCertificate]) -> None:
        about = sa.select(Notification).where(Notification.subject.in_(rows))
        for one in self.session.scalars(about):
            assert one.kind == "certificates.revoked"
            assert rows[one.subject].status is S.REVOKED


@given(events=EVENTS)
@cases(4)
def test_no_order_of_events_breaks_a_promise(
    session: Session, rules: RulePack, keys: Crypto, events: list[tuple[str, int]]
) -> None:
    example = session.begin_nested()
    try:
        with clock.at(NOW):
            story = Story(Scene(session, rules, Make(session, keys)))
            for event in events:
                story.step(*event)
    finally:
        example.rollback()
