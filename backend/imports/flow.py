"""The life of an import: what a person decides, and what the worker makes of it meanwhile."""

from functools import cache

import sqlalchemy as sa

from backend.core import clock, queue
from backend.flows.flow import Flow
from backend.flows.steps import CLOCK, Step, Taken
from backend.imports import policy, staging
from backend.imports.models import Import
from backend.imports.models import ImportStatus as S
from backend.imports.policy import OWNER

READ, CHECK, COMMIT, UNDO = ("imports:read", "imports:check", "imports:commit", "imports:undo")
# What is not over, and not under way towards what cannot be stopped.
OPEN = (S.READING, S.COLUMNS, S.CHECKING, S.READY, S.FAILED)


@cache
def _all() -> sa.Select[Import]:
    return sa.select(Import)


def _defer(task: str, taken: Taken[Import]) -> None:
    taken.row.problem = None
    queue.defer(taken.session, task, import_id=taken.row.id)


def _under_way(taken: Taken[Import]) -> bool:
    return taken.row.status in {S.COMMITTING, S.COMMITTED}


def _taken_back(taken: Taken[Import]) -> bool:
    return taken.row.status in {S.UNDOING, S.UNDONE}


def _forget(taken: Taken[Import]) -> None:
    staging.forget_file(taken.session, taken.row.id)
    staging.forget_rows(taken.session, taken.row.id)


def _date(taken: Taken[Import]) -> None:
    taken.row.committed_at = clock.now()


def _counts(taken: Taken[Import]) -> dict[str, object]:
    return {"target": taken.row.target, **taken.row.counts}


FLOW: Flow[Import] = Flow(
    "import",
    Import,
    select=_all,
    visible=policy.visible,
    missing="没有找到这次导入。",
    texts=None,
    area_id=lambda _row: None,
    steps=[
        Step("ask", "", "Ask which column is what.",
             {S.READING: S.COLUMNS, S.CHECKING: S.COLUMNS}, CLOCK, "a needed column is missing"),
        Step("map", "", "Say which column is what; all rows are checked anew.",
             {S.COLUMNS: S.CHECKING, S.READY: S.CHECKING}, OWNER, again=lambda _taken: False,
             then=lambda taken: _defer(CHECK, taken)),
        Step("check", "", "Have all rows checked.", {S.READING: S.CHECKING}, CLOCK),
        Step("present", "", "Show what would become of each row.",
             {S.CHECKING: S.READY}, CLOCK),
        Step("fail", "", "Give up a file that cannot be read.",
             {S.READING: S.FAILED, S.CHECKING: S.FAILED}, CLOCK, then=_forget),
        Step("commit", "commit",
             "Write what is new and what is changed, all of it or nothing; rows with a problem and "
             "those that are not in the file stay as they are.",
             {S.READY: S.COMMITTING}, OWNER, again=_under_way,
             then=lambda taken: _defer(COMMIT, taken)),
        Step("settle", "", "Let what was written stand.",
             {S.COMMITTING: S.COMMITTED}, CLOCK, "nothing has changed since it was shown",
             first=_forget, then=_date, past="committed", details=_counts),
        Step("show_anew", "", "Show rows again that would be otherwise by now; nothing is written.",
             {S.COMMITTING: S.READY}, CLOCK, "what the rows are about has changed"),
        Step("discard", "discard", "Forget the file and its rows.",
             dict.fromkeys(OPEN, S.DISCARDED), OWNER, then=_forget),
        Step("expire", "", "Forget what nobody decided about in a day.",
             dict.fromkeys(OPEN, S.DISCARDED), CLOCK, then=_forget),
        Step("undo", "undo", "Take back what was written, while nothing is built on it.",
             {S.COMMITTED: S.UNDOING}, OWNER, again=_taken_back,
             then=lambda taken: _defer(UNDO, taken)),
        Step("take_back", "", "Let things be as they were before.",
             {S.UNDOING: S.UNDONE}, CLOCK, past="undone", details=_counts),
        Step("keep", "", "Let it stand after all.",
             {S.UNDOING: S.COMMITTED}, CLOCK, "something was built on it"),
    ],
)  # fmt: skip
