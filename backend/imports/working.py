"""What the worker does with an import: read, check, write, take back. Each may run twice."""

import logging
from collections.abc import Iterable
from datetime import timedelta
from itertools import islice

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core import clock, queue
from backend.core.crypto import Crypto
from backend.core.db import Database
from backend.core.errors import DomainError, Invalid
from backend.imports import checking, layout, reading, service, staging
from backend.imports.columns import Desk, Target, Targets
from backend.imports.flow import CHECK, COMMIT, FLOW, READ, UNDO
from backend.imports.models import Import
from backend.imports.models import ImportStatus as S
from backend.imports.progress import Progress
from backend.ledger.rulepack import RulePack
from backend.people.members import acting

log = logging.getLogger("jobs")

AT_ONCE = 500
# What is written in all cells of a file together: the rows are judged in memory.
MOST_LETTERS = 16_000_000
# How much of writing is done when what follows from it begins.
WRITTEN = 0.75
# A job is there from the commit on; what is older and has none lost it.
LOST_AFTER = timedelta(minutes=5)
LENGTHY = "文件中的文字过多，请分成几个文件后再试。"
LOST = "服务器在读取文件时中断，请重新上传。"
NOT_YOURS = "您已不再负责此项，请由现任负责人办理。"
MOVED = "核对之后名册有变动，已重新核对，请看过后再写入。"
FAULT = "处理时出现异常，已记录，请稍后再试或联系管理员。"
# Imports are written one after the other: two files never make one person twice.
_TURN = sa.text("SELECT pg_advisory_xact_lock(hashtext('imports'))")
# A city at once is more than a statement of a request may take.
_PATIENCE = sa.text("SET LOCAL statement_timeout = '5min'")
TASKS = {S.READING: READ, S.CHECKING: CHECK, S.COMMITTING: COMMIT, S.UNDOING: UNDO}


