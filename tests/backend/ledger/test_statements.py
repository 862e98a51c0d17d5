"""How many statements a confirmation runs: what the ledger adds is the same for everybody."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.registrations import service as registrations
from backend.community.registrations.applying import Application
from backend.community.volunteering import service as volunteering
from backend.core import clock
from backend.ledger import service as ledger
from backend.ledger.models import SubjectKind
from backend.ledger.rulepack import RulePack
from backend.ledger.service import Entry, Source
from backend.ledger.subjects import Subject
from tests.factories import Make, service_facts
from tests.ledger import bind
from tests.miniprogram_api.test_statements import counted


def test_a_posting_runs_so_many_statements(
    session: Session, connection: sa.Connection, rules: RulePack, make: Make
) -> None:
    """Lock; revision; the posting; its month counted and written; tallies, facts, year, rollup."""
    member = make.member(make.branch())
    session.flush()
    bind(session, rules)

    def post(number: int) -> Any:
        today = clock.today()
        source = Source("made_up", number)
        subject = Subject(SubjectKind.MEMBER, member.id)
        return ledger.post(
            session, rules, Entry("volunteer_service", subject, source, today, today, str(number))
        )

    with counted(connection) as second_makes_it_two:
        post(1)
        post(2)
    with counted(connection) as third_changes_nothing:
        post(3)

    assert len(second_makes_it_two) <= 16
    assert len(third_changes_nothing) <= 7


def test_a_confirmation_runs_so_many_statements(
    session: Session, connection: sa.Connection, rules: RulePack, make: Make
) -> None:
    community = make.community()
    secretary = make.community_secretary(community)
    actor = make.actor(make.member(community_id=community.id))
    said = volunteering.Logging(
        community_code=community.code, facts=service_facts(clock.now() - timedelta(hours=5))
    )
    record = volunteering.submit(session, rules, actor=actor, said=said)
    other = make.actor(make.member())
    applied = Application(community_code=community.code)
    row = registrations.submit(session, rules, actor=other, said=applied)
    session.flush()
    bind(session, rules)

    with counted(connection) as confirming:
        volunteering.confirm(session, rules, actor=secretary, record_id=record.id)
        session.flush()
    with counted(connection) as accepting:
        registrations.accept(session, rules, actor=secretary, registration_id=row.id)
        session.flush()

    assert len(confirming) <= 19, confirming
    # Two facts in one change: the community owes no answer any more, and the registration stands.
    assert len(accepting) <= 19, accepting
