"""How many statements an endpoint runs, whatever the length of its list."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

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


QUESTIONS = [
    ("member", "/me", 7),
    ("member", "/me/duties", 9),
    ("member", "/me/duties/2k/evidence", 7),
    ("resident", "/me/duties", 9),
    ("resident", "/me/duties/2k/evidence", 6),
    ("member", "/me/registrations", 4),
    ("member", "/me/service-records", 4),
    ("member", "/me/feedback", 3),
    ("secretary", "/feedback-notes", 3),
    ("branch_secretary", "/feedback-notes", 3),
    ("member", "/me/certificates", 3),
    ("secretary", "/certificates?status=issued&with_total=true", 4),
    ("member", "/me/meetings", 3),
    ("member", "/me/claims", 3),
    ("member", "/me/notifications", 3),
    ("member", "/areas", 3),
    ("member", "/projects", 3),
    ("secretary", "/registrations", 4),
    ("secretary", "/registrations?overdue=true", 4),
    ("branch_secretary", "/registrations?of_own_branch=true", 4),
    ("secretary", "/registration-requests", 3),
    ("secretary", "/registration-requests?status=submitted&decidable=true&with_total=true", 4),
    ("secretary", "/service-records", 4),
    ("secretary", "/service-records/{record}", 6),
    ("secretary", "/claims", 3),
    ("secretary", "/text-checks", 3),
    ("member", "/activities", 4),
    ("member", "/activities?status=published&with_total=true", 5),
    ("member", "/activities/{activity}", 5),
    ("member", "/me/sign-ups", 3),
    ("secretary", "/activities/{activity}/attendance", 6),
    ("member", "/me/message-grants", 3),
    ("member", "/attachments", 3),
    ("member", "/attachments/{attachment}", 3),
    ("secretary", "/attachments?status=held&decidable=true&with_total=true", 4),
    ("contact", "/me/claims", 3),
    ("contact", "/me/unit-registrations", 4),
    ("secretary", "/unit-registrations?decidable=true&status=submitted&with_total=true", 5),
    ("contact", "/me/duties/2h/evidence", 7),
    ("member", "/units?q=单位", 3),
    ("branch_secretary", "/meetings", 3),
    ("branch_secretary", "/meetings/{meeting}", 10),
    ("member", "/meetings/{meeting}", 9),
    ("branch_secretary", "/meetings/{meeting}/minutes", 5),
    ("branch_secretary", "/leave-requests?decidable=true&status=submitted&with_total=true", 4),
    ("member", "/leave-requests", 3),
    ("branch_secretary", "/organizations/{branch}/members", 3),
    ("member", "/organizations/{branch}/committee", 5),
    ("branch_secretary", "/organizations/{branch}/committee", 6),
    ("branch_secretary", "/organizations/{branch}/groups", 6),
    ("member", "/organizations/{branch}/organizational-life", 6),
    ("branch_secretary", "/organizations/{branch}/attendance-exemptions", 3),
    ("branch_secretary", "/organizations/{branch}/absence-alerts", 3),
    ("member", "/learning-materials", 3),
    ("member", "/learning-materials/{material}", 4),
    ("branch_secretary", "/me/duties/1a/evidence", 6),
    ("contact", "/me/duties/12g/evidence", 6),
    ("secretary", "/registrations?decidable=true&status=submitted&with_total=true", 5),
    ("secretary", "/claims?project_id={project}", 3),
    ("officer", "/projects?decidable=true", 3),
    ("member", "/projects/{project}", 3),
    ("secretary", "/claims?decidable=true&status=submitted&with_total=true", 4),
    ("branch_secretary", "/link-applications", 3),
    ("officer", "/registrations", 4),
    ("officer", "/registration-requests", 3),
    ("officer", "/statistics/duties?area_code=460100&rule_id=2k", 6),
    ("officer", "/statistics/duties?area_code=460100&rule_id=2i", 5),
    ("officer", "/statistics/duties/1a/subjects?area_code=460100", 6),
    ("officer", "/statistics/duties/12f/subjects?area_code=460100", 6),
    ("officer", "/statistics/areas/460100", 19),
    ("visitor", "/demands?with_total=true", 3),
    ("visitor", "/demands/{demand}", 2),
    ("visitor", "/me/demands", 2),
    ("contact", "/me/demands", 3),
    ("secretary", "/demands?decidable=true&status=submitted&with_total=true", 4),
    ("visitor", "/demand-lists", 2),
    ("visitor", "/demand-lists/{list}", 3),
    ("visitor", "/resources", 2),
    ("member", "/duty-rules", 2),
]


Asked = dict[tuple[str, str], tuple[list[str], list[str]]]


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
            for growth in (1, 9):
                city.grow(growth)
                rounds.append(_ask_all(client, city, connection))
        yield {key: (rounds[0][key], rounds[1][key]) for key in rounds[0].keys() & rounds[1].keys()}
        transaction.rollback()


def _ask_all(
    client: ApiClient, city: City, connection: sa.Connection
) -> dict[tuple[str, str], list[str]]:
    ran = {}
    for who, path, _most in QUESTIONS:
        actor = getattr(city, who)
        client.token(actor)
        with counted(connection) as statements:
            if client.status("GET", path.format(**city.ids), as_=actor) == 200:
                ran[who, path] = statements
    return ran


@pytest.mark.parametrize(("who", "path", "most"), QUESTIONS)
def test_a_longer_list_takes_no_more_statements(
    asked: Asked, who: str, path: str, most: int
) -> None:
    short, long = asked[who, path]

    assert len(short) == len(long), long
    assert len(long) <= most, long
