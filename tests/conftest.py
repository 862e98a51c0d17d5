"""Fixtures: a migrated PostgreSQL, and one rolled-back transaction around each test."""

import base64
import gc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.config import Config
from sqlalchemy.orm import Session

import backend.core.garbage  # noqa: F401  # before all that stays
from backend.capabilities import POSTED
from backend.core import crypto, migrations
from backend.core.crypto import Crypto
from backend.core.db import Database, driver_url
from backend.core.settings import DEFAULT_RULE_PACK, Settings
from backend.ledger import packs
from backend.ledger.rulepack import RulePack
from backend.people.members.models import PrivacyNotice
from backend.wechat.client import WechatClient
from launcher.postgres import Server, running
from miniprogram_api import compose
from miniprogram_api.app import MiniProgramApi, create_app
from miniprogram_api.http import Services
from tests import leftovers, prepared
from tests.factories import Make
from tests.folders import open_folder
from tests.http_client import ApiClient, Serve

KEY = base64.b64encode(bytes(range(32))).decode()

# What takes longest is begun first, so that nothing is waited for alone at the end: groups of
# tests, named in their own files, and files.
FIRST = (
    "city",
    "run",
    "test_city.py",
    "test_hostile.py",
    "test_fuzz.py",
    "test_outsiders.py",
    "test_statements.py",
    "test_rights.py",
    "test_tasks.py",
    "test_can.py",
    "test_states.py",
    "test_architecture.py",
    "test_showing.py",
    "test_page.py",
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of a file in one process of the runner: what they share is made once, and
    statements compiled for one are there for the next. The runner reads the mark in the same hook:
    a group named after that is none."""
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            file = item.path.relative_to(item.config.rootpath)
            item.add_marker(pytest.mark.xdist_group(str(file)))
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    group = item.get_closest_marker("xdist_group")
    assert group is not None
    name = Path(group.args[0]).name
    return FIRST.index(name) if name in FIRST else len(FIRST)


def pytest_collection_finish() -> None:
    """Let the collector look no more at what is there until the end, and less often at the rest."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def _watched() -> Iterator[None]:
    with leftovers.watched():
        yield


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with open_folder() as folder, running(folder / "data", durable=False) as server:
        migrations.migrate(server.owner_url, server.app_url)
        yield server


@pytest.fixture(scope="session")
def settings(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    values = {
        "app_env": "test",
        "database_url": server.app_url,
        "migration_database_url": server.owner_url,
        "field_keys": f"k1:{KEY}",
        "lookup_key": KEY,
        "wechat_appid": "wx0000000000test01",
        "wechat_secret": "test-secret-that-never-shows",
        "wechat_api_base": "http://127.0.0.1:9",
        "wechat_template_registration_result": "TPL-REGISTRATION-RESULT",
        "wechat_push_token": "token-of-the-tests",
        "wechat_push_aes_key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
        "rule_pack": DEFAULT_RULE_PACK,
        "rule_pack_overlay": None,
        "attachment_store": str(tmp_path_factory.mktemp("attachments")),
    }
    return Settings.model_validate(values)


@pytest.fixture(scope="session")
def keys(settings: Settings) -> Crypto:
    return crypto.from_settings(settings)


@pytest.fixture(scope="session")
def rules() -> RulePack:
    return packs.load(DEFAULT_RULE_PACK, posted=POSTED)


@pytest.fixture(scope="session")
def engine(server: Server) -> Iterator[sa.Engine]:
    """Connections as the application's role."""
    engine = sa.create_engine(driver_url(server.app_url), connect_args=prepared.ONE_PLAN)
    sa.event.listen(engine, "connect", prepared.keep)
    prepared.read_once()
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def admin(server: Server) -> Iterator[sa.Engine]:
    """Connections as the server's administrator."""
    engine = sa.create_engine(driver_url(server.admin_url))
    yield engine
    engine.dispose()


@pytest.fixture
def connection(engine: sa.Engine) -> Iterator[sa.Connection]:
    with engine.connect() as connection, connection.begin() as transaction:
        yield connection
        transaction.rollback()


@pytest.fixture(scope="module")
def shared(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One connection with one scene for all cases of a file; each case is a savepoint in it."""
    with engine.connect() as connection, connection.begin() as transaction:
        yield connection
        transaction.rollback()


@pytest.fixture
def owner(server: Server) -> Iterator[sa.Connection]:
    """A rolled-back connection as the owner of the tables."""
    engine = sa.create_engine(driver_url(server.owner_url))
    with engine.connect() as connection, connection.begin() as transaction:
        yield connection
        transaction.rollback()
    engine.dispose()


@pytest.fixture
def database(connection: sa.Connection) -> Database:
    return Database(connection)


@pytest.fixture
def committed(engine: sa.Engine, admin: sa.Engine) -> Iterator[Database]:
    """Real transactions, for tests about what others see. Every table is emptied afterwards."""
    yield Database(engine)
    empty(admin)


TABLES = """
    SELECT relname FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
"""


def empty(admin: sa.Engine) -> None:
    """Empty every table that holds something: to truncate them all takes longer than a test."""
    with admin.begin() as connection:
        # Triggers and foreign keys rest: rows nobody may delete go, too, and in any order.
        connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        names = connection.scalars(sa.text(TABLES)).all()
        held = (f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in names)
        for name in connection.scalars(sa.text(" UNION ALL ".join(held))).all():
            connection.execute(sa.text(f"DELETE FROM {name}"))


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.transaction() as session:
        yield session


@pytest.fixture
def make(session: Session, keys: Crypto) -> Make:
    return Make(session, keys)


@pytest.fixture(scope="session")
def every_route(engine: sa.Engine, settings: Settings) -> MiniProgramApi:
    """Describe all routes once: it takes longer than a test."""
    database = Database(engine)
    app = create_app(database, compose.services_for(settings, database))
    app.testing = True
    return app


@pytest.fixture(scope="session")
def serve(every_route: MiniProgramApi, settings: Settings) -> Serve:
    """Give the application a database, and what asks WeChat with it: all it holds of a test. The
    rule pack is read no second time, which takes longer than a test, too."""
    services: Services = every_route.extensions["party"]

    def serve(database: Database) -> MiniProgramApi:
        wechat = WechatClient(settings, database, services.crypto)
        every_route.database = database
        every_route.extensions["party"] = replace(services, wechat=wechat)
        return every_route

    return serve


@pytest.fixture
def app(serve: Serve, database: Database) -> MiniProgramApi:
    """The application in this test's transaction."""
    return serve(database)


@pytest.fixture
def committed_app(serve: Serve, committed: Database) -> MiniProgramApi:
    """The application whose requests and commands are real transactions."""
    return serve(committed)


@pytest.fixture
def client(app: MiniProgramApi, session: Session, keys: Crypto) -> ApiClient:
    return ApiClient(app, session, keys)


@pytest.fixture(scope="session")
def alembic_config() -> Config:
    return Config(toml_file="pyproject.toml")


@pytest.fixture(scope="session")
def root() -> Path:
    return Path(__file__).parents[1]


@pytest.fixture
def published_notice(session: Session) -> str:
    """A privacy notice in force: from here on consent is needed."""
    session.add(PrivacyNotice(version="v1", title="告知书", body="正文"))
    session.flush()
    return "v1"
