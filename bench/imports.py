"""What an import of a city's roster costs: reading, checking, writing with all that follows in the
ledger, the same file again, taking it back; and how long who confirms waits beside it.

`make bench-imports MEMBERS=20000` makes 900 branches in a PostgreSQL of its own and an xlsx file of
so many people, works on it as the worker does, and prints one JSON object a line, with the most
memory the process ever held.
"""

import json
import os
import resource
import time
from collections.abc import Callable
from io import BytesIO

import openpyxl
import sqlalchemy as sa

from backend import capabilities
from backend.core import db, migrations
from backend.core.actor import Actor
from backend.core.crypto import Crypto
from backend.core.db import Database
from backend.core.settings import DEFAULT_RULE_PACK, CipherSuite
from backend.figures import ledger_check, setup
from backend.imports import staging
from backend.imports.flow import FLOW
from backend.imports.models import Import, ImportStatus
from backend.imports.working import Worker
from backend.ledger import binding, packs
from backend.ledger.rulepack import RulePack
from backend.people.areas.models import Area, AreaLevel
from bench.ledger import confirming
from launcher.postgres import running
from tests.folders import open_folder

MEMBERS = int(os.environ.get("MEMBERS", "20000"))
BRANCHES, UNITS = 900, 400
BODIES = """
INSERT INTO unit (name, kind, community_id)
SELECT '单位' || n, CASE WHEN n % 2 = 0 THEN 'city_organ' ELSE 'institution' END,
 (:places)[1 + n % :many] FROM generate_series(1, :units) AS n;
INSERT INTO organization (name, kind, path, unit_id, area_id, founded_on)
SELECT '第' || n || '党支部', 'branch', CAST(n AS text)::ltree, u.id, u.community_id, '2020-01-01'
FROM generate_series(1, :branches) AS n JOIN unit u ON u.id = 1 + n % :units;
"""
FAMILIES, GIVEN = "王李张刘陈杨黄赵吴周符林", "丽华海涛秀英清明春燕志强小梅国栋雨桐建军"


def roster(first: int = 0) -> bytes:
    """Return a workbook of people who do not exist, with numbers that cannot be dialled; from
    another `first` on of others."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("名册")
    sheet.append(["党员名册"])
    sheet.append(["序号", "姓名", "性别", "联系电话", "所在党支部", "党员类别", "到单位日期"])
    for n in range(first, first + MEMBERS):
        name = FAMILIES[n % 12] + GIVEN[n // 12 % 20] + GIVEN[n // 240 % 20] + "一" * bool(first)
        branch = f"第{1 + n % BRANCHES}党支部"
        sheet.append([n + 1, name, "女", 10_000_000_000 + n, branch, "正式党员", "2019.03"])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def said(what: str, act: Callable[[], object]) -> None:
    begun, worked = time.perf_counter(), time.process_time()
    act()
    seconds = round(time.perf_counter() - begun, 1)
    own = round(time.process_time() - worked, 1)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        json.dumps(
            {"members": MEMBERS, "what": what, "seconds": seconds, "own": own, "peak_mb": peak}
        )
    )


def brought(database: Database, keys: Crypto, data: bytes) -> int:
    with database.transaction() as session:
        row = Import(target="members", status=ImportStatus.READING, file_name="名册.xlsx")
        session.add(row)
        session.flush()
        staging.keep_file(session, keys, row.id, data)
        return row.id


def told(database: Database, id_: int, event: str) -> None:
    with database.transaction() as session:
        row = session.scalars(sa.select(Import).where(Import.id == id_)).one()
        FLOW.turn(session, row, event, actor=Actor(1))
        print(json.dumps({"rows": row.counts}))


def prepare(database: Database, rules: RulePack) -> None:
    with database.transaction() as session:
        setup.init_city(session, "460100")
        communities = sa.select(Area.id).where(Area.level == AreaLevel.COMMUNITY)
        places = list(session.scalars(communities))
        values = {"places": places, "many": len(places), "units": UNITS, "branches": BRANCHES}
        for statement in BODIES.split(";")[:2]:
            session.execute(sa.text(statement), values)
        binding.rebind_year(session, rules, *binding.open_years())


def main() -> None:
    """Measure one city."""
    keys = Crypto({"k1": bytes(32)}, bytes(32), CipherSuite.AES_256_GCM)
    rules = packs.load(DEFAULT_RULE_PACK, posted=capabilities.POSTED)
    data = roster()
    with open_folder() as folder, running(folder / "data", durable=False) as server:
        migrations.migrate(server.owner_url, server.app_url)
        database = db.connect(server.app_url, pool_size=2, lock_seconds=15)
        prepare(database, rules)
        said("before", lambda: None)
        for turn in ("first", "again"):
            id_ = brought(database, keys, data)
            worker = Worker(database, keys, rules, capabilities.IMPORT_TARGETS, id_)
            said(f"{turn}: read and check", worker.read)
            told(database, id_, "commit")
            said(f"{turn}: write", worker.commit)
            if turn == "first":
                first = worker
        with database.transaction() as session:
            report = ledger_check.run(session, rules, capabilities.EVIDENCE)
            print(json.dumps({"ledger": report.summary}))
        worker = Worker(
            database, keys, rules, capabilities.IMPORT_TARGETS,
            brought(database, keys, roster(MEMBERS)),
        )  # fmt: skip
        worker.read()
        told(database, worker.import_id, "commit")
        with confirming(server.app_url, "confirmations beside writing as many others", 10):
            time.sleep(5)
            said("others: write", worker.commit)
        told(database, first.import_id, "undo")
        said("take back", first.undo)
        database.dispose()


if __name__ == "__main__":
    main()
