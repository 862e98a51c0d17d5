"""How many statements an endpoint runs, whatever the length of its list."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.sql.compiler import SQLCompiler

from backend.core.crypto import Crypto
from backend.core.db import Database
from backend.core.settings import Settings
from backend.ledger.rulepack import RulePack
from miniprogram_api import compose
from miniprogram_api.app import create_app
from tests.factories import Make
from tests.http_client import ApiClient
from tests.miniprogram_api.growing_city import City


@contextmanager
def counted(connection: sa.Connection) -> Iterator[list[str]]:
    """Collect the statements that run within the block; savepoints are the tests' own."""
    seen: list[str] = []

    def note(*arguments: object) -> None:
        statement = str(arguments[2])
        if "SAVEPOINT" not in statement:
            seen.append(statement)

    sa.event.listen(connection, "before_cursor_execute", note)
    yield seen
    sa.event.remove(connection, "before_cursor_execute", note)


@contextmanager
def compiling() -> Iterator[list[str]]:
    """Collect the statements that SQLAlchemy compiles within the block."""
    seen: list[str] = []
    compile_it = SQLCompiler.__init__

    def note(self: SQLCompiler, *arguments: Any, **given: Any) -> None:
        compile_it(self, *arguments, **given)
        if "SAVEPOINT" not in str(self):
            seen.append(str(self))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SQLCompiler, "__init__", note)
        yield seen


QUESTIONS = [
    ("member", "/me", 2),
    ("member", "/me/duties", 3),
    ("member", "/me/duties/2k/evidence", 6),
    ("resident", "/me/duties", 3),
    ("secretary", "/me/duties", 3),
    ("officer", "/me/duties", 3),
    ("resident", "/me/duties/2k/evidence", 5),
    ("member", "/me/registrations", 2),
    ("member", "/me/service-records", 3),
    ("member", "/me/feedback", 2),
    ("secretary", "/feedback-notes", 2),
    ("branch_secretary", "/feedback-notes", 2),
    ("member", "/me/certificates", 2),
    ("secretary", "/certificates?status=issued&with_total=true", 3),
    ("member", "/me/meetings", 2),
    ("member", "/me/claims", 2),
    ("member", "/me/notifications", 2),
    ("member", "/areas", 2),
    ("member", "/projects", 2),
    ("secretary", "/registrations", 3),
    ("secretary", "/registrations?overdue=true", 2),
    ("branch_secretary", "/registrations?of_own_branch=true", 3),
    ("secretary", "/registration-requests", 2),
    ("secretary", "/registration-requests?status=submitted&decidable=true&with_total=true", 3),
    ("secretary", "/service-records", 3),
    ("secretary", "/service-records/{record}", 5),
    ("secretary", "/claims", 2),
    ("secretary", "/text-checks", 2),
    ("member", "/activities", 3),
    ("member", "/activities?status=published&with_total=true", 4),
    ("member", "/activities/{activity}", 4),
    ("member", "/me/sign-ups", 2),
    ("secretary", "/activities/{activity}/attendance", 5),
    ("member", "/me/message-grants", 2),
    ("member", "/attachments", 2),
    ("member", "/attachments/{attachment}", 2),
    ("secretary", "/attachments?status=held&decidable=true&with_total=true", 3),
    ("contact", "/me/claims", 2),
    ("contact", "/me/unit-registrations", 3),
    ("secretary", "/unit-registrations?decidable=true&status=submitted&with_total=true", 4),
    ("contact", "/me/duties/2h/evidence", 6),
    ("member", "/units?q=单位", 2),
    ("branch_secretary", "/meetings", 2),
    ("branch_secretary", "/meetings/{meeting}", 9),
    ("member", "/meetings/{meeting}", 8),
    ("branch_secretary", "/meetings/{meeting}/minutes", 4),
    ("branch_secretary", "/leave-requests?decidable=true&status=submitted&with_total=true", 3),
    ("member", "/leave-requests", 2),
    ("branch_secretary", "/organizations/{branch}/members", 2),
    ("member", "/organizations/{branch}/committee", 4),
    ("branch_secretary", "/organizations/{branch}/committee", 5),
    ("branch_secretary", "/organizations/{branch}/groups", 5),
    ("member", "/organizations/{branch}/organizational-life", 5),
    ("branch_secretary", "/organizations/{branch}/attendance-exemptions", 2),
    ("branch_secretary", "/organizations/{branch}/absence-alerts", 2),
    ("member", "/learning-materials", 2),
    ("member", "/learning-materials/{material}", 3),
    ("branch_secretary", "/me/duties/1a/evidence", 5),
    ("contact", "/me/duties/12g/evidence", 5),
    ("secretary", "/registrations?decidable=true&status=submitted&with_total=true", 4),
    ("secretary", "/claims?project_id={project}", 2),
    ("officer", "/projects?decidable=true", 2),
    ("member", "/projects/{project}", 2),
    ("secretary", "/claims?decidable=true&status=submitted&with_total=true", 3),
    ("branch_secretary", "/link-applications", 2),
    ("officer", "/registrations", 3),
    ("officer", "/registration-requests", 2),
    ("officer", "/statistics/duties?area_code=460100&rule_id=2k", 4),
    ("officer", "/statistics/duties?area_code=460100&rule_id=2i", 4),
    ("officer", "/statistics/duties/1a/subjects?area_code=460100", 5),
    ("officer", "/statistics/duties/12f/subjects?area_code=460100", 5),
    ("officer", "/statistics/areas/460100", 4),
    ("visitor", "/demands?with_total=true", 3),
    ("visitor", "/demands/{demand}", 2),
    ("visitor", "/me/demands", 2),
    ("contact", "/me/demands", 2),
    ("secretary", "/demands?decidable=true&status=submitted&with_total=true", 3),
    ("visitor", "/demand-lists", 2),
    ("visitor", "/demand-lists/{list}", 3),
    ("visitor", "/resources", 2),
    ("member", "/duty-rules", 1),
    ("member", "/me/tasks?with_total=true", 5),
    ("secretary", "/me/tasks?kind=registrations.answer&with_total=true", 4),
    ("branch_secretary", "/me/tasks", 4),
    ("officer", "/me/tasks", 4),
    ("visitor", "/me/tasks", 4),
    ("secretary", "/me/tasks/counts", 2),
]


