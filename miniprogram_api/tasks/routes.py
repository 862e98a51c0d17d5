"""Everything that waits for whoever asks, of all kinds, in one call."""

from datetime import date, datetime
from typing import Any

from backend.capabilities import TASKS
from backend.flows import tasks
from backend.flows.tasks import Place
from miniprogram_api import http
from miniprogram_api.http import Blueprint, Page, actor, page_of, session
from miniprogram_api.tasks.schemas import TaskCountsOut, TaskOut, TaskQuery

mine = Blueprint("my-tasks", __name__, description="待办")


@mine.get("")
@mine.arguments(TaskQuery, location="query")
@mine.response(200, page_of(TaskOut))
def list_mine(query: dict[str, Any]) -> Page:
    """List what waits for oneself: what has a term by that, the rest as it came."""
    wanted = [one for one in TASKS if query.get("kind", one.kind.name) == one.kind.name]
    limit, after = query["limit"], None
    if query["cursor"] is not None:
        after = Place(
            *http.read_parts(query["cursor"], date.fromisoformat, _moment, str, http.whole)
        )
    found = tasks.page(session(), actor(), wanted, most=limit + 1, after=after)
    items = found[:limit]
    last = items[-1].place if len(found) > limit else None
    total = _total(wanted) if query["with_total"] else None
    return Page(items, http.write_parts(*vars(last).values()) if last else None, total)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("no offset")
    return moment


def _total(wanted: list[Any]) -> int:
    return sum(tasks.counts(session(), actor(), wanted).values())


@mine.get("/counts")
@mine.response(200, TaskCountsOut)
def count_mine() -> dict[str, Any]:
    """Count what waits for oneself, by kind."""
    found = tasks.counts(session(), actor(), TASKS)
    kinds = [{"kind": kind.name, "title": kind.title, "count": n} for kind, n in found.items()]
    return {"total": sum(found.values()), "items": kinds}
