"""Keepers enter into registers, change what is there, open what is sealed, and look it through.
Callers own the transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.core import clock
from backend.core.actor import Actor
from backend.core.asker import asked_by, asker_of
from backend.core.crypto import Crypto
from backend.core.errors import Forbidden, Invalid, NotFound
from backend.flows.steps import Reason
from backend.ledger.rulepack import RulePack
from backend.people.areas import service as areas
from backend.people.areas.models import Area
from backend.registers import content, policy, queries, reading, stating, timeline, writing
from backend.registers.catalogue import registers
from backend.registers.content import Writing
from backend.registers.declared import Register, Relation
from backend.registers.flow import FLOW, Keyed
from backend.registers.models import (
    RegisterEntry,
    RegisterOpening,
    RegisterReview,
)
from backend.registers.policy import KEEPER
from backend.registers.relations import ACTING


def find(actor: Actor, name: str) -> Register:
    """Return a register of which somebody reads any entry. Raises NotFound, Forbidden."""
    register = registers().get(name)
    if register is None:
        raise NotFound("register_not_found", "没有这份名册。")
    policy.check_reads(actor, register)
    return register


def enter(
    session: Session, rules: RulePack, keys: Crypto, *, actor: Actor, name: str, said: Writing
) -> RegisterEntry:
    """Enter something into a register. Raises Forbidden, InvalidParts, Conflict."""
    register = find(actor, name)
    if not policy.keeps(actor, register):
        raise KEEPER.refusal()

    def allow(entry: RegisterEntry) -> None:
        FLOW.stand(session, actor, entry)
        KEEPER.check(entry)

    row = writing.enter(session, actor, keys, register, said, allow)
    taken = FLOW.begin(session, actor, row, "entered", rules, register=name)
    stating.restate(session, rules, [row.id])
    found = content.of(register, said)
    writing.check_texts(taken, found, said.name or "", register)
    return show(session, actor, row.id)


def change(
    session: Session, rules: RulePack, keys: Crypto, *, actor: Actor, entry_id: int, said: Writing
) -> RegisterEntry:
    """Write how an entry is from a day on. Raises Stale, InvalidParts, Conflict."""
    FLOW.take(session, actor, entry_id, "change", Keyed(said, keys), rules)
    return show(session, actor, entry_id)


def show(session: Session, actor: Actor, entry_id: int, on: date | None = None) -> RegisterEntry:
    """Return an entry as it is on a day (None: today, else as it was last), with all that was ever
    written of it."""
    row: RegisterEntry = FLOW.find(session, actor, entry_id)
    reading.fill_one(session, row, on)
    if on is not None and row.version is None:
        raise NotFound("entry_not_so_then", "这一天没有这条登记。")
    return row


def opened(
    session: Session, rules: RulePack, keys: Crypto, *, actor: Actor, entry_id: int, said: Reason
) -> dict[str, Any]:
    """Return what is sealed of an entry; that it was opened, by whom and why stays on record."""
    row = FLOW.take(session, actor, entry_id, "unseal", said, rules)
    session.add(RegisterOpening(entry_id=row.id, account_id=actor.account_id, reason=said.reason))
    versions = timeline.of(session, row.id)
    now = timeline.on(versions, clock.today()) or (versions[-1] if versions else None)
    return writing.unseal(keys, now.sealed if now else None)


@dataclass(frozen=True)
class Reviewed:
    """When a register of a place was looked through, and how many stood in it."""

    register: str
    place: Area
    reviewed_on: date
    entries: int


def review(session: Session, *, actor: Actor, name: str, place_code: str) -> Reviewed:
    """Say that a register of a place is whole today; again the same day is no change."""
    register, area = find(actor, name), areas.get(session, place_code)
    if not isinstance(register.place, tuple) or area.level not in register.place:
        raise Invalid("place_code", "这份名册不在这一级登记，请重新选择。")
    if not keeps_there(actor, register, area):
        raise Forbidden("not_yours_to_keep", "您不负责这里的这份名册。")
    standing = sa.select(sa.func.count()).select_from(
        queries.listed(sa.select(RegisterEntry), name, on=clock.today(), area_code=area.code)
        .with_only_columns(RegisterEntry.id)
        .subquery()
    )
    number = int(session.scalar(standing) or 0)
    day = clock.today()
    there = session.scalars(
        sa.select(RegisterReview).where(
            RegisterReview.register == name,
            RegisterReview.place_id == area.id,
            RegisterReview.reviewed_on == day,
        )
    ).first()
    if there is None:
        row = RegisterReview(
            register=name,
            place_id=area.id,
            reviewed_on=day,
            reviewed_by=actor.account_id,
            entries=number,
        )
        session.add(row)
        audit.record(session, actor, "register.reviewed", row, register=name, entries=number)
    return Reviewed(name, area, day, there.entries if there else number)


def keeps_there(actor: Actor, register: Register, area: Area) -> bool:
    """Say whether somebody keeps a register at a place, by the office held there or right above."""
    offices = frozenset(ACTING.values())
    held = actor.areas(*offices)
    if Relation.OWN in register.keep and area.id in held:
        return True
    if Relation.NEXT in register.keep and area.parent_id in held:
        return True
    above = {area.township_id, area.district_id, area.city_id} - {area.id}
    return Relation.ABOVE in register.keep and bool(held & above)


def readable(actor: Actor) -> Sequence[Register]:
    """Return the registers of which somebody reads any entry, in the order of the notice."""
    return [one for one in registers().values() if policy.reads(actor, one)]


def standing(session: Session, actor: Actor) -> dict[str, int]:
    """Return how many entries of each register are so today that exist for somebody."""
    shown = FLOW.shown(asker_of(actor))
    rows = session.execute(queries.numbers(shown), asked_by(actor))
    return {name: number for name, number in rows}  # noqa: C416  # rows are no pairs to a type


def places(session: Session, actor: Actor) -> Sequence[Area]:
    """Return the areas for which somebody acts."""
    held = actor.areas(*ACTING.values())
    rows = sa.select(Area).where(Area.id.in_(held), ~Area.hidden).order_by(Area.code)
    return session.scalars(rows).all() if held else []
