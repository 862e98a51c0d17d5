"""What it costs to bring a register and to take it out: reading, checking, writing with what the
ledger learns, the same file again, a changed one, the export, and taking both back.

`make bench-register-imports ENTRIES=20000` makes a PostgreSQL of its own and xlsx files of grids,
works on them as the worker does, and prints one JSON object a line, with the most memory the
process ever held.
"""

import json
import os
import resource
import time
from collections.abc import Callable
from io import BytesIO
from typing import Any

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
from backend.people.areas.models import Area, AreaLevel
from launcher.postgres import running
from tests.folders import open_folder

ENTRIES = int(os.environ.get("ENTRIES", "20000"))
HEADS = ["网格编号", "网格名称", "区划代码", "户数", "下沉的服务", "开始日期"]


def grids(places: list[str], more: int = 0) -> bytes:
    """Return a workbook of grids that do not exist."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("网格")
    sheet.append(HEADS)
    for n in range(ENTRIES):
        place, households = places[n % len(places)], 100 + n % 500 + more
        line = [f"WG-{n}", f"第{n}网格", place, households, "公共服务、志愿服务", "2024-01-01"]
        sheet.append(line)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def said(what: str, act: Callable[[], object]) -> None:
    begun, worked = time.perf_counter(), time.process_time()
    act()
    seconds = round(time.perf_counter() - begun, 1)
    own = round(time.process_time() - worked, 1)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    told = {"entries": ENTRIES, "what": what, "seconds": seconds, "own": own, "peak_mb": peak}
    print(json.dumps(told), flush=True)


class Bench:
    """Brings files into a city of its own."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.keys = Crypto({"k1": bytes(32)}, bytes(32), CipherSuite.AES_256_GCM)
        self.rules = packs.load(DEFAULT_RULE_PACK, posted=capabilities.POSTED)

    def prepare(self) -> list[str]:
        with self.database.transaction() as session:
            setup.init_city(session, "460100")
            binding.rebind_year(session, self.rules, *binding.open_years())
            codes = sa.select(Area.code).where(Area.level == AreaLevel.COMMUNITY, ~Area.hidden)
            return list(session.scalars(codes))

    def bring(self, what: str, data: bytes) -> Worker:
        """Read, check and write a file."""
        with self.database.transaction() as session:
            row = Import(target="registers:grid", status=ImportStatus.READING, file_name="x.xlsx")
            session.add(row)
            session.flush()
            staging.keep_file(session, self.keys, row.id, data)
        worker = Worker(self.database, self.keys, self.rules, capabilities.IMPORT_TARGETS, row.id)
        said(f"{what}: read and check", worker.read)
        self.told(worker, "commit")
        said(f"{what}: write", worker.commit)
        return worker

    def told(self, worker: Worker, event: str) -> None:
        with self.database.transaction() as session:
            row: Any = session.get_one(Import, worker.import_id)
            FLOW.turn(session, row, event, actor=Actor(1))
            print(json.dumps({"rows": row.counts}))

    def check(self) -> None:
        with self.database.transaction() as session:
            report = ledger_check.run(session, self.rules, capabilities.EVIDENCE)
            print(json.dumps({"ledger": report.summary}, ensure_ascii=False))


def main() -> None:
    """Measure one city."""
    with open_folder() as folder, running(folder / "data", durable=False) as server:
        migrations.migrate(server.owner_url, server.app_url)
        bench = Bench(db.connect(server.app_url, pool_size=2, lock_seconds=15))
        places = bench.prepare()
        said("before", lambda: None)
        first = bench.bring("first", grids(places))
        bench.bring("again", grids(places))
        changed = bench.bring("changed", grids(places, 7))
        bench.check()
        for what, worker in (("changed", changed), ("first", first)):
            bench.told(worker, "undo")
            said(f"take back {what}", worker.undo)
        bench.check()
        bench.database.dispose()


if __name__ == "__main__":
    main()
