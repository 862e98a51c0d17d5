"""What counted twice before, as the command that migrates leaves it and members see it after."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from backend.community.certificates.models import ServiceCertificate
from backend.community.volunteering.models import ServiceCategory
from backend.core import clock
from backend.core.crypto import Crypto
from backend.core.db import Database
from backend.ledger.rulepack import RulePack
from miniprogram_api.app import MiniProgramApi
from tests.backend.community.volunteering.test_overlaps import NOW, Scene
from tests.factories import Make
from tests.http_client import ApiClient


@pytest.fixture
def session(committed: Database) -> Iterator[Session]:
    with clock.at(NOW), committed.transaction() as session:
        yield session


def certified_twice(scene: Scene) -> ServiceCertificate:
    """Let a certificate count both of two records for the same hour, as it was before."""
    scene.old(0, 2)
    scene.old(1, 2, category=ServiceCategory.SAFETY)
    paper = scene.certify()
    paper.services, paper.minutes = 2, 240
    return paper


def migrated(app: MiniProgramApi) -> str:
    """Return what the command says to the operator."""
    with app.app_context():
        done = app.test_cli_runner().invoke(args=["migrate"])
    assert (done.exit_code, done.stdout) == (0, "")
    return done.stderr


def standing(client: ApiClient, number: str) -> str:
    """Return what anybody is told of a number."""
    answer = client.request("GET", f"/certificates/{number}", as_=None, expect=200)
    return str(answer["status"])


def test_hours_of_before_are_settled_where_a_city_is_migrated_and_said(
    committed_app: MiniProgramApi, session: Session, rules: RulePack, keys: Crypto
) -> None:
    scene = Scene(session, rules, Make(session, keys), keys)
    number = certified_twice(scene).number
    client = ApiClient(committed_app, session, keys)
    client.token(scene.member)
    session.commit()

    said = migrated(committed_app)

    assert standing(client, number) == "revoked"
    papers = client.request("GET", "/me/certificates", as_=scene.member, expect=200)["items"]
    anew, old = sorted(papers, key=lambda paper: bool(paper["number"] == number))
    assert (old["status"], old["services"], old["hours"]) == ("revoked", 2, "4.0")
    assert (anew["status"], anew["services"], anew["hours"]) == ("issued", 1, "3.0")
    assert anew["number"] in old["revoke_reason"]
    assert standing(client, anew["number"]) == "valid"
    assert scene.tally() == (1, 180)
    assert "计入时长由2小时改为1小时。" in said
    assert "记账更正 1 条，重新出具证明 1 份" in said
    assert migrated(committed_app) == ""