# Before the last round. SQLAlchemy notes on a select that is part of several statements how it was
# compiled with the first, which the others then are compiled for once more.
WARMING = (0, 0)


@dataclass
class Asked:
    """The statements of each question in a small city and in a grown one, and which of them were
    compiled when everything was asked for the last time."""

    ran: dict[tuple[str, str], tuple[list[str], list[str]]]
    compiled: dict[tuple[str, str], list[str]]


@pytest.fixture(scope="module")
def asked(engine: sa.Engine, settings: Settings, keys: Crypto, rules: RulePack) -> Iterator[Asked]:
    """Ask everything of a city with little in it, then of the same city grown, which takes long.

    What a question ran is missing where it was not answered.
    """
    with engine.connect() as connection, connection.begin() as transaction:
        database = Database(connection)
        app = create_app(database, compose.services_for(settings, database))
        app.testing = True
        with database.transaction() as session:
            client = ApiClient(app, session, keys)
            city = City(session, rules, Make(session, keys))
            rounds = []
            for growth in (1, 3, *WARMING):
                city.grow(growth)
                rounds.append(_ask_all(client, city, connection))
        first, second, *_, last = rounds
        yield Asked(
            {key: (first[key][0], second[key][0]) for key in first.keys() & second.keys()},
            {key: compiled for key, (_, compiled) in last.items()},
        )
        transaction.rollback()


def _ask_all(
    client: ApiClient, city: City, connection: sa.Connection
) -> dict[tuple[str, str], tuple[list[str], list[str]]]:
    ran = {}
    for who, path, _most in QUESTIONS:
        actor = getattr(city, who)
        client.token(actor)
        with counted(connection) as statements, compiling() as compiled:
            if client.status("GET", path.format(**city.ids), as_=actor) == 200:
                ran[who, path] = statements, compiled
    return ran


@pytest.mark.parametrize(("who", "path", "most"), QUESTIONS)
def test_a_longer_list_takes_no_more_statements(
    asked: Asked, who: str, path: str, most: int
) -> None:
    short, long = asked.ran[who, path]

    assert len(short) == len(long), long
    assert len(long) <= most, long


@pytest.mark.parametrize(("who", "path", "_most"), QUESTIONS)
def test_a_warm_process_compiles_no_statement_again(
    asked: Asked, who: str, path: str, _most: int
) -> None:
    assert asked.compiled[who, path] == []
