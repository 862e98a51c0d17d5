"""The hot path of claims takes a known number of statements, however many claim and wait."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.ledger.rulepack import RulePack
from tests.backend.community.projects.scene import Yard
from tests.factories import Make
from tests.http_client import ApiClient
from tests.miniprogram_api.test_statements import counted


def test_claiming_and_queueing_take_the_same_statements_in_a_crowd(
    client: ApiClient, session: Session, rules: RulePack, make: Make, connection: sa.Connection
) -> None:
    yard = Yard(client, session, rules, make)
    project = yard.project(places=6)
    taken: dict[str, list[int]] = {"claim": [], "queue": []}
    for place in range(12):
        who = yard.resident()
        client.token(who)  # signing in is not counted
        with counted(connection) as seen:
            yard.claim(project, who, wait=place >= 6)
        taken["claim" if place < 6 else "queue"].append(len(seen))

    assert taken == {"claim": [11] * 6, "queue": [8] * 6}
