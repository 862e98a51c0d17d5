"""Two at once who would count one hour twice, each in a real transaction."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.volunteering import service
from backend.community.volunteering.models import (
    ServiceCategory,
    ServiceRecord,
    ServiceRecordStatus,
)
from backend.core import clock
from backend.core.crypto import Crypto
from backend.core.db import Database
from backend.core.errors import Conflict
from backend.ledger.models import Tally
from backend.ledger.rulepack import RulePack
from tests import ledger
from tests.backend.test_races import Step, meet
from tests.factories import Make, service_facts


def test_of_two_confirmations_of_the_same_hours_one_is_refused(
    committed: Database, keys: Crypto, rules: RulePack
) -> None:
    begin = clock.now() - timedelta(hours=5)
    with committed.transaction() as session:
        make = Make(session, keys)
        community = make.community()
        secretaries = [make.community_secretary(community) for _ in range(2)]
        member = make.actor(make.member())
        records = [
            service.submit(
                session,
                rules,
                actor=member,
                said=service.Logging(
                    community_code=community.code,
                    facts=service_facts(begin + timedelta(hours=2 * number), category=category),
                    is_volunteer_service=True,
                ),
            )
            for number, category in enumerate((ServiceCategory.CARE, ServiceCategory.SAFETY))
        ]
        # As two that were sent in at once may stand.
        records[1].started_at, records[1].ended_at = records[0].started_at, records[0].ended_at

    def confirm(number: int) -> Step:
        return lambda own: service.confirm(
            own, rules, actor=secretaries[number], record_id=records[number].id
        )

    _, rival = meet(committed, confirm(0), confirm(1))

    with pytest.raises(Conflict, match="service_overlaps"):
        rival.result()
    with committed.transaction() as check:
        assert _counted(check) == (1, 60)
        assert ledger.differences(check, rules) == []
        waiting = check.get_one(ServiceRecord, records[1].id)
        assert waiting.status is ServiceRecordStatus.SUBMITTED


def test_of_two_entries_for_the_same_hours_one_is_refused(
    committed: Database, keys: Crypto, rules: RulePack
) -> None:
    with committed.transaction() as session:
        make = Make(session, keys)
        community, member = make.community(), make.actor(make.member())

    def submit(own: Session) -> ServiceRecord:
        return service.submit(
            own,
            rules,
            actor=member,
            said=service.Logging(
                community_code=community.code, facts=service_facts(), is_volunteer_service=True
            ),
        )

    _, rival = meet(committed, submit, submit)

    with pytest.raises(Conflict, match="service_overlaps"):
        rival.result()


def _counted(session: Session) -> tuple[int, int]:
    columns = (sa.func.sum(Tally.occasions), sa.func.sum(Tally.amount))
    occasions, amount = session.execute(sa.select(*columns)).one()
    return int(occasions), int(amount)
