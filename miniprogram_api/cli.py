"""Commands for operators: `flask --app wsgi <command>`."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import Flask, current_app
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from backend import capabilities
from backend.city.demo import city as demo_city
from backend.city.demo.people import PEOPLE
from backend.community.certificates import reissue
from backend.community.claims import succession as claims
from backend.community.registrations import apportioning, succession
from backend.community.volunteering import settling
from backend.core import finding, migrations, queue, settings_document, tables
from backend.core.db import Database, connect
from backend.core.errors import DomainError
from backend.core.sentences import duration
from backend.core.settings import DEFAULT_RULE_PACK, Settings
from backend.figures import duties_document, ledger_check, setup, state_machines
from backend.forms.loading import WrongDeclaration
from backend.imports import flow as imports
from backend.ledger import binding, packs
from backend.ledger.rulepack import RulePack
from backend.models import Base
from backend.people.areas import service as areas
from backend.registers import catalogue, lock
from backend.registers import document as registers_document
from miniprogram_api import cli_administrators, import_command
from miniprogram_api.http import Services

# What cannot be opened is told by click, what cannot be read by whoever reads it.
LIST = click.Path(path_type=Path, exists=True, dir_okay=False)


def register(app: Flask) -> None:
    for command in COMMANDS:
        app.cli.add_command(command)


def _services() -> Services:
    found: Services = current_app.extensions["party"]
    return found


def _settings() -> Settings:
    return _services().settings


@contextmanager
def _database() -> Iterator[Database]:
    url = _settings().database_url.get_secret_value()
    database = connect(
        url,
        pool_size=binding.HANDS,
        statement_seconds=600,
        lock_seconds=60,
        application_name="party-cli",
    )
    try:
        with _said_in_words():
            yield database
    finally:
        database.dispose()


@contextmanager
def _transaction() -> Iterator[Session]:
    with _database() as database, database.transaction() as session:
        yield session


@contextmanager
def _said_in_words() -> Iterator[None]:
    """End with a sentence and code 1, not with a traceback, when it is no mistake of ours."""
    try:
        yield
    except DomainError as error:
        click.echo(error.message, err=True)
        sys.exit(1)
    except OperationalError as error:
        reason = str(error.orig).strip().splitlines()[0]
        click.echo(f"无法连接数据库，请检查 DATABASE_URL。\nNo database: {reason}", err=True)
        sys.exit(1)


@click.command("migrate")
def migrate() -> None:
    """Bring the database's schema up to date (as MIGRATION_DATABASE_URL), then what it holds."""
    settings = _settings()
    with _said_in_words():
        migrations.migrate(settings.owner_url, settings.database_url.get_secret_value())
    with _transaction() as session:
        finding.fill(session, Base)
    _settle_hours()
    _bind()


def _bind() -> None:
    """Give everybody whom a rule binds the duty years that are open, as they are today."""
    with _database() as database:
        with database.transaction() as session:
            years = binding.unbound_years(session)
        rules = _services().rules
        binding.turn_day(database, rules)
        binding.rebind_all(database, rules, sorted({*years, *binding.open_years()}))


@click.command("settle-hours")
def settle_hours() -> None:
    """Count once what old service records of the same time counted twice; repeatable."""
    _settle_hours()


def _settle_hours() -> None:
    """Say on stderr what was changed: the demo's programs read who can sign in from stdout."""
    with _transaction() as session:
        changes = settling.settle(session, _services().rules)
        papers = reissue.reissue(session)
    if not changes and not papers:
        return
    for change in changes:
        click.echo(
            f"服务记录 {change.record_id}：计入时长由{duration(change.before or 0)}"
            f"改为{duration(change.after or 0)}。",
            err=True,
        )
    for paper in papers:
        click.echo(f"证明 {paper.replaces_id} 已撤销，重新出具为 {paper.number}。", err=True)
    click.echo(
        f"重叠的服务时间已按一次计算：记账更正 {len(changes)} 条，重新出具证明 {len(papers)} 份。",
        err=True,
    )


@click.command("jobs-check")
def jobs_check() -> None:
    """List the tasks whose jobs were given up; exit code 1 if there is one."""
    with _transaction() as session:
        found = queue.given_up(session)
    for task, count in found.items():
        click.echo(f"{task} {count}")
    sys.exit(1 if found else 0)


@click.command("jobs-retry")
def jobs_retry() -> None:
    """Have all jobs that were given up done once more; each may run twice."""
    with _transaction() as session:
        click.echo(f"{queue.retry_given_up(session)} jobs will run again")


@click.command("check-database")
def check_database() -> None:
    """Refuse a database that is neither empty nor this program's; before migrating the demo."""
    with _transaction() as session:
        setup.refuse_foreign_database(session, demo=_settings().is_demo)


@click.command("init-city")
def init_city() -> None:
    """Prepare an empty database for a real city: territory and privacy notice, no people."""
    with _transaction() as session:
        rows = setup.init_city(session, _settings().city_code)
    _bind()
    click.echo(f"已载入行政区划 {rows} 条。")


@click.command("load-areas")
@click.argument("path", type=LIST, required=False)
def load_areas(path: Path | None) -> None:
    """Bring the territory to a list of divisions (CSV code,name,parent_code,level); repeatable."""
    with _transaction() as session:
        rows = setup.load_territory(session, path)
    _bind()
    click.echo(f"行政区划已更新 {rows} 条。")


