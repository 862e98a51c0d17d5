"""The made-up city: the same each time it is made, sound, and with something left to do in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.branch_life.meetings.models import Meeting
from backend.city.demo import cases, city, demand_life, names, people, registers
from backend.community.claims.models import ProjectClaim
from backend.community.demands.models import Demand, DemandList, DemandStatus
from backend.community.registrations.models import CommunityRegistration, RegistrationStatus
from backend.community.volunteering.models import ServiceRecord, ServiceRecordStatus
from backend.core import clock
from backend.core.crypto import Crypto
from backend.core.db import Database
from backend.ledger.rulepack import RulePack
from backend.people.areas.models import Area
from backend.people.members.models import Account, Member
from backend.support.attachments.store import Folder
from backend.support.notifications.models import Notification
from tests import ledger

SMALL = 2


@pytest.fixture(scope="module", autouse=True)
def _small() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(city, "COMMUNITIES", city.COMMUNITIES[:SMALL])
        patch.setattr(names, "BUREAUS", names.BUREAUS[:SMALL])
        patch.setattr(registers, "MOST", SMALL)
        yield


def what_happened(session: Session) -> list[object]:
    """Return who did what and when, without ids and what is secret."""
    questions = (
        sa.select(Member.name, Member.category).order_by(Member.id),
        sa.select(CommunityRegistration.submitted_at, CommunityRegistration.status).order_by(
            CommunityRegistration.id
        ),
        sa.select(ServiceRecord.content, ServiceRecord.started_at, ServiceRecord.status).order_by(
            ServiceRecord.id
        ),
        sa.select(Meeting.kind, Meeting.starts_at, Meeting.present_count).order_by(Meeting.id),
        sa.select(ProjectClaim.status, ProjectClaim.created_at).order_by(ProjectClaim.id),
    )
    return [tuple(row) for question in questions for row in session.execute(question)]


@dataclass
class Loaded:
    session: Session
    files: Path
    # What happened in a city loaded before, at the same moment.
    before: list[object]


@pytest.fixture(scope="module")
def loaded(
    engine: sa.Engine, keys: Crypto, rules: RulePack, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Loaded]:
    """A city as it was loaded: the tests read it only."""
    files = tmp_path_factory.mktemp("files")
    with clock.at(clock.now()):
        with one_session(engine) as session:
            city.load(session, keys, rules, Folder(tmp_path_factory.mktemp("before")))
            before = what_happened(session)
        with one_session(engine) as session:
            city.load(session, keys, rules, Folder(files))
            yield Loaded(session, files, before)


@contextmanager
def one_session(engine: sa.Engine) -> Iterator[Session]:
    with engine.connect() as connection, connection.begin() as transaction:
        with Database(connection).transaction() as session:
            yield session
        transaction.rollback()


def test_the_same_seed_makes_the_same_city(loaded: Loaded) -> None:
    assert len(loaded.before) > 100
    assert what_happened(loaded.session) == loaded.before


def test_a_year_has_passed_in_order_and_the_ledger_is_right(
    loaded: Loaded, rules: RulePack
) -> None:
    session = loaded.session

    for table in (CommunityRegistration, ServiceRecord, Meeting, ProjectClaim, Notification):
        moments = session.scalars(sa.select(table.created_at).order_by(table.id)).all()
        assert list(moments) == sorted(moments), table
        assert moments[0] < clock.now() - timedelta(days=60)
    assert ledger.differences(session, rules) == []


def test_what_seldom_happens_can_be_looked_at_once_each(loaded: Loaded) -> None:
    session = loaded.session
    rows = session.scalars(sa.select(CommunityRegistration))
    known = {row.member.name: row for row in rows}

    assert known[cases.PAUSED].status is RegistrationStatus.PAUSED
    assert known[cases.ON_PAPER].slip_no == cases.SLIP_NO
    assert known[cases.ELSEWHERE].external_place is not None
    assert known[cases.ELSEWHERE].status is RegistrationStatus.ACTIVE
    disputed = sa.select(ServiceRecord).where(ServiceRecord.status == ServiceRecordStatus.DISPUTED)
    assert [row.member.name for row in session.scalars(disputed)] == [cases.DISPUTES]
    on_paper = sa.select(ServiceRecord).where(ServiceRecord.slip_no == cases.SERVICE_SLIP_NO)
    assert session.scalars(on_paper).one().member.name == cases.ON_PAPER
    assert len([path for path in loaded.files.rglob("*") if path.is_file()]) == 1


def test_those_who_can_sign_in_have_everything_before_them(loaded: Loaded) -> None:
    session = loaded.session
    lines = session.scalars(sa.select(Area.contact_phone).where(Area.code.in_(city.COMMUNITIES)))
    assert list(lines) == [city.HOTLINE] * SMALL
    known = {person.name for person in people.ROSTER}
    mine = set(session.scalars(sa.select(Member.id).where(Member.name.in_(known))))

    for table in (CommunityRegistration, ServiceRecord, ProjectClaim):
        assert not mine & set(session.scalars(sa.select(table.member_id)))
    linked = session.scalars(
        sa.select(Member.name).join(Account, Account.member_id == Member.id)
    ).all()
    assert known - set(linked) == {people.NEWCOMER.name}
    coming = sa.select(Meeting).where(Meeting.starts_at > clock.now())
    assert len(session.scalars(coming).all()) == SMALL


def test_demands_wait_and_stand_on_this_years_list(loaded: Loaded) -> None:
    session = loaded.session
    demands = session.scalars(sa.select(Demand).order_by(Demand.title)).all()
    known = {row.title: row.status for row in demands}
    (listed,) = session.scalars(sa.select(DemandList))

    assert known == {
        demand_life.LIGHTS.title: DemandStatus.PUBLISHED,
        demand_life.RADIO.title: DemandStatus.PUBLISHED,
        demand_life.DARK.title: DemandStatus.MERGED,
        demand_life.FEES.title: DemandStatus.DECLINED,
        demand_life.CHARGING.title: DemandStatus.ACCEPTED,
        demand_life.CORRIDOR.title: DemandStatus.SUBMITTED,
        demand_life.OPEN_DAY.title: DemandStatus.SUBMITTED,
    }
    assert listed.year == clock.today().year
    on_list = {one.title for one in listed.demands}
    assert on_list == {demand_life.LIGHTS.title, demand_life.RADIO.title}
