"""What of an import is shown beside its row: first cells of its columns, and rows as found."""

from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core.actor import Actor
from backend.core.asker import Asker, asker_of
from backend.core.crypto import Crypto
from backend.imports import staging
from backend.imports.flow import FLOW
from backend.imports.models import Change, Import, ImportRow


def listed(actor: Actor) -> sa.Select[Import]:
    """Select the actor's own imports."""
    return _own(asker_of(actor))


@cache
def _own(asker: Asker) -> sa.Select[Import]:
    return FLOW.shown(asker)


def whole(session: Session, keys: Crypto, *, actor: Actor, import_id: int) -> Import:
    """Return the actor's import with samples of its columns. Raises NotFound."""
    return with_samples(session, keys, FLOW.show(session, actor, import_id))


def with_samples(session: Session, keys: Crypto, row: Import) -> Import:
    """Return an import with the first cells of its columns, while its rows are there."""
    row.samples = staging.samples(session, keys, row.id)
    return row


def rows(
    session: Session, actor: Actor, import_id: int, change: Change | None
) -> sa.Select[ImportRow]:
    """Select the rows of the actor's import that were checked, or those of one kind. Raises
    NotFound."""
    FLOW.find(session, actor, import_id)
    found = sa.select(ImportRow).where(
        ImportRow.import_id == import_id, ImportRow.change.is_not(None)
    )
    return found if change is None else found.where(ImportRow.change == change)
