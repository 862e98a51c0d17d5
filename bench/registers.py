"""What a large register costs to read: a page, a search by part of a name, a day that is past.

`make bench-registers ENTRIES=100000` makes so many entries with four versions each in a PostgreSQL
of its own, asks as the routes do, for officers of the city and a district and a community's
secretary, and prints one JSON object a line: milliseconds, the least and the median, and with
EXPLAIN=1 the plans.
"""

import json
import os
import statistics
import sys
import time
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core import clock, db, migrations
from backend.core.actor import Actor, Grant, Role
from backend.core.asker import asked_by, asker_of
from backend.core.finding import paired, spelled
from backend.figures import setup
from backend.people.areas.models import Area, AreaKind, AreaLevel
from backend.registers import queries
from backend.registers.flow import FLOW
from backend.registers.models import RegisterEntry
from launcher.postgres import running
from tests.folders import open_folder

ENTRIES = int(os.environ.get("ENTRIES", "100000"))
REGISTER, PAGE, ROUNDS = "economic_entity", 20, 15
ENTER = """
INSERT INTO register_entry (register, code, place_id)
SELECT :register, 'C' || lpad(n::text, 8, '0'), (CAST(:places AS bigint[]))[1 + n % :many]
FROM generate_series(1, :number) AS n;
INSERT INTO register_version (entry_id, starts_on, ends_on, schema_version, name, place_id,
 "values", found_as, pairs)
SELECT e.id, make_date(2022 + v, 1, 1), CASE WHEN v < 3 THEN make_date(2023 + v, 1, 1) END, 1,
 (CAST(:names AS text[]))[1 + e.id % :named] || e.id || '号楼', e.place_id,
 '{"type": "building"}', (CAST(:names AS text[]))[1 + e.id % :named] || e.id || '号楼' || chr(10)
 || (CAST(:found AS text[]))[1 + e.id % :named],
 string_to_array((CAST(:pairs AS text[]))[1 + e.id % :named], ' ')
 || ARRAY(SELECT substr('厦' || e.id || '号楼', i, 2) FROM generate_series(1, 9) AS i)
FROM register_entry e, generate_series(0, 3) AS v;
"""
NAMES = [
    f"{place}{what}商务大厦" for place in ("国贸", "金龙", "海垦", "椰海") for what in "东西南北中"
]


def fill(session: Session) -> list[Area]:
    setup.load_territory(session)
    session.flush()
    own = sa.select(Area).where(Area.kind == AreaKind.RESIDENTS_COMMITTEE, ~Area.hidden)
    places = list(session.scalars(own.order_by(Area.code)))
    values = {
        "register": REGISTER, "number": ENTRIES, "places": [area.id for area in places],
        "many": len(places), "names": NAMES,
        "found": [spelled(name).partition("\n")[2] for name in NAMES],
        "pairs": [" ".join(paired(name)) for name in NAMES],
        "named": len(NAMES),
    }  # fmt: skip
    for statement in ENTER.split(";"):
        if statement.strip():
            session.execute(sa.text(statement), values)
    return places


def asked(actor: Actor, **narrowed: Any) -> sa.Select[Any]:
    found = queries.listed(FLOW.shown(asker_of(actor)), REGISTER, **narrowed)
    return found.order_by(RegisterEntry.code, RegisterEntry.id).limit(PAGE)


def ask(session: Session, who: str, what: str, actor: Actor, **narrowed: Any) -> None:
    statement, told = asked(actor, **narrowed), asked_by(actor)
    costs, rows = [], 0
    for _ in range(ROUNDS):
        session.expunge_all()
        began = time.perf_counter()
        rows = len(session.execute(statement, told).unique().all())
        costs.append((time.perf_counter() - began) * 1000)
    line = {"who": who, "what": what, "rows": rows, "ms_least": round(min(costs), 1),
            "ms_median": round(statistics.median(costs), 1)}  # fmt: skip
    print(json.dumps(line, ensure_ascii=False), flush=True)
    if os.environ.get("EXPLAIN"):
        explain(session, statement, told)


def explain(session: Session, statement: sa.Select[Any], told: dict[str, Any]) -> None:
    """Print the plan of a statement as it runs."""

    def explained(*args: Any) -> tuple[Any, Any]:
        return "EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) " + args[2], args[3]

    connection = session.connection()
    sa.event.listen(connection, "before_cursor_execute", explained, retval=True)
    for row in connection.execute(statement, told).scalars():
        print(f"    {row}", file=sys.stderr)
    sa.event.remove(connection, "before_cursor_execute", explained)


def main() -> None:
    with open_folder() as folder, running(folder / "data", durable=False) as server:
        migrations.migrate(server.owner_url, server.app_url)
        admin = sa.create_engine(db.driver_url(server.admin_url))
        with Session(admin, expire_on_commit=False) as session:
            places = fill(session)
            session.commit()
        with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("VACUUM ANALYZE"))
        database = db.connect(server.app_url, pool_size=1)
        with database.transaction() as session:
            _ask_all(session, places[0])
        database.dispose()
        admin.dispose()


def _ask_all(session: Session, community: Area) -> None:
    city = session.scalars(sa.select(Area).where(Area.level == AreaLevel.CITY)).one()
    people = {
        "city": Actor(0, grants=(Grant(Role.CITY_OFFICER, area_id=city.id),)),
        "district": Actor(0, grants=(Grant(Role.DISTRICT_OFFICER, area_id=community.district_id),)),
        "community": Actor(0, grants=(Grant(Role.COMMUNITY_SECRETARY, area_id=community.id),)),
    }
    today, past = clock.today(), date(2023, 6, 30)
    for who, actor in people.items():
        ask(session, who, "page", actor, on=today)
        ask(session, who, "past day", actor, on=past)
        ask(session, who, "part of a name", actor, on=today, q="金龙")
        ask(session, who, "few have it", actor, on=today, q="54321")
        ask(session, who, "as it reads", actor, on=today, q="jinlong")
        ask(session, who, "one community", actor, on=today, area_code=community.code)


if __name__ == "__main__":
    main()
