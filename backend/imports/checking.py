"""Holds the rows of a file against what is stored: what each would change, or what is wrong."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from backend.forms import cells
from backend.forms.cells import ERRORS, Wrong
from backend.imports import staging
from backend.imports.columns import Column, Comparison, Desk, Row, Target
from backend.imports.models import Change, Import
from backend.imports.staging import IDENTITY, Cells

BROKEN = "公式没有结果或有误，请改为文字或数值。"
# How much of a check is done when its rows are read, and when they are judged.
READ, JUDGED = 0.4, 0.6
HELD_IDENTITY = "含有身份证号码，未读取。"


def mapping_of(row: Import) -> dict[str, int]:
    """Return in which place the file has which column."""
    places: dict[str, Any] = {
        str(one["key"]): one["index"] for one in row.columns if one.get("key") is not None
    }
    return places


def missing(desk: Desk, target: Target, row: Import) -> list[Column]:
    """Return the columns without which the file is not checked, and that nothing in it is."""
    absent = target.needed(desk.actor) - mapping_of(row).keys()
    return [column for column in target.columns if column.key in absent]


def judged(desk: Desk, target: Target, row: Import) -> tuple[Comparison, list[int], list[Row]]:
    """Read all rows and judge them; return the comparison, the rows' ids, and the rows."""
    places = mapping_of(row)
    comparison = target.compare(desk, frozenset(places))
    needed = target.needed(desk.actor)
    ids, rows = [], []
    read = staging.rows_of(desk.session, desk.keys, row.id)
    for id_, number, held in desk.progress.over(read, begin=0, end=READ):
        ids.append(id_)
        rows.append(understood(target, places, needed, number, held))
    comparison.judge(rows)
    desk.progress.at(JUDGED)
    return comparison, ids, rows


def understood(
    target: Target,
    places: Mapping[str, int],
    needed: frozenset[str],
    number: int,
    held: Cells,
) -> Row:
    """Return a row with its cells as values, and what is wrong with them."""
    row = Row(number)
    for column in target.columns:
        if column.key not in places:
            continue
        text = cells.plain(held.get(places[column.key], ""))
        if not text:
            if column.key in needed:
                row.problems[column.key] = f"没有填写{column.header}。"
            continue
        _read(row, column, text)
    return row


def _read(row: Row, column: Column, text: str) -> None:
    row.texts[column.key] = "" if text == IDENTITY else text
    if text == IDENTITY or text in ERRORS:
        row.problems[column.key] = HELD_IDENTITY if text == IDENTITY else BROKEN
        return
    try:
        reading = column.read(text)
    except Wrong as wrong:
        row.problems[column.key] = str(wrong)
        return
    row.values[column.key] = reading.value
    if column.canonical:
        row.texts[column.key] = reading.value
    if reading.note:
        row.notes[column.key] = reading.note


def keep(desk: Desk, row: Import, comparison: Comparison, ids: list[int], rows: list[Row]) -> None:
    """Keep what was found, in place of what was found before."""
    staging.keep_found(desk.session, desk.keys, row.id, ids, rows)
    left = staging.keep_left(desk.session, desk.keys, row.id, comparison.left(rows))
    counted = Counter(found.change for found in rows)
    counted[Change.LEFT] = left
    row.counts = {str(change): counted[change] for change in Change}
    row.rows_done = len(rows)


def to_write(rows: list[Row]) -> Iterator[Row]:
    """Yield the rows that change something."""
    return (row for row in rows if row.change in {Change.NEW, Change.CHANGED})
