"""`flask import`: brings a list where there is no browser yet, as whoever runs the server."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import sqlalchemy as sa
from flask import current_app
from flask.cli import with_appcontext

from backend import capabilities
from backend.core import db
from backend.core.db import Database
from backend.core.errors import DomainError
from backend.imports import service, staging
from backend.imports.flow import FLOW
from backend.imports.models import Change, Import, ImportRow
from backend.imports.models import ImportStatus as S
from backend.imports.working import Worker
from miniprogram_api.http import Services

TARGETS = capabilities.IMPORT_TARGETS
LIST = click.Path(path_type=Path, exists=True, dir_okay=False)
COUNTED = {
    Change.NEW: "新增",
    Change.CHANGED: "变更",
    Change.SAME: "无变化",
    Change.LEFT: "不在表中",
    Change.PROBLEM: "有问题",
}
# More problems of one file than anybody reads on a terminal.
MOST_TOLD = 200


class Refused(Exception):
    """Says in words why nothing was done."""


@click.command("import")
@click.argument("target", type=click.Choice(list(TARGETS)))
@click.argument("file", type=LIST, required=False)
@click.option("--commit", is_flag=True, help="Write what is new and changed, not only show it.")
@click.option("--undo", type=int, help="Take back the import of this number instead.")
@click.option(
    "--as", "name", help="Who proposes appointments: the sign-in name of a staff account."
)
@with_appcontext
def bring(target: str, file: Path | None, commit: bool, undo: int | None, name: str | None) -> None:
    """Show what a list (xlsx or CSV) would change, row by row what is wrong, and write it if told.

    Exit code 1 where a row has a problem, or nothing could be done.
    """
    if (file is None) == (undo is None):
        raise click.UsageError("一次给出一个文件，或用 --undo 给出一次导入的编号。")
    try:
        with _database() as database:
            if file is not None:
                sound = _bring(database, target, file, commit=commit, name=name)
            else:
                sound = _undo(database, target, undo or 0)
    except (Refused, DomainError) as refusal:
        click.echo(str(getattr(refusal, "message", refusal)), err=True)
        sound = False
    sys.exit(0 if sound else 1)


@contextmanager
def _database() -> Iterator[Database]:
    url = _services().settings.database_url.get_secret_value()
    database = db.connect(
        url, pool_size=2, statement_seconds=600, lock_seconds=60, application_name="party-cli"
    )
    try:
        yield database
    finally:
        database.dispose()


def _services() -> Services:
    found: Services = current_app.extensions["party"]
    return found


def _worker(database: Database, import_id: int) -> Worker:
    return Worker(database, _services().crypto, _services().rules, TARGETS, import_id)


def _bring(database: Database, target: str, file: Path, *, commit: bool, name: str | None) -> bool:
    with database.transaction() as session:
        row = service.begin_here(
            session,
            _services().crypto,
            target=TARGETS[target],
            name=file.name,
            data=file.read_bytes(),
            sign_in_name=name,
        )
        id_ = row.id
    worker = _worker(database, id_)
    worker.read()
    shown = _tell(database, id_)
    if shown.status is not S.READY:
        _step(database, id_, "discard", S.READY, S.COLUMNS)
        raise Refused(shown.problem or _missing(shown))
    if not commit:
        _step(database, id_, "discard", S.READY)
    else:
        _step(database, id_, "commit", S.READY)
        worker.commit()
        done = _look(database, id_)
        if done.status is not S.COMMITTED:
            raise Refused(done.problem or "没有写入，请重试。")
        click.echo(f"已写入。撤销用：flask import {target} --undo {id_}")
    return not shown.counts.get(Change.PROBLEM)


def _undo(database: Database, target: str, import_id: int) -> bool:
    row = _look(database, import_id)
    if row.target != target or row.status is not S.COMMITTED:
        raise Refused("没有这次导入，或它没有写入。")
    _step(database, import_id, "undo", S.COMMITTED)
    _worker(database, import_id).undo()
    after = _look(database, import_id)
    if after.status is not S.UNDONE:
        raise Refused(after.problem or "没有撤销，请重试。")
    click.echo("已撤销。")
    return True


def _look(database: Database, import_id: int) -> Import:
    with database.transaction() as session:
        row = session.scalars(sa.select(Import).where(Import.id == import_id)).first()
        if row is None:
            raise Refused("没有这次导入，或它没有写入。")
        return row


def _step(database: Database, import_id: int, event: str, *states: S) -> None:
    with database.transaction() as session:
        found = sa.select(Import).where(Import.id == import_id, Import.status.in_(states))
        row = session.scalars(found.with_for_update()).first()
        if row is not None:
            FLOW.turn(session, row, event)


def _missing(row: Import) -> str:
    headers = "、".join(str(one["header"]) for one in row.columns if not one.get("key"))
    needed = [one.header for one in TARGETS[row.target].columns if one.required]
    return f"没有认出全部必需的列（{'、'.join(needed)}）。未认出的列：{headers}。"


def _tell(database: Database, import_id: int) -> Import:
    """Print what was found, problems by row and column first."""
    row = _look(database, import_id)
    target, keys = TARGETS[row.target], _services().crypto
    for one in row.columns:
        if one.get("dropped"):
            click.echo(f"“{one['header']}”：{one['dropped']}")
    for note in row.notes:
        click.echo(note)
    wrong = sa.select(ImportRow).where(
        ImportRow.import_id == import_id, ImportRow.change == Change.PROBLEM
    )
    with database.transaction() as session:
        for found in session.scalars(wrong.order_by(ImportRow.number).limit(MOST_TOLD)):
            for key, problem in staging.shown(keys, found).problems.items():
                column = target.column(key)
                click.echo(f"第 {found.number} 行，{column.header if column else key}：{problem}")
    if row.counts:
        told = "，".join(f"{word} {row.counts[change]}" for change, word in COUNTED.items())
        click.echo(f"{target.title}：{told}。")
    return row
