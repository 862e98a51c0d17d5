"""Where a file and its rows wait: sealed, and only as long as somebody decides about them."""

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from backend.core import bulk, personal_numbers
from backend.core.crypto import Crypto
from backend.core.personal_numbers import Kind
from backend.imports.columns import Row, Written
from backend.imports.models import Change, ImportedThing, ImportFile, ImportRow

FILE, CELLS, FOUND, THING = (
    "import_file.sealed",
    "import_row.cells",
    "import_row.found",
    "imported_thing.sealed",
)
PIECE = 512 * 1024
AT_ONCE = 1000
# What stands in the place of a cell in which an identity number was.
IDENTITY = "#身份证号码"

Cells = dict[int, str]


def keep_file(session: Session, keys: Crypto, import_id: int, data: bytes) -> None:
    """Keep a file until it is read."""
    for part, at in enumerate(range(0, len(data), PIECE)):
        piece = base64.b64encode(data[at : at + PIECE]).decode()
        sealed = keys.encrypt(piece, purpose=FILE)
        session.add(ImportFile(import_id=import_id, part=part, sealed=sealed))
    session.flush()


def file_of(session: Session, keys: Crypto, import_id: int) -> bytes | None:
    """Return a file that waits; None when it is not there any more, as after a crash."""
    parts = session.scalars(
        sa.select(ImportFile.sealed)
        .where(ImportFile.import_id == import_id)
        .order_by(ImportFile.part)
    ).all()
    pieces = [base64.b64decode(keys.decrypt(sealed, purpose=FILE)) for sealed in parts]
    return b"".join(pieces) or None


def forget_file(session: Session, import_id: int) -> None:
    session.execute(sa.delete(ImportFile).where(ImportFile.import_id == import_id))


def forget_rows(session: Session, import_id: int) -> None:
    session.execute(sa.delete(ImportRow).where(ImportRow.import_id == import_id))


def held(cells: Sequence[str], kept: Mapping[int, int]) -> Cells:
    """Return of a row what may be kept: cells of the columns that are, each so long at most, and no
    identity number."""
    return {
        i: _without_identity(cells[i][:most])
        for i, most in kept.items()
        if i < len(cells) and cells[i]
    }


def _without_identity(text: str) -> str:
    digits = sum(c.isdigit() for c in text)
    if digits >= 15 and personal_numbers.found(text) is Kind.IDENTITY:
        return IDENTITY
    return text


def keep_rows(
    session: Session, keys: Crypto, import_id: int, rows: Iterable[tuple[int, Cells]]
) -> None:
    """Keep rows as they were read."""
    values = [
        {"import_id": import_id, "number": number, "cells": _sealed(keys, cells, CELLS)}
        for number, cells in rows
    ]
    bulk.insert(session, ImportRow, values)


def rows_of(session: Session, keys: Crypto, import_id: int) -> Iterator[tuple[int, int, Cells]]:
    """Yield the rows of a file in their order: id, number, cells."""
    found = session.execute(
        sa.select(ImportRow.id, ImportRow.number, ImportRow.cells)
        .where(ImportRow.import_id == import_id, ImportRow.number.is_not(None))
        .order_by(ImportRow.number)
    )
    for id_, number, cells in found:
        opened = _opened(keys, cells, CELLS)
        yield id_, number or 0, {int(place): text for place, text in opened.items()}


def samples(session: Session, keys: Crypto, import_id: int, most: int = 3) -> list[Cells]:
    """Return the first rows of a file."""
    first = (
        sa.select(ImportRow.cells)
        .where(ImportRow.import_id == import_id, ImportRow.number.is_not(None))
        .order_by(ImportRow.number)
        .limit(most)
    )
    opened = (_opened(keys, cells, CELLS) for cells in session.scalars(first))
    return [{int(place): text for place, text in one.items()} for one in opened]


_FOUND = sa.text(
    "UPDATE import_row AS r SET change = n.change, found = n.found"
    " FROM unnest(CAST(:ids AS bigint[]), CAST(:changes AS text[]), CAST(:founds AS text[]))"
    " AS n (id, change, found) WHERE r.id = n.id"
)


