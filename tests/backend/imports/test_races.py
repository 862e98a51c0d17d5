"""Two at once, each in a real transaction; and a worker that dies in the middle."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.capabilities import EVIDENCE
from backend.community.volunteering import service as volunteering
from backend.core import clock
from backend.core.actor import Role
from backend.core.settings import Settings
from backend.figures import ledger_check
from backend.imports.flow import FLOW
from backend.imports.models import Import
from backend.imports.models import ImportStatus as S
from backend.imports.working import Worker
from backend.ledger import binding
from backend.people.members.models import Member
from tests.backend.imports.scene import HEAD, TARGETS, A, Scene, member
from tests.backend.imports.tables import text
from tests.factories import service_facts


def kept(scene: Scene) -> None:
    scene.session.commit()


def ready(scene: Scene, rows: Sequence[tuple[str, ...]], head: tuple[str, ...] = HEAD) -> Worker:
    """Let an officer bring rows and say that they be written; return who will write them."""
    officer = scene.make.officer(Role.CITY_OFFICER, scene.make.city())
    row = scene.begin(officer, text([head, *rows]))
    id_ = row.id
    binding.rebind_year(scene.session, scene.rules, *binding.open_years())
    kept(scene)
    worker = Worker(scene.database, scene.keys, scene.rules, TARGETS, id_)
    worker.read()
    with scene.database.transaction() as session:
        FLOW.take(session, officer, id_, "commit", rules=scene.rules)
    return worker


def state(scene: Scene, worker: Worker) -> tuple[S, str | None]:
    with scene.database.transaction() as session:
        one = sa.select(Import.status, Import.problem).where(Import.id == worker.import_id)
        status, problem = session.execute(one).one()
        return status, problem


def sound(scene: Scene) -> list[str]:
    """Return what the ledger's check finds wrong."""
    with scene.database.transaction() as session:
        return list(ledger_check.run(session, scene.rules, EVIDENCE).differences)


def test_two_files_with_one_person_make_one(town: Scene) -> None:
    branch = town.make.branch(name="机关党支部")
    kept(town)
    workers = [ready(town, [("黄小梅", A, branch.name)]) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(Worker.commit, workers))

    assert member(town, "黄小梅").branch_id == branch.id
    states = sorted(state(town, worker)[0] for worker in workers)
    assert states == [S.COMMITTED, S.READY]
    assert sound(town) == []


def test_writing_beside_confirmations_is_exact(town: Scene) -> None:
    make = town.make
    community = make.community()
    branch = make.branch(make.unit(community), name="机关党支部")
    other = make.branch(make.unit(make.community(), name="另一单位"), name="另一支部")
    people = [
        make.member(branch, name=f"党员{'甲乙丙丁戊己'[n]}", **town.hashed(f"1000000000{n}"))
        for n in range(6)
    ]
    secretary = make.community_secretary(community)
    records = []
    for one in people:
        actor = make.actor(one)
        said = volunteering.Logging(
            community_code=community.code, facts=service_facts(clock.now() - timedelta(hours=3))
        )
        records.append(volunteering.submit(town.session, town.rules, actor=actor, said=said).id)
    rows = [(one.name, f"1000000000{n}", other.name, "另一单位") for n, one in enumerate(people)]
    worker = ready(town, rows, (*HEAD, "工作单位"))
    begun = threading.Barrier(2)

    def confirm() -> None:
        begun.wait()
        for record in records:
            with town.database.transaction() as session:
                volunteering.confirm(session, town.rules, actor=secretary, record_id=record)

    def write() -> None:
        begun.wait()
        worker.commit()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(confirm), pool.submit(write)]:
            done.result()

    assert state(town, worker) == (S.COMMITTED, None)
    moved = sa.select(sa.func.count()).where(Member.branch_id == other.id)
    assert town.session.scalar(moved) == 6
    assert sound(town) == []


KILLED = """
import os, sys
from sqlalchemy import event
from backend import capabilities, models
from backend.core import crypto, db, settings
from backend.imports.targets.members import MemberComparison
from backend.imports.working import Worker

configured = settings.load()
url = configured.database_url.get_secret_value()
def stop(self, ids):
    print("written", flush=True)
    import time; time.sleep(60)
MemberComparison.follow = stop
database = db.connect(url, pool_size=1)
Worker(database, crypto.from_settings(configured), capabilities.rules(configured),
       capabilities.IMPORT_TARGETS, int(sys.argv[1])).commit()
"""


def test_a_worker_killed_in_the_middle_leaves_nothing_half(town: Scene, settings: Settings) -> None:
    branch = town.make.branch(name="机关党支部")
    kept(town)
    worker = ready(town, [("黄小梅", A, branch.name), ("丙丁", "", branch.name)])
    given = {
        "DATABASE_URL": settings.database_url.get_secret_value(),
        "FIELD_KEYS": settings.field_keys.get_secret_value(),
        "LOOKUP_KEY": settings.lookup_key.get_secret_value(),
        "WECHAT_APPID": "wx0000000000test01",
        "WECHAT_SECRET": "secret",
        "APP_ENV": "test",
    }
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(worker.import_id)],
        env=os.environ | given,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "written\n"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    _until_gone(town.session)

    assert state(town, worker)[0] is S.COMMITTING
    assert town.session.scalars(sa.select(Member.id).where(Member.name == "丙丁")).all() == []
    worker.commit()  # as the queue does with the jobs of a silent worker
    assert state(town, worker) == (S.COMMITTED, None)
    assert member(town, "丙丁").branch_id == branch.id
    assert sound(town) == []


def _until_gone(session: Session) -> None:
    """Wait until the server has noticed that its client is dead."""
    turn = sa.text("SELECT pg_try_advisory_xact_lock(hashtext('imports'))")
    for _ in range(100):
        free = session.scalar(turn)
        session.rollback()
        if free:
            return
        time.sleep(0.1)
    raise AssertionError("the dead worker holds its locks")
