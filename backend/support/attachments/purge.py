"""What the night takes away: files nobody used, bytes without a row, verdicts without an image."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice

from backend.audit import service as audit
from backend.core import clock
from backend.core.db import Database
from backend.support.attachments import queries
from backend.support.attachments.models import Attachment
from backend.support.attachments.store import Store

# For a form that is open meanwhile, and for a transaction that is to commit.
UNUSED_AFTER = ORPHANED_AFTER = timedelta(hours=24)
BATCH = 500


def purge(database: Database, store: Store) -> None:
    """Forget rows first and bytes after the commit: what dies in between is an orphan tomorrow."""
    with database.transaction() as session:
        before = clock.now() - UNUSED_AFTER
        session.execute(queries.early_verdicts(before))
        abandoned = queries.abandoned(before).with_for_update(skip_locked=True)
        rows: Sequence[Attachment] = session.scalars(abandoned).all()
        for row in rows:
            audit.record(session, None, "attachment.deleted", row)
            session.delete(row)
    for row in rows:
        store.delete(row.storage_key)
    _delete_orphans(database, store)


def _delete_orphans(database: Database, store: Store) -> None:
    keys = store.keys_older_than(ORPHANED_AFTER)
    while batch := list(islice(keys, BATCH)):
        with database.transaction() as session:
            known = set(session.scalars(queries.stored_keys(batch)))
        for key in orphans(batch, known):
            store.delete(key)


def orphans(keys: Sequence[str], known: set[str]) -> Iterator[str]:
    """Yield what no row knows; a half-written file is known to none."""
    return (key for key in keys if key not in known)
