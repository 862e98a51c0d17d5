"""Two at once, each in a real transaction. One rolled-back connection cannot show this."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.accounts.onboarding import service as onboarding
from backend.accounts.onboarding.flow import Entry
from backend.accounts.onboarding.models import LinkApplication
from backend.accounts.onboarding.service import RosterNoMatch
from backend.branch_life.meetings import attendance
from backend.branch_life.meetings import service as meetings
from backend.branch_life.meetings.models import AttendanceRecord
from backend.community.claims import service as claims
from backend.community.claims.models import ProjectClaim
from backend.community.projects.models import ServiceProject
from backend.community.registrations import service as registrations
from backend.community.registrations.applying import Application
from backend.community.registrations.models import CommunityRegistration
from backend.community.volunteering import service as volunteering
from backend.community.volunteering.models import ServiceCategory
from backend.core import clock, idempotency
from backend.core.actor import Actor, Grant, Role
from backend.core.crypto import Crypto
from backend.core.db import Database
from backend.core.errors import Conflict
from backend.ledger.models import Posting, Tally
from backend.ledger.rulepack import RulePack
from backend.people.members.models import Account, Member
from tests import ledger as city_ledger
from tests.factories import Make, service_facts

Step = Callable[[Session], Any]


@pytest.fixture
def world(committed: Database, keys: Crypto) -> Iterator[tuple[Database, Make, Session]]:
    with committed.transaction() as session:
        yield committed, Make(session, keys), session


def meet(database: Database, first: Step, second: Step) -> tuple[Any, "Future[Any]"]:
    """Run `first` to its end but one, start `second`, see it wait, then commit `first`."""

    def rival() -> Any:
        with database.transaction() as session:
            return second(session)

    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as session:
            result = first(session)
            session.flush()
            waiting = pool.submit(rival)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.3)
        waiting.exception(timeout=10)
    return result, waiting


def scene(make: Make, session: Session) -> dict[str, Any]:
    """Two registered members, a secretary and a project with one place; committed."""
    community = make.community()
    actors = [make.actor(make.member(community_id=community.id)) for _ in range(2)]
    found = {
        "community": community,
        "secretary": make.community_secretary(community),
        "actors": actors,
        "project": make.project(community, places=1),
    }
    session.commit()
    return found


def test_two_members_race_for_the_last_place_and_exactly_one_wins(
    world: tuple[Database, Make, Session], rules: RulePack
) -> None:
    database, make, session = world
    given = scene(make, session)

    def claim(actor: Actor) -> Step:
        return lambda s: claims.claim(
            s, rules, actor=actor, project_id=given["project"].id, said=claims.Claiming()
        )

    first, second = map(claim, given["actors"])
    _, rival = meet(database, first, second)

    with pytest.raises(Conflict, match="project_full"):
        rival.result()
    with database.transaction() as check:
        assert len(check.scalars(sa.select(ProjectClaim)).all()) == 1
        assert check.get_one(ServiceProject, given["project"].id).claimed == 1


def test_forty_members_and_three_places_make_three_claims(
    world: tuple[Database, Make, Session], rules: RulePack
) -> None:
    database, make, session = world
    community = make.community()
    crowd = [make.actor(make.member(community_id=community.id)) for _ in range(40)]
    project = make.project(community, places=3)
    session.commit()

    def claim(actor: Actor) -> str:
        try:
            with database.transaction() as own:
                claims.claim(own, rules, actor=actor, project_id=project.id, said=claims.Claiming())
        except Conflict as refusal:
            return refusal.code
        return "won"

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(claim, crowd))

    assert outcomes.count("won") == 3
    assert outcomes.count("project_full") == 37


def test_a_double_tap_registers_once(
    world: tuple[Database, Make, Session], rules: RulePack
) -> None:
    database, make, session = world
    given = scene(make, session)

    def submit(s: Session) -> CommunityRegistration:
        return registrations.submit(
            s,
            rules,
            actor=given["actors"][0],
            said=Application(community_code=given["community"].code),
        )

    _, rival = meet(database, submit, submit)

    with pytest.raises(Conflict, match="already_registered"):
        rival.result()
    with database.transaction() as check:
        assert len(check.scalars(sa.select(CommunityRegistration)).all()) == 1


def test_a_double_tap_accepts_once_with_one_receipt(
    world: tuple[Database, Make, Session], rules: RulePack
) -> None:
    database, make, session = world
    given = scene(make, session)
    row = registrations.submit(
        session,
        rules,
        actor=given["actors"][0],
        said=Application(community_code=given["community"].code),
    )
    session.commit()

    def accept(s: Session) -> str | None:
        return registrations.accept(
            s, rules, actor=given["secretary"], registration_id=row.id
        ).receipt_no

    first, rival = meet(database, accept, accept)

    assert first == rival.result()
    with database.transaction() as check:
        assert city_ledger.differences(check, rules) == []


def test_two_confirmations_of_one_members_services_lose_no_count(
    world: tuple[Database, Make, Session], rules: RulePack
) -> None:
    database, make, session = world
    given = scene(make, session)
    first = clock.now() - timedelta(hours=5)
    records = [
        volunteering.submit(
            session,
            rules,
            actor=given["actors"][0],
            said=volunteering.Logging(
                community_code=given["community"].code,
                facts=service_facts(begin, category=category, content="巡逻"),
            ),
        ).id
        for begin, category in (
            (first, ServiceCategory.SAFETY),
            (first + timedelta(hours=2), ServiceCategory.CARE),
        )
    ]
    session.commit()

    def confirm(record_id: int) -> Step:
        return lambda s: volunteering.confirm(
            s, rules, actor=given["secretary"], record_id=record_id
        )

    _, rival = meet(database, *map(confirm, records))
    rival.result()

    with database.transaction() as check:
        assert check.scalar(sa.select(sa.func.sum(Tally.occasions))) == 2
        assert city_ledger.differences(check, rules) == []


def test_applying_again_while_being_approved_waits_and_does_not_lock_up(
    world: tuple[Database, Make, Session], keys: Crypto
) -> None:
    database, make, session = world
    branch = make.branch()
    secretary, entry = make.branch_secretary(branch), make.member(branch)
    applicant = Actor(make.account().id, consented=True)
    session.commit()

    def apply(own: Session) -> None:
        with pytest.raises(RosterNoMatch):
            onboarding.link(
                own,
                keys,
                actor=applicant,
                phone="10000000001",
                said=onboarding.Linking("code", name="某人", organization_id=branch.id),
            )

    with database.transaction() as own:
        apply(own)
        application_id = own.scalars(sa.select(LinkApplication.id)).one()

    def approve() -> LinkApplication:
        with database.transaction() as own:
            return onboarding.approve(
                own, actor=secretary, application_id=application_id, said=Entry(member_id=entry.id)
            )

    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as own:
            own.get_one(Account, applicant.account_id, with_for_update=True)
            approving = pool.submit(approve)
            with pytest.raises(TimeoutError):
                approving.result(timeout=0.3)
            apply(own)  # touches the application, which nobody who waits for us may hold
        assert approving.result(timeout=10).member_id == entry.id


def _apply(own: Session, keys: Crypto, actor: Actor, phone: str, branch_id: int) -> None:
    with pytest.raises(RosterNoMatch):
        onboarding.link(
            own,
            keys,
            actor=actor,
            phone=phone,
            said=onboarding.Linking("code", name="某人", organization_id=branch_id),
        )


def test_two_confirmations_of_one_entry_link_one_account(
    world: tuple[Database, Make, Session], keys: Crypto
) -> None:
    database, make, session = world
    branch = make.branch()
    secretary, second = make.branch_secretary(branch), make.branch_secretary(branch)
    entry, applicants = make.member(branch), [make.account().id, make.account().id]
    session.commit()
    for number, account_id in enumerate(applicants):
        with database.transaction() as own:
            _apply(own, keys, Actor(account_id), f"1000000000{number}", branch.id)
    with database.transaction() as own:
        ids = own.scalars(sa.select(LinkApplication.id).order_by(LinkApplication.id)).all()
        for id_ in ids:
            onboarding.approve(
                own, actor=secretary, application_id=id_, said=Entry(member_id=entry.id)
            )

    def confirm(id_: int) -> Step:
        return lambda own: onboarding.confirm(
            own, actor=second, application_id=id_, member_id=entry.id
        )

    _, rival = meet(database, confirm(ids[0]), confirm(ids[1]))

    with pytest.raises(Conflict, match="member_already_linked"):
        rival.result()
    linked = sa.select(sa.func.count()).where(Account.member_id == entry.id)
    assert session.scalar(linked) == 1


def test_joining_a_meeting_twice_at_once_is_one_line(
    world: tuple[Database, Make, Session],
) -> None:
    database, make, session = world
    branch = make.branch()
    actor, meeting = make.actor(make.member(branch)), make.meeting(branch)
    session.commit()

    def join(s: Session) -> int:
        return attendance.attend(s, actor=actor, meeting_id=meeting.id).id

    first, rival = meet(database, join, join)

    assert first == rival.result()
    with database.transaction() as check:
        assert len(check.scalars(sa.select(AttendanceRecord)).all()) == 1


def test_a_parallel_repeat_waits_and_gets_the_stored_answer(
    world: tuple[Database, Make, Session], keys: Crypto
) -> None:
    database, make, session = world
    account = make.account()
    session.commit()

    def first(s: Session) -> None:
        assert idempotency.begin(s, keys, account_id=account.id, key="k", request_hash="h") is None
        idempotency.finish(s, keys, account_id=account.id, key="k", status=201, answer='{"id": 1}')

    def again(s: Session) -> tuple[int, str] | None:
        return idempotency.begin(s, keys, account_id=account.id, key="k", request_hash="h")

    _, rival = meet(database, first, again)

    assert rival.result() == (201, '{"id": 1}')


@contextmanager
def _unchanged(database: Database) -> Iterator[None]:
    """Every row of every table must be the same afterwards."""
    before = _snapshot(database)
    yield
    assert _snapshot(database) == before


def _snapshot(database: Database) -> dict[str, list[Any]]:
    with database.transaction() as session:
        return {
            table.name: sorted(map(repr, session.execute(sa.select(table)).all()))
            for table in Member.metadata.sorted_tables
        }


def test_a_refused_claim_changes_nothing(
    world: tuple[Database, Make, Session], rules: RulePack
) -> None:
    database, make, session = world
    given = scene(make, session)
    first, second = given["actors"]
    with database.transaction() as own:
        claims.claim(
            own, rules, actor=first, project_id=given["project"].id, said=claims.Claiming()
        )

    with (
        _unchanged(database),
        pytest.raises(Conflict, match="project_full"),
        database.transaction() as own,
    ):
        claims.claim(
            own, rules, actor=second, project_id=given["project"].id, said=claims.Claiming()
        )


def test_a_closing_that_fails_late_leaves_neither_posting_nor_trail(
    world: tuple[Database, Make, Session], rules: RulePack
) -> None:
    """The branch is not there for the ledger's place: the last statement breaks, all is undone."""
    database, make, session = world
    branch = make.branch()
    secretary, member = make.branch_secretary(branch), make.actor(make.member(branch))
    meeting = make.meeting(branch)
    attendance.attend(session, actor=member, meeting_id=meeting.id)
    session.commit()
    grants = (Grant(Role.BRANCH_SECRETARY, organization_id=branch.id),)
    broken = Actor(**{**secretary.__dict__, "account_id": 2**70, "grants": grants})

    with (
        _unchanged(database),
        pytest.raises((sa.exc.DBAPIError, OverflowError)),
        database.transaction() as own,
    ):
        meetings.close(own, rules, actor=broken, meeting_id=meeting.id)
    with database.transaction() as check:
        assert check.scalars(sa.select(Posting)).all() == []