class Worker:
    """Works on one import, each part in a transaction that is whole or not at all."""

    def __init__(
        self, database: Database, keys: Crypto, rules: RulePack, targets: Targets, import_id: int
    ) -> None:
        self.database, self.keys, self.rules, self.targets = database, keys, rules, targets
        self.import_id = import_id

    # Reading.

    def read(self) -> None:
        """Read the file, keep its rows and check them; leave on record why, if it cannot be."""
        with self.database.transaction() as session:
            row = self._here(session, S.READING)
            if row is None:
                return
            staging.forget_rows(session, row.id)
            data = staging.file_of(session, self.keys, row.id)
            target = self.targets[row.target]
        try:
            if data is None:
                raise Invalid("file", LOST)
            self._keep(target, data)
        except Invalid as refusal:
            self._give_up(refusal.message)
            return
        self.check()

    def _keep(self, target: Target, data: bytes) -> None:
        notes: list[str] = []
        sheet = layout.understood(reading.rows(data, notes), target, notes)
        kept, lines, read, letters = sheet.lengths(target), iter(sheet.lines), 0, 0
        while some := list(islice(lines, AT_ONCE)):
            read += len(some)
            held = [(number, staging.held(cells, kept)) for number, cells in some]
            letters += sum(len(text) for _, cells in held for text in cells.values())
            if letters > MOST_LETTERS:
                raise Invalid("file", LENGTHY)
            with self.database.transaction() as session:
                staging.keep_rows(session, self.keys, self.import_id, held)
                session.execute(self._progress(rows_read=read))
        if not read:
            raise Invalid("file", "表头之下没有内容。")
        with self.database.transaction() as session:
            row = self._here(session, S.READING, locked=True)
            if row is not None:
                row.columns = [vars(one) for one in sheet.headings]
                row.notes, row.rows_read = _few(notes), read
                staging.forget_file(session, row.id)
                FLOW.turn(session, row, "check")

    def _progress(self, **values: int) -> sa.Update:
        now = clock.now()
        return sa.update(Import).where(Import.id == self.import_id).values(**values, updated_at=now)

    def _give_up(self, why: str) -> None:
        with self.database.transaction() as session:
            row = self._here(session, S.READING, S.CHECKING, locked=True)
            if row is not None:
                row.problem = why
                FLOW.turn(session, row, "fail")

    # Checking.

    def check(self) -> None:
        """Say what would become of each row."""
        with self.database.transaction() as session:
            row = self._here(session, S.CHECKING)
            if row is None:
                return
            desk, target = self._desk(session, row), self.targets[row.target]
            may = self._may(desk, target)
            known = may and not checking.missing(desk, target, row)
            found = checking.judged(desk, target, row) if known else None
            # Only now: until here others saw how far it is.
            if not self._still(session, row):
                return
            if found is not None:
                checking.keep(desk, row, *found)
                FLOW.turn(session, row, "present")
            elif may:
                FLOW.turn(session, row, "ask")
            else:
                row.problem = NOT_YOURS
                FLOW.turn(session, row, "fail")

    # Writing.

    def commit(self) -> None:
        """Write what is new and what is changed, if it still is what was shown."""
        try:
            self._commit()
        except DomainError as refusal:
            self._show_anew(refusal.message)
        except sa.exc.IntegrityError:  # somebody else wrote the same meanwhile
            self._show_anew(MOVED)

    def _show_anew(self, why: str) -> None:
        """Let whoever waits know why nothing was written, and look at all rows again."""
        with self.database.transaction() as session:
            row = self._here(session, S.COMMITTING, locked=True)
            if row is not None:
                desk, target = self._desk(session, row), self.targets[row.target]
                checking.keep(desk, row, *checking.judged(desk, target, row))
                row.problem = why
                FLOW.turn(session, row, "show_anew")

    def _commit(self) -> None:
        with self.database.transaction() as session:
            session.execute(_TURN)
            session.execute(_PATIENCE)
            row = self._here(session, S.COMMITTING)
            if row is None:
                return
            desk, target = self._desk(session, row), self.targets[row.target]
            if self._may(desk, target):
                self._write(desk, target, row)
            else:
                row.problem = NOT_YOURS
                FLOW.turn(session, row, "show_anew")

    def _write(self, desk: Desk, target: Target, row: Import) -> None:
        seen, changes = [], []
        for said in staging.founds_of(desk.session, self.keys, row.id):
            seen.append(staging.fingerprint(said))
            changes.append(staging.changed_id(said))
        comparison = target.compare(desk, frozenset(checking.mapping_of(row)))
        comparison.lock([id_ for id_ in changes if id_ is not None])
        comparison, ids, rows = checking.judged(desk, target, row)
        if [staging.fingerprint(staging.told(one)) for one in rows] != seen:
            self._still(desk.session, row)
            checking.keep(desk, row, comparison, ids, rows)
            row.problem = MOVED
            FLOW.turn(desk.session, row, "show_anew")
            return
        writes = list(checking.to_write(rows))
        # Their kind is told by what they are about, which writing says of those that are new.
        comparison.write(writes)
        desk.progress.at(WRITTEN)
        staging.keep_written(desk.session, self.keys, row.id, writes)
        staging.forget_rows(desk.session, row.id)
        # The last: it locks what others wait for.
        comparison.follow([one.subject_id for one in writes if one.subject_id is not None])
        self._finish(desk.session, row)
        FLOW.turn(desk.session, row, "settle", actor=desk.actor)

    # Taking back.

    def undo(self) -> None:
        """Let things be as they were, if nothing is built on them by now."""
        with self.database.transaction() as session:
            session.execute(_TURN)
            session.execute(_PATIENCE)
            row = self._here(session, S.UNDOING)
            if row is None:
                return
            desk, target = self._desk(session, row), self.targets[row.target]
            written = staging.written_of(session, self.keys, row.id)
            comparison = target.compare(desk, frozenset())
            comparison.lock([one.subject_id for one in written])
            desk.progress.at(0)
            try:
                service.in_the_way(desk, target, row)
            except DomainError as refusal:
                row.problem = refusal.message
                FLOW.turn(session, row, "keep")
                return
            comparison.take_back(written)
            desk.progress.at(WRITTEN)
            comparison.follow([one.subject_id for one in written])
            self._finish(session, row)
            staging.forget_written(session, [row.id])
            FLOW.turn(session, row, "take_back", actor=desk.actor)

    # For all of them.

    def _here(self, session: Session, *states: S, locked: bool = False) -> Import | None:
        """Return the import if it is in one of these states still."""
        found = sa.select(Import).where(Import.id == self.import_id, Import.status.in_(states))
        return session.scalars(found.with_for_update() if locked else found).first()

    @staticmethod
    def _still(session: Session, row: Import) -> bool:
        """Lock the import as it is by now; return whether it is where it was, and read alike."""
        status, columns = row.status, row.columns
        session.refresh(row, with_for_update=True)
        return row.status is status and row.columns == columns

    def _finish(self, session: Session, row: Import) -> None:
        self._still(session, row)
        row.rows_done = row.rows_read

    def _desk(self, session: Session, row: Import) -> Desk:
        """Return what a target works with, for whoever brought the file as they stand today."""
        actor = acting.actor_for(session, row.account_id) if row.account_id is not None else None
        progress = Progress(self.database, row.id, row.rows_read)
        return Desk(session, self.keys, self.rules, actor, progress)

    @staticmethod
    def _may(desk: Desk, target: Target) -> bool:
        return desk.actor is None or target.may(desk.actor)

    def settle_fault(self) -> None:
        """Let whoever waits know that something went wrong which is no fault of the file's."""
        self._give_up(FAULT)
        back = {S.COMMITTING: "show_anew", S.UNDOING: "keep"}
        with self.database.transaction() as session:
            row = self._here(session, *back, locked=True)
            if row is not None:
                row.problem = FAULT
                FLOW.turn(session, row, back[row.status])


def _few(notes: Iterable[str], most: int = 20) -> list[str]:
    told = list(notes)
    return told if len(told) <= most else [*told[:most], f"另有 {len(told) - most} 处类似的行。"]


def take_up(session: Session) -> int:
    """Put imports whose job was lost into the queue again; return how many."""
    before = clock.now() - LOST_AFTER
    return sum(
        queue.take_up(
            session,
            task,
            "import_id",
            sa.select(Import).where(Import.status == state, Import.updated_at < before),
            Import.id,
        )
        for state, task in TASKS.items()
    )
