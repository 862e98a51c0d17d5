"""Somebody who brings a file, and the worker that makes of it what it can."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend import capabilities
from backend.core.actor import Actor
from backend.core.crypto import Crypto
from backend.core.db import Database
from backend.imports import service, staging, viewing
from backend.imports.columns import Row
from backend.imports.flow import FLOW
from backend.imports.models import Change, Import, ImportRow
from backend.imports.working import Worker
from backend.ledger.rulepack import RulePack
from backend.people.members.models import Member
from tests.backend.imports.tables import text
from tests.factories import Make

TARGETS = capabilities.IMPORT_TARGETS
HEAD = ("姓名", "手机号", "所在党支部")
A, B, C = "10000000007", "10000000008", "10000000009"


class Scene:
    """Brings files on one connection, in whatever transactions the worker likes."""

    def __init__(self, database: Database, session: Session, keys: Crypto, rules: RulePack) -> None:
        self.database, self.session, self.keys, self.rules = database, session, keys, rules
        self.make = Make(session, keys)

    def begin(self, actor: Actor, data: bytes, target: str = "members") -> Import:
        return service.begin(
            self.session,
            self.keys,
            actor=actor,
            target=service.target_of(TARGETS, target, actor),
            name="名册.csv",
            data=data,
        )

    def worker(self, row: Import) -> Worker:
        self.session.flush()
        return Worker(self.database, self.keys, self.rules, TARGETS, row.id)

    def bring(
        self,
        actor: Actor,
        rows: Sequence[Sequence[str]],
        head: Sequence[str] = HEAD,
        target: str = "members",
    ) -> Import:
        """Bring a table and have it checked."""
        return self.checked(self.begin(actor, text([head, *rows]), target))

    def checked(self, row: Import) -> Import:
        self.worker(row).read()
        return self.fresh(row)

    def fresh(self, row: Import) -> Import:
        """Read everything anew: the worker wrote by itself."""
        id_, every = row.id, sa.select(Import).execution_options(populate_existing=True)
        self.session.expire_all()
        return next(one for one in self.session.scalars(every).all() if one.id == id_)

    def commit(self, actor: Actor, row: Import) -> Import:
        FLOW.take(self.session, actor, row.id, "commit", rules=self.rules)
        self.worker(row).commit()
        return self.fresh(row)

    def undo(self, actor: Actor, row: Import) -> Import:
        service.undo(self.session, self.keys, self.rules, TARGETS, actor=actor, import_id=row.id)
        self.worker(row).undo()
        return self.fresh(row)

    def rows(self, actor: Actor, row: Import, change: Change | None = None) -> list[Row]:
        found = viewing.rows(self.session, actor, row.id, change).order_by(ImportRow.id)
        return [staging.shown(self.keys, one) for one in self.session.scalars(found)]

    def counts(self, row: Import) -> dict[str, Any]:
        """Return how many rows there are of which kind, but for those of which there is none."""
        return {kind: number for kind, number in row.counts.items() if number}

    def session_member(self, actor: Actor) -> Member:
        """Return the row of an actor's member."""
        return self.make.session_member(actor)

    def hashed(self, phone: str) -> dict[str, str]:
        """Return a number as the roster holds it."""
        return {
            "phone_hash": self.keys.lookup(phone, purpose="member.phone"),
            "phone_encrypted": self.keys.encrypt(phone, purpose="member.phone"),
        }


def member(scene: Scene, name: str) -> Member:
    """Return the one entry of that name."""
    return scene.session.scalars(sa.select(Member).where(Member.name == name)).one()


def problems(
    scene: Scene, actor: Actor, rows: Any, head: Any = HEAD, target: str = "members"
) -> list[dict[str, str]]:
    """Return what is wrong with each row of a file."""
    row = scene.bring(actor, rows, head, target)
    return [one.problems for one in scene.rows(actor, row) if one.number]
