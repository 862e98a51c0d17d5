"""Registers taken out as one sees them, in the columns in which they come back."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from tempfile import SpooledTemporaryFile
from typing import IO, Any

import openpyxl
import sqlalchemy as sa
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.core import clock
from backend.core.actor import Actor
from backend.core.asker import asked_by, asker_of
from backend.core.errors import Forbidden, Invalid
from backend.imports.columns import Column
from backend.imports.registers import stored
from backend.imports.registers.heads import NAME, columns_of, key_of
from backend.people.members.models import Account, Member
from backend.registers import queries, service
from backend.registers.declared import Register
from backend.registers.flow import FLOW
from backend.registers.models import RegisterEntry
from backend.support.text_checks import policy as checks
from backend.support.text_checks import withheld

MOST, MOST_PERSONS = 20_000, 200
AT_ONCE = 1000
# So much of a file is held in memory before it goes to a disk.
HELD = 2 * 1024 * 1024
WIDTH = 20
TOO_MANY = f"一次最多导出 {MOST} 条，请按区划或关键词缩小范围后再导出。"
TWO_NEEDED = f"含个人信息的名册一次最多导出 {MOST_PERSONS} 条，请按区划或关键词缩小范围。"
_RISKY = ("=", "+", "-", "@", "'", "\t", "\r", "#")


@dataclass(frozen=True)
class Export:
    """What is taken out: `by` whom and when stands beside the rows, never in them."""

    register: Register
    on: date
    by: str
    number: int
    columns: Sequence[Column]
    rows: Iterator[list[str]]

    @property
    def heads(self) -> list[str]:
        return [column.header for column in self.columns]

    @property
    def about(self) -> list[tuple[str, str]]:
        """What is said of the file in words."""
        return [
            ("名册", self.register.title),
            ("状态日期", self.on.isoformat()),
            ("条数", str(self.number)),
            ("导出人", self.by),
            ("导出时间", clock.now().astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M")),
            ("使用要求", "仅限工作使用，不得转发给无关人员；保密内容不在其中。"),
        ]


def of(
    session: Session,
    actor: Actor,
    name: str,
    *,
    on: date | None,
    area_code: str | None,
    q: str | None,
) -> Export:
    """Return what somebody sees of a register on a day; that it was taken out stays on record.
    Raises NotFound, Forbidden, Invalid."""
    register, day = service.find(actor, name), on or clock.today()
    shown = FLOW.shown(asker_of(actor))
    listed = queries.listed(shown, name, on=day, area_code=area_code, q=q)
    columns = (RegisterEntry.id, withheld.of(RegisterEntry.__tablename__, RegisterEntry.id))
    ids = listed.with_only_columns(*columns).order_by(RegisterEntry.code, RegisterEntry.id)
    found = session.execute(ids.limit(MOST + 1), asked_by(actor)).all()
    if len(found) > MOST:
        raise Invalid("area_code", TOO_MANY)
    if register.person and len(found) > MOST_PERSONS:
        raise Forbidden("export_needs_two", TWO_NEEDED)
    hidden = {row[0] for row in found if row[1] and _is_hidden(actor, row[1])}
    account = session.get_one(Account, actor.account_id)
    audit.record(session, actor, "register.exported", account, register=name, rows=len(found))
    sealed = {key_of(field) for field in register.fields if field.sealed}
    kept = [column for column in columns_of(name) if column.key not in sealed]
    rows = _rows(session, register, [row[0] for row in found], hidden, day, kept)
    return Export(register, day, _called(session, actor), len(found), kept, rows)


def _is_hidden(actor: Actor, found: list[dict[str, object]]) -> bool:
    return any(not checks.may_read(actor, text) for text in withheld.read(found))


def _called(session: Session, actor: Actor) -> str:
    named = sa.select(Member.name).join(Account, Account.member_id == Member.id)
    name = session.scalar(named.where(Account.id == actor.account_id))
    return f"{name or '工作账号'}（账号 {actor.account_id}）"


def _rows(
    session: Session,
    register: Register,
    ids: Sequence[int],
    hidden: set[int],
    day: date,
    columns: Sequence[Column],
) -> Iterator[list[str]]:
    for at in range(0, len(ids), AT_ONCE):
        some = ids[at : at + AT_ONCE]
        found = stored.of(session, some, on=day)
        for id_ in some:
            for version in found[id_]:
                texts = stored.words(register, version)
                if id_ in hidden:  # an empty cell leaves what is there
                    texts = {key: text for key, text in texts.items() if not _written(key)}
                yield [safe(texts.get(column.key, "")) for column in columns]


def _written(key: str) -> bool:
    return key == NAME or key.startswith("values.")


def safe(text: str) -> str:
    """Return a cell that no table program computes; an import takes the mark off again."""
    return f"'{text}" if text.startswith(_RISKY) else text


def as_csv(export: Export) -> IO[bytes]:
    """Return the rows as a CSV file, all cells in quotes."""
    out: Any = SpooledTemporaryFile(max_size=HELD)  # noqa: SIM115  # read by whoever asked
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    lines = csv.writer(text, quoting=csv.QUOTE_ALL)
    lines.writerow(export.heads)
    lines.writerows(export.rows)
    text.detach()
    out.seek(0)
    return out  # type: ignore[no-any-return]  # of bytes, as it was made


def as_xlsx(export: Export) -> IO[bytes]:
    """Return the rows as a workbook; who took them out and when stands in its second sheet."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(export.register.title[:31])
    for place in range(1, len(export.columns) + 1):
        sheet.column_dimensions[get_column_letter(place)].width = WIDTH
    sheet.freeze_panes = "A2"
    sheet.append([_bold(sheet, head) for head in export.heads])
    for row in export.rows:
        sheet.append([text or None for text in row])
    about = book.create_sheet("导出说明")
    for line in export.about:
        about.append(line)
    out: Any = SpooledTemporaryFile(max_size=HELD)  # noqa: SIM115  # read by whoever asked
    book.save(out)
    out.seek(0)
    return out  # type: ignore[no-any-return]  # of bytes, as it was made


def _bold(sheet: Any, text: str) -> Any:
    cell = openpyxl.cell.WriteOnlyCell(sheet, text)
    cell.font = Font(bold=True)
    return cell
