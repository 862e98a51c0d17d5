"""Claims stand in the order their screens promise: on a project as they asked, and what waits for
the community by when it is due."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from backend.ledger.rulepack import RulePack
from tests.backend.community.projects.scene import MONDAY, Yard
from tests.factories import Make
from tests.http_client import ApiClient


@pytest.fixture
def yard(client: ApiClient, session: Session, rules: RulePack, make: Make) -> Yard:
    return Yard(client, session, rules, make)


def test_the_first_to_fall_due_is_not_behind_the_first_page(yard: Yard) -> None:
    with yard.day(MONDAY):
        project = yard.project()
        early = yard.claim(project, yard.first)
    with yard.day(date(2026, 11, 6)):
        yard.turn()
        again = yard.claim(project, yard.first)
        late = yard.claim(project, yard.second)
    with yard.day(date(2026, 11, 5)):
        newest = yard.claim(project, yard.third)
    path = "/claims?status=submitted&decidable=true&limit=1"
    page, found = yard.ask("GET", path, yard.secretary), []
    while True:
        found += [one["id"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        page = yard.ask("GET", f"{path}&cursor={page['next_cursor']}", yard.secretary)

    assert again["id"] == early["id"]
    # Asked last, and the first to be answered.
    assert found == [newest["id"], early["id"], late["id"]]
