"""Brings a table that is made in memory, as the worker brings one that somebody uploads: all of it
or nothing."""

from collections.abc import Mapping, Sequence

from backend.core.errors import Invalid
from backend.imports import checking
from backend.imports.columns import Desk, Row, Target


def bring(desk: Desk, target: Target, rows: Sequence[Mapping[str, str]]) -> list[Row]:
    """Write rows, given as cells by the keys of their columns; return them as they were understood.
    Raises Invalid where one has a problem."""
    keys = dict.fromkeys(key for row in rows for key in row)
    places = {key: index for index, key in enumerate(keys)}
    needed = target.needed(desk.actor)
    comparison = target.compare(desk, frozenset(places))
    found = [
        checking.understood(
            target, places, needed, number, {places[key]: cell for key, cell in row.items()}
        )
        for number, row in enumerate(rows, start=1)
    ]
    comparison.lock([])
    comparison.judge(found)
    for row in found:
        if row.problems:
            key, sentence = next(iter(row.problems.items()))
            raise Invalid("file", f"{target.title}第 {row.number} 行 {key}：{sentence}")
    writes = list(checking.to_write(found))
    comparison.write(writes)
    comparison.follow([row.subject_id for row in writes if row.subject_id is not None])
    return found
