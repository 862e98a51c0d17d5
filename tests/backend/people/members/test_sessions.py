"""How long somebody stays signed in: 30 days of silence, 90 days in all (architecture 7)."""

import hashlib
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.audit.models import AuditEntry
from backend.core import clock
from backend.core.actor import Actor
from backend.core.errors import Unauthenticated
from backend.people.members import acting, service
from backend.people.members.models import LoginSession
from tests.factories import Make

DAY = timedelta(days=1)


class Device:
    """A phone that signed in at `since`; `works` uses it some days later."""

    def __init__(self, session: Session, make: Make) -> None:
        self.session, self.since = session, clock.now()
        with clock.at(self.since):
            self.token = service.open_session(session, make.account(make.member())).token

    def works(self, days: float) -> bool:
        with clock.at(self.since + days * DAY):
            try:
                acting.actor_of(self.session, self.token)
            except Unauthenticated:
                return False
        self.session.flush()
        return True

    def expires_at(self) -> datetime:
        return self.session.scalars(sa.select(LoginSession.expires_at)).one()


@pytest.fixture
def device(session: Session, make: Make) -> Device:
    return Device(session, make)


def test_thirty_days_of_silence_end_a_session(device: Device) -> None:
    assert device.works(29.9)
    assert not device.works(29.9 + 30.1)


def test_use_extends_it_at_most_once_a_day(device: Device) -> None:
    first = device.expires_at()
    device.works(0.9)
    assert device.expires_at() == first
    device.works(1)
    assert device.expires_at() == first + DAY


def test_after_ninety_days_one_signs_in_again_however_often_it_was_used(device: Device) -> None:
    assert all(device.works(days) for days in range(0, 90, 10))
    assert device.works(89.9)
    assert not device.works(90)


def test_of_the_token_only_its_hash_is_kept(device: Device) -> None:
    kept = device.session.scalars(sa.select(LoginSession.token_hash)).one()

    assert kept == hashlib.sha256(device.token.encode()).hexdigest()


def test_what_has_expired_is_forgotten_and_nothing_else(device: Device, make: Make) -> None:
    with clock.at(device.since + 31 * DAY):
        service.open_session(device.session, make.account(make.member()))
        assert service.purge_sessions(device.session) == 1
        assert service.purge_sessions(device.session) == 0
    assert device.session.scalar(sa.select(sa.func.count(LoginSession.id))) == 1


def test_signing_in_and_out_and_a_number_that_was_not_proven_stay_on_record(
    session: Session, make: Make
) -> None:
    account = make.account(make.member())
    actor = Actor(account.id)
    service.note_failed_link(session, actor=actor, why="phone_unknown")
    token = service.open_session(session, account).token
    service.close_session(session, actor=actor, token=token)
    kept = session.execute(
        sa.select(AuditEntry.action, AuditEntry.detail)
        .where(AuditEntry.actor_id == account.id)
        .order_by(AuditEntry.id)
    ).all()

    assert [action for action, _ in kept] == [
        "member.link_failed",
        "session.opened",
        "session.closed",
    ]
    assert token not in str(kept)
