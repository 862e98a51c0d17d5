"""What the ledger costs in a city of a given size, all rules of the notice computed.

`make bench-ledger MEMBERS=1000000` makes members, units, branches, what registers would hold and
what was done so far in a PostgreSQL of its own, then prints one JSON object a line: the rows of the
year, the figures of the city for all rules and for one with what lies below, a member's duties, and
the rows of the next year made while confirmations run beside it. Milliseconds are those of the
statements as the program sees them; durability is off. Where others use the machine, the seconds
of a processor that the rows took, the program's and the server's, say more than how long it was.
"""

import json
import os
import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import Queue, get_context
from multiprocessing.synchronize import Event, Semaphore
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core import clock, db, migrations
from backend.core.actor import Actor, Grant, Role
from backend.core.db import Database
from backend.core.settings import DEFAULT_RULE_PACK
from backend.figures import my_duties, rates, setup
from backend.ledger import binding, packs, service
from backend.ledger.models import SubjectKind
from backend.ledger.rulepack import Form, Rule, RulePack
from backend.ledger.service import Entry, Source
from backend.ledger.subjects import Subject
from backend.people.areas.models import Area, AreaLevel
from backend.people.members.models import Member
from launcher.postgres import Server, running
from tests.folders import open_folder

MEMBERS = int(os.environ.get("MEMBERS", "20000"))
# `new_year`: only the rows of the next year, with nobody beside and with confirmations.
ONLY = os.environ.get("ONLY", "")
APPLICATION = "bench"
A_UNIT, A_BRANCH = 150, 30
# Entries of registers of each sort, to a million members: grids, estates, workers, points.
ENTRIES = max(10, MEMBERS * 4000 // 1_000_000)
WARM, ROUNDS, CONFIRMING = 3, 15, 3
# On a busy machine a program takes long to begin.
READY_SECONDS = 120

PEOPLE = """
INSERT INTO unit (name, kind, community_id)
SELECT 'U' || n, 'city_organ', (:places)[1 + n % :many] FROM generate_series(1, :units) AS n;
INSERT INTO organization (name, kind, path, unit_id, area_id, founded_on)
SELECT 'B' || n, 'branch', CAST(n AS text)::ltree, u.id, u.community_id, '2020-01-01'
FROM generate_series(1, :branches) AS n JOIN unit u ON u.id = 1 + n % :units;
INSERT INTO member (name, category, branch_id, unit_id, unit_since)
SELECT 'M' || n, 'full', o.id, o.unit_id, '2020-01-01'
FROM generate_series(1, :members) AS n JOIN organization o ON o.id = 1 + n % :branches;
"""
DONE = """
INSERT INTO standing_fact (kind, subject_kind, subject_id, starts_on, source_type, source_id)
SELECT 'community_registration', 'member', id, '2024-03-01', 'bench', id FROM member
WHERE id % 10 < 7;
INSERT INTO tally (subject_kind, subject_id, kind, month, occasions, amount)
SELECT 'member', id, 'volunteer_service', :month, 1 + id % 3, 60 FROM member WHERE id % 10 < 6;
INSERT INTO tally (subject_kind, subject_id, kind, month, occasions, amount)
SELECT 'organization', id, held, :month, 1, 1 FROM organization,
unnest(ARRAY['members_assembly', 'party_lecture', 'organizational_life_meeting']) AS held
WHERE id % 4 > 0;
"""
HELD = sa.text(
    "INSERT INTO standing_fact (kind, subject_kind, subject_id, starts_on, source_type, source_id,"
    " area_id) SELECT CAST(:kind AS text), CAST(:subject AS text), :first + n, '2024-03-01',"
    " 'bench', :first + n, (CAST(:places AS bigint[]))[1 + n % :many]"
    " FROM generate_series(1, :number) AS n WHERE n % 10 < :tenths"
)


def people(session: Session, places: list[int]) -> None:
    """Make who is there, by set."""
    values = {
        "places": places,
        "many": len(places),
        "units": max(1, MEMBERS // A_UNIT),
        "branches": max(1, MEMBERS // A_BRANCH),
        "members": MEMBERS,
        "month": clock.today().replace(month=1, day=1),
    }
    for statement in (PEOPLE + DONE).split(";"):
        if statement.strip():
            session.execute(sa.text(statement), values)


def entries(session: Session, rules: RulePack, places: list[int]) -> None:
    """Let facts be held that say whom rules bind, and by half of them what the rules ask for."""
    firsts: dict[str, int] = {}
    for rule in rules.computed:
        for fact in sorted(rule.holders):
            assert rule.subject is not None
            entry = rule.subject is SubjectKind.ENTRY
            first = firsts.setdefault(fact, len(firsts) * 1_000_000 if entry else 0)
            number = ENTRIES if entry else min(20, MEMBERS // A_UNIT)
            given = {"subject": rule.subject, "first": first, "number": number}
            _hold(session, places, {"kind": fact, "tenths": 10} | given)
            for kind in _stand(rule):
                _hold(session, places, {"kind": kind, "tenths": 5} | given)


def _hold(session: Session, places: list[int], values: dict[str, Any]) -> None:
    there = sa.text(
        "SELECT count(*) FROM standing_fact WHERE kind = :kind AND subject_id > :first"
        " AND subject_id <= :first + :number"
    )
    if not session.scalar(there, values):
        session.execute(HELD, values | {"places": places, "many": len(places)})


def _stand(rule: Rule) -> set[str]:
    standing = (check for check in rule.checks if check.form is Form.STANDING)
    return {kind for check in standing for kind in check.kinds}


def populate(server: Server, rules: RulePack) -> None:
    admin = sa.create_engine(db.driver_url(server.admin_url))
    with Session(admin) as session:
        # Triggers rest: they write for each member by itself what nobody reads here.
        session.execute(sa.text("SET session_replication_role = replica"))
        setup.load_territory(session)
        session.flush()
        communities = sa.select(Area.id).where(
            Area.level == AreaLevel.COMMUNITY, Area.kind == "residents_committee", ~Area.hidden
        )
        places = list(session.scalars(communities))
        people(session, places)
        entries(session, rules, places)
        session.commit()
    with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("VACUUM ANALYZE"))
    admin.dispose()


@contextmanager
def timed(engine: sa.Engine) -> Iterator[dict[str, float]]:
    """Count statements and add up their milliseconds, rows fetched not included."""
    seen = {"statements": 0.0, "ms": 0.0}
    began: list[float] = []

    def before(*_: object) -> None:
        began.append(time.perf_counter())

    def after(*_: object) -> None:
        seen["statements"] += 1
        seen["ms"] += (time.perf_counter() - began.pop()) * 1000

    sa.event.listen(engine, "before_cursor_execute", before)
    sa.event.listen(engine, "after_cursor_execute", after)
    yield seen
    sa.event.remove(engine, "before_cursor_execute", before)
    sa.event.remove(engine, "after_cursor_execute", after)


def ask(database: Database, name: str, question: Callable[[Session], object]) -> None:
    """Ask several times; print what the statements cost."""
    assert isinstance(database.bind, sa.Engine)
    costs, count = [], 0.0
    for _ in range(WARM + ROUNDS):
        with database.transaction() as session, timed(database.bind) as seen:
            question(session)
        costs.append(seen["ms"])
        count = seen["statements"]
    told(what=name, statements=int(count), ms_least=min(costs), ms_median=statistics.median(costs))


def told(**line: object) -> None:
    shown = {key: round(one, 1) if isinstance(one, float) else one for key, one in line.items()}
    print(json.dumps(shown), flush=True)


def confirm(
    url: str, seed: int, ready: Semaphore, stop: Event, told_of: "Queue[list[float]]"
) -> None:
    """Post a service of some member again and again; tell how many milliseconds each took, though
    it be longer than a request would wait."""
    rules = packs.load(DEFAULT_RULE_PACK)
    database = db.connect(url, pool_size=1, lock_seconds=60, statement_seconds=90)
    chance = random.Random(seed)  # noqa: S311  # no secret
    number, waits = seed * 10_000_000, list[float]()
    while not stop.is_set():
        number += 1
        subject = Subject(SubjectKind.MEMBER, chance.randint(1, MEMBERS))
        today, source = clock.today(), Source("bench", number)
        entry = Entry("volunteer_service", subject, source, today, today, str(number))
        began = time.perf_counter()
        with database.transaction() as session:
            service.post(session, rules, entry)
        waits.append((time.perf_counter() - began) * 1000)
        if len(waits) == WARM:
            ready.release()
        time.sleep(0.02)
    told_of.put(waits[WARM:])


@contextmanager
def confirming(url: str, what: str, seed: int) -> Iterator[None]:
    """Let others confirm beside the block, in processes of their own; print how long it took."""
    processes = get_context("spawn")
    ready, stop, told_of = processes.Semaphore(0), processes.Event(), processes.Queue()
    started = [
        processes.Process(target=confirm, args=(url, seed + number, ready, stop, told_of))
        for number in range(CONFIRMING)
    ]
    for one in started:
        one.start()
    try:
        for _ in started:
            ready.acquire(timeout=READY_SECONDS)
        yield
    finally:
        stop.set()
        waits = [wait for _ in started for wait in told_of.get()]
        for one in started:
            one.join()
    cuts = statistics.quantiles(waits, n=100)
    figures = {"p50_ms": cuts[49], "p99_ms": cuts[98], "longest_ms": max(waits)}
    told(what=what, number=len(waits), **figures)


def make_rows(database: Database, rules: RulePack, what: str, year: int) -> None:
    began, worked = time.perf_counter(), time.process_time() + served(database)
    rows = binding.rebind_all(database, rules, [year])
    seconds = time.perf_counter() - began
    cpu_seconds = time.process_time() + served(database) - worked
    told(what=what, rows=rows, seconds=seconds, cpu_seconds=cpu_seconds)


def served(database: Database) -> float:
    """Return how many seconds the server's processes for our connections have worked (Linux)."""
    with database.transaction() as session:
        ours = sa.text("SELECT pid FROM pg_stat_activity WHERE application_name = :ours")
        pids = session.scalars(ours, {"ours": APPLICATION}).all()
    return sum(map(_worked, pids))


def _worked(pid: int) -> float:
    stat = Path(f"/proc/{pid}/stat").read_text()
    user, system = stat.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def questions(database: Database, rules: RulePack, year: int) -> None:
    with database.transaction() as session:
        city = session.scalars(sa.select(Area).where(Area.level == AreaLevel.CITY)).one()
        member = session.scalars(sa.select(Member).where(Member.id == MEMBERS // 2)).one()
    officer = Actor(0, grants=(Grant(Role.CITY_OFFICER, area_id=city.id),))
    own = Actor(0, member_id=member.id, branch_id=member.branch_id, unit_id=member.unit_id)
    given: dict[str, Any] = {"actor": officer, "area_code": city.code, "year": year}
    ask(database, "all rules of the city", lambda s: rates.overview(s, rules, **given))
    for id_ in ("2k", "1a"):
        ask(
            database,
            f"{id_} with districts",
            lambda s, id_=id_: rates.rates(s, rules, rule_id=id_, **given),  # type: ignore[misc]
        )
    ask(database, "duties of a member", lambda s: my_duties.duties(s, rules, actor=own, year=year))


def main() -> None:
    # As if all that the notice's rules count came in.
    rules = packs.load(DEFAULT_RULE_PACK)
    with open_folder() as folder, running(folder / "data", durable=False) as server:
        migrations.migrate(server.owner_url, server.app_url)
        populate(server, rules)
        database = db.connect(
            server.app_url,
            pool_size=binding.HANDS,
            statement_seconds=600,
            application_name=APPLICATION,
        )
        told(what="city", members=MEMBERS, rules=len(rules.computed))
        year = clock.today().year
        {"": everything, "new_year": new_year}[ONLY](server, database, rules, year)
        database.dispose()


def everything(server: Server, database: Database, rules: RulePack, year: int) -> None:
    make_rows(database, rules, "rows of the year, nobody beside", year)
    questions(database, rules, year)
    with confirming(server.app_url, "confirmations alone", 10):
        time.sleep(20)
    beside_confirmations(server, database, rules, year + 1)
    make_rows(database, rules, "once more, nothing to do", year + 1)


def new_year(server: Server, database: Database, rules: RulePack, year: int) -> None:
    make_rows(database, rules, "rows of the next year, nobody beside", year + 1)
    beside_confirmations(server, database, rules, year + 2)


def beside_confirmations(server: Server, database: Database, rules: RulePack, year: int) -> None:
    with confirming(server.app_url, "confirmations beside New Year", 20):
        time.sleep(5)
        make_rows(database, rules, "rows of the next year, confirmations beside", year)


if __name__ == "__main__":
    main()
