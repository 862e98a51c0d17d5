"""schemathesis against the OpenAPI document, in a short form: every operation, all checks."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import sqlalchemy as sa
from hypothesis import given
from hypothesis.errors import Unsatisfiable
from pydantic import SecretStr
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS
from sqlalchemy.orm import Session

from backend.community.registrations import service as registrations
from backend.community.registrations.applying import Application
from backend.community.volunteering import service as volunteering
from backend.core import clock
from backend.core.actor import Actor
from backend.core.crypto import Crypto
from backend.core.db import Database
from backend.core.settings import Settings
from backend.ledger.rulepack import RulePack
from backend.people.members import service as members
from backend.people.members.models import Account
from miniprogram_api import compose
from miniprogram_api.app import create_app
from tests.factories import Make, service_facts
from tests.random_cases import LONG, cases
from tests.wechat_sandbox.program import APPID, SECRET, running

ROOT = Path(__file__).parents[2]

# A rule between two fields (an end before its beginning) is a 422 no schema can foretell.
LENIENT = {"positive_data_acceptance"}


class World:
    """An application on one rolled-back connection, with something of everything in it."""

    def __init__(self, session: Session, app: Any, actors: dict[str, Actor]) -> None:
        self.session, self.app, self.actors = session, app, actors

    def headers(self, who: str) -> dict[str, str]:
        """Sign in anew for each case: signing out is one of the operations."""
        account = self.session.get_one(Account, self.actors[who].account_id)
        return {"Authorization": f"Bearer {members.open_session(self.session, account).token}"}


@pytest.fixture(scope="module")
def world(engine: sa.Engine, settings: Settings, keys: Crypto, rules: RulePack) -> Iterator[World]:
    with (
        running() as sandbox,
        engine.connect() as connection,
        connection.begin() as transaction,
    ):
        database = Database(connection)
        there: dict[str, object] = {"wechat_api_base": sandbox.url, "wechat_appid": APPID}
        there["wechat_secret"] = SecretStr(SECRET)
        app = create_app(
            database, compose.services_for(settings.model_copy(update=there), database)
        )
        with database.transaction() as session:
            yield World(session, app, populate(session, rules, Make(session, keys)))
        transaction.rollback()


def populate(session: Session, rules: RulePack, make: Make) -> dict[str, Actor]:
    community = make.community()
    branch = make.branch(make.unit(community))
    member = make.actor(make.member(branch, community_id=community.id))
    make.project(community)
    make.meeting(branch)
    begin = clock.now() - timedelta(hours=3)
    registrations.submit(
        session,
        rules,
        actor=make.actor(make.member(branch)),
        said=Application(community_code=community.code),
    )
    volunteering.submit(
        session,
        rules,
        actor=member,
        said=volunteering.Logging(community_code=community.code, facts=service_facts(begin)),
    )
    session.flush()
    return {"member": member, "secretary": make.community_secretary(community)}


DOCUMENT = ROOT / "docs" / "openapi.json"
LABELS = [
    f"{method.upper()} {path}"
    for path, methods in json.loads(DOCUMENT.read_text(encoding="utf-8"))["paths"].items()
    for method in methods
    if method != "parameters"
]


@pytest.fixture(scope="module")
def operations() -> dict[str, Any]:
    """Return every operation of the document by its label."""
    schema = schemathesis.openapi.from_path(DOCUMENT)
    found: list[Any] = [one.ok() for one in schema.get_all_operations()]  # type: ignore[union-attr]
    return {operation.label: operation for operation in found}


# A short run tries each operation as the one with what fits, as the other with what does not.
ASKED = [
    (who, mode)
    for who, its in (("member", GenerationMode.POSITIVE), ("secretary", GenerationMode.NEGATIVE))
    for mode in GenerationMode
    if LONG or mode is its
]


@pytest.mark.parametrize(("who", "mode"), ASKED)
@pytest.mark.parametrize("label", LABELS)
def test_no_input_breaks_an_operation_or_surprises_its_document(
    world: World, operations: dict[str, Any], label: str, who: str, mode: GenerationMode
) -> None:
    operation = operations[label]
    operation.schema.app = world.app
    checks: list[Any] = [check for check in CHECKS.get_all() if check.__name__ not in LENIENT]
    try:
        strategy = operation.as_strategy(generation_mode=mode)

        @cases(2)
        @given(case=strategy)
        def check(case: Any) -> None:
            case.call_and_validate(app=world.app, headers=world.headers(who), checks=checks)

        check()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE  # an operation that takes nothing has no wrong input
