"""Two decide at once: one decision stands."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.accounts.appointments import service
from backend.accounts.appointments.service import Holder
from backend.core.actor import Actor, Role
from backend.core.crypto import Crypto
from backend.core.db import Database
from backend.core.errors import Conflict
from backend.people.members.models import Appointment
from tests.backend.accounts.appointments.test_who_grants import CITY, DISTRICT, Town
from tests.backend.test_races import Step, meet
from tests.factories import Make


@pytest.fixture
def town(committed: Database, keys: Crypto) -> Iterator[Town]:
    with committed.transaction() as session:
        town = Town(session, Make(session, keys))
        session.commit()
        yield town


def test_of_two_approvals_at_once_the_first_stands(committed: Database, town: Town) -> None:
    second = town.officer(Role.CITY_OFFICER, town.community.city_id)
    office, holder = town.office(Role.GRID_WORKER), town.somebody()
    row = service.propose(town.session, actor=town.people[CITY], office=office, holder=holder)
    town.session.commit()

    def by(actor: Actor) -> Step:
        return lambda s: service.approve(s, actor=actor, appointment_id=row.id).status

    _, waiting = meet(committed, by(town.people[DISTRICT]), by(second))

    refusal = waiting.exception()
    assert isinstance(refusal, Conflict)
    assert refusal.code == "appointment_state_forbids"
    decided = sa.select(Appointment.decided_by).where(Appointment.id == row.id)
    assert town.session.scalar(decided) == town.people[DISTRICT].account_id


def test_of_two_proposals_of_one_person_at_once_one_is_made(
    committed: Database, town: Town
) -> None:
    office, holder = town.office(Role.GRID_WORKER), town.somebody()
    town.session.commit()

    def by(who: str) -> Step:
        def propose(session: Session) -> Appointment:
            return service.propose(
                session, actor=town.people[who], office=office, holder=Holder(holder.member_id)
            )

        return propose

    _, waiting = meet(committed, by(CITY), by(DISTRICT))

    refusal = waiting.exception()
    assert isinstance(refusal, Conflict)
    assert refusal.code == "already_appointed"