@click.command("close-community")
@click.argument("code")
@click.argument("successor")
@click.option(
    "--elsewhere",
    type=LIST,
    help="Who goes to another successor (CSV: receipt number or id of a registration, code).",
)
def close_community(code: str, successor: str, elsewhere: Path | None) -> None:
    """Close a merged or split community; who is registered there moves to its successor, and so do
    open demands and projects."""
    with _transaction() as session:
        others = apportioning.read(tables.read(elsewhere, "elsewhere")) if elsewhere else {}
        moved = succession.succeed(
            session,
            _services().rules,
            code=code,
            successor_code=successor,
            elsewhere=others,
        )
        old, new = areas.get(session, code), areas.get(session, successor)
        also = claims.take_along(session, old, new)
    parted = f"，其中 {len(others)} 份按名单转入其他社区" if others else ""
    work = f"，未办结的需求和项目 {also} 项随之转出" if also else ""
    click.echo(f"社区 {code} 已并入 {successor}，转出报到 {moved} 份{parted}{work}。")


@click.command("load-demo")
def load_demo() -> None:
    """Load the demo city once. Only where APP_ENV is demo, only into an empty database."""
    click.echo(_load_demo())


def _load_demo() -> str:
    if not _settings().is_demo:
        click.echo("只有 APP_ENV=demo 时才能载入演示城市。", err=True)
        sys.exit(1)
    with _transaction() as session:
        services = _services()
        loaded = demo_city.load(session, services.crypto, services.rules, services.store)
    return "演示城市已载入。" if loaded else "演示城市此前已载入。"


@click.command("demo-people")
def demo_people() -> None:
    """Print who can sign in to the demo city: login code, name, role."""
    for person in PEOPLE:
        click.echo(f"{person.code}\t{person.name}\t{person.role}")


@click.command("open-demo")
@click.pass_context
def open_demo(context: click.Context) -> None:
    """Check, migrate and load in one go, before the demo's programs; print who can sign in."""
    context.invoke(check_database)
    context.invoke(migrate)
    click.echo(_load_demo(), err=True)
    context.invoke(demo_people)


def _openapi() -> str:
    client = current_app.test_client()
    document = client.get("/api/v1/openapi.json").get_json()
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _rules() -> RulePack:
    """Return the notice's own pack, whatever lies over it here."""
    return packs.load(DEFAULT_RULE_PACK, posted=capabilities.POSTED)


def _duties() -> str:
    return duties_document.document(_rules())


def _registers() -> str:
    catalogue.check(_rules())
    return registers_document.document(catalogue.registers(), _rules())


def _declarations() -> str:
    old = LOCK.read_text(encoding="utf-8") if LOCK.exists() else ""
    return lock.renewed(old, catalogue.registers(), Path("migrations/versions"))


def _states() -> str:
    return state_machines.document(imports.FLOW.machine)


LOCK = Path("docs/declarations.lock")
# What is printed from code: the command that prints it, and the text.
DOCUMENTS: dict[Path, tuple[str, Callable[[], str]]] = {
    Path("docs/openapi.json"): ("openapi", _openapi),
    Path("docs/settings.md"): ("settings-doc", settings_document.document),
    Path("docs/states.md"): ("states-doc", _states),
    Path("docs/duties.md"): ("duties-doc", _duties),
    Path("docs/registers.md"): ("registers-doc", _registers),
    LOCK: ("declarations", _declarations),
}


def _printing(file: Path, name: str, text: Callable[[], str]) -> click.Command:
    @click.command(name, help=f"Print what {file} holds.")
    @click.option("--write", is_flag=True, help="Write it there instead of printing.")
    def command(write: bool) -> None:
        try:
            found = text()
        except WrongDeclaration as wrong:
            raise click.ClickException(str(wrong)) from None
        if write:
            file.write_text(found, encoding="utf-8")
        else:
            click.echo(found, nl=False)

    return command


@click.command("check-documents")
def check_documents() -> None:
    """Fail when a document that is printed from code is stale, or may not be printed; name each."""
    stale = [line for file, told in DOCUMENTS.items() for line in _stale(file, *told)]
    for line in stale:
        click.echo(line, err=True)
    sys.exit(1 if stale else 0)


def _stale(file: Path, name: str, text: Callable[[], str]) -> Iterator[str]:
    try:
        found = text()
    except WrongDeclaration as wrong:
        yield from str(wrong).splitlines()
        return
    if not file.exists() or file.read_text(encoding="utf-8") != found:
        yield f"{file} is stale: run make {name}"


@click.command("ledger-check")
def check_ledger() -> None:
    """Prove that sources = postings = tallies = rollups; list every difference."""
    with _transaction() as session:
        report = ledger_check.run(session, _services().rules, capabilities.EVIDENCE)
    for difference in report.differences:
        click.echo(difference, err=True)
    click.echo(report.summary)
    if report.differences:
        sys.exit(1)


COMMANDS = (
    import_command.bring,
    migrate,
    settle_hours,
    init_city,
    load_areas,
    close_community,
    load_demo,
    demo_people,
    open_demo,
    *(_printing(file, name, text) for file, (name, text) in DOCUMENTS.items()),
    check_documents,
    check_ledger,
    check_database,
    jobs_check,
    jobs_retry,
    *cli_administrators.commands(_transaction),
)
