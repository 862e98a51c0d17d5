"""What a capability declares of the files its rows carry, in its own `kinds.py`."""

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from backend.core.actor import Actor
from backend.core.kinds import Kind
from backend.support.attachments.models import Attachment, Carrying


@dataclass(frozen=True)
class FileKind(Kind):
    """`of_branch`: they are for a branch's own people and stay with it, whoever sent them."""

    of_branch: bool = False


@dataclass(frozen=True)
class Opening:
    """To whom files of a kind open: to whom `shows` says the row of `model` does."""

    kind: FileKind
    model: type[Carrying]
    shows: Callable[[Actor], sa.ColumnElement[bool]]

    def to(self, actor: Actor) -> sa.ColumnElement[bool]:
        """Return whether an Attachment row of this kind opens to the actor.

        Looks one row up by key.
        """
        # A CHECK keeps every subject in the form `table:id`.
        key = sa.cast(sa.func.split_part(Attachment.subject, ":", 2), sa.BigInteger)
        shown = sa.exists().where(self.model.id == key, self.shows(actor))
        return sa.and_(Attachment.carried_as == self.kind.name, shown)