def keep_found(
    session: Session, keys: Crypto, import_id: int, ids: Sequence[int], rows: Sequence[Row]
) -> None:
    """Keep what was found about rows, in place of what was found before."""
    for at in range(0, len(rows), AT_ONCE):
        some = rows[at : at + AT_ONCE]
        values = {
            "ids": list(ids[at : at + AT_ONCE]),
            "changes": [str(row.change) for row in some],
            "founds": [keys.encrypt(told(row), purpose=FOUND) for row in some],
        }
        session.execute(_FOUND, values)
    session.execute(
        sa.delete(ImportRow).where(ImportRow.import_id == import_id, ImportRow.number.is_(None))
    )


def keep_left(session: Session, keys: Crypto, import_id: int, left: Iterable[Row]) -> int:
    """Keep what is stored and stands in no row of the file; return how much that is."""
    found, number = iter(left), 0
    while some := list(islice(found, AT_ONCE)):
        number += len(some)
        values = [
            {
                "import_id": import_id,
                "change": str(Change.LEFT),
                "found": keys.encrypt(told(row), purpose=FOUND),
            }
            for row in some
        ]
        bulk.insert(session, ImportRow, values)
    return number


_PARTS = [one.name for one in fields(Row)]


def told(row: Row) -> str:
    """Return all that was found about a row, always written alike."""
    return json.dumps({name: getattr(row, name) for name in _PARTS}, sort_keys=True)


def fingerprint(said: str) -> bytes:
    """Return by what two things that were found are compared: a city's need not be held whole."""
    return hashlib.sha256(said.encode()).digest()


def founds_of(session: Session, keys: Crypto, import_id: int) -> Iterator[str]:
    """Yield what was found about the rows of a file, as `told` says it, in their order."""
    found = session.scalars(
        sa.select(ImportRow.found)
        .where(ImportRow.import_id == import_id, ImportRow.number.is_not(None))
        .order_by(ImportRow.number)
    )
    for sealed in found:
        yield keys.decrypt(sealed or "", purpose=FOUND)


def changed_id(said: str) -> int | None:
    """Return what a row would change, of which was kept what was found."""
    row = Row(**json.loads(said))
    return row.subject_id if row.change is Change.CHANGED else None


def shown(keys: Crypto, row: ImportRow) -> Row:
    """Return what was found about a row."""
    return Row(**json.loads(keys.decrypt(row.found or "", purpose=FOUND)))


def keep_written(session: Session, keys: Crypto, import_id: int, rows: Iterable[Row]) -> None:
    """Keep what is needed to take rows back."""
    values = [
        {
            "import_id": import_id,
            "subject_id": row.subject_id,
            "sealed": _sealed(keys, {"before": row.before, "after": row.record}, THING),
        }
        for row in rows
    ]
    bulk.insert(session, ImportedThing, values)


def written_of(session: Session, keys: Crypto, import_id: int) -> list[Written]:
    """Return what a commit wrote."""
    found = session.execute(
        sa.select(ImportedThing.subject_id, ImportedThing.sealed)
        .where(ImportedThing.import_id == import_id)
        .order_by(ImportedThing.subject_id)
    )
    return [Written(id_, **_opened(keys, sealed, THING)) for id_, sealed in found]


def forget_written(session: Session, import_ids: Sequence[int]) -> None:
    ids = sa.literal(list(import_ids), postgresql.ARRAY(sa.BigInteger()))
    session.execute(sa.delete(ImportedThing).where(ImportedThing.import_id == sa.any_(ids)))


def _sealed(keys: Crypto, value: Any, purpose: str) -> str:
    return keys.encrypt(json.dumps(value, ensure_ascii=False), purpose=purpose)


def _opened(keys: Crypto, sealed: str | None, purpose: str) -> dict[str, Any]:
    opened: dict[str, Any] = json.loads(keys.decrypt(sealed or "", purpose=purpose))
    return opened
