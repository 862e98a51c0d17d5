"""What figures owe to registers: whom a rule binds is only known where somebody looked the register
through, and names of persons end at the street (spec 8.4, 8.5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core import db
from backend.core.actor import Actor
from backend.core.asker import Asker
from backend.ledger.models import SubjectKind
from backend.ledger.rulepack import Rule
from backend.people.areas.models import Area
from backend.registers import policy
from backend.registers.catalogue import levels, registers
from backend.registers.declared import Register
from backend.registers.models import RegisterEntry, RegisterVersion


@dataclass(frozen=True)
class Review:
    """How far a register was looked through in an area in a year: of `places` that keep one
    `reviewed`, the last time on `last_on`. Without entries and reviews nobody knows whom the rule
    binds: the register is not kept yet."""

    register: str
    title: str
    places: int
    reviewed: int
    last_on: date | None


@cache
def of_fact(kind: str) -> Register | None:
    """Return the register that states a kind of fact."""
    return next((one for one in registers().values() if kind in one.fact_kinds), None)


def binding(rule: Rule) -> Register | None:
    """Return the register whose entries a rule binds, if it binds any."""
    if rule.subject is not SubjectKind.ENTRY:
        return None
    return next((one for kind in sorted(rule.holders) if (one := of_fact(kind))), None)


def about_persons(rule: Rule) -> bool:
    """Return whether the subjects of a rule are persons: members, or workers in a register."""
    register = binding(rule)
    return rule.subject is SubjectKind.MEMBER or (register is not None and register.person)


def reviews(session: Session, rules: Sequence[Rule], area: Area, year: int) -> Mapping[str, Review]:
    """Return by rule how far the register was looked through whose entries it binds; one
    statement."""
    bound = {rule.id: register for rule in rules if (register := binding(rule)) is not None}
    if not bound:
        return {}
    kept = sorted({(one.name, str(level)) for one in bound.values() for level in levels(one)})
    told = {
        "registers": [name for name, _ in kept],
        "levels": [level for _, level in kept],
        "area": area.id,
        "first": date(year, 1, 1),
        "last": date(year, 12, 31),
    }
    rows = db.read(session, _REVIEWED, told)
    found = {name: (places, reviewed, last_on) for name, places, reviewed, last_on in rows}
    return {
        id_: Review(register.name, register.title, *found.get(register.name, (0, 0, None)))
        for id_, register in bound.items()
    }


# By register how many places may keep it, how many were looked through, and when last.
_REVIEWED = sa.text(
    "SELECT kept.register, count(DISTINCT area.id), count(DISTINCT seen.place_id),"
    " max(seen.reviewed_on)"
    " FROM unnest(CAST(:registers AS text[]), CAST(:levels AS text[])) AS kept (register, level)"
    " JOIN area ON area.level = kept.level AND NOT area.hidden AND area.valid_to IS NULL"
    " AND :area IN (area.id, area.township_id, area.district_id, area.city_id)"
    " LEFT JOIN register_review AS seen ON seen.place_id = area.id"
    " AND seen.register = kept.register AND seen.reviewed_on BETWEEN :first AND :last"
    " GROUP BY kept.register"
)


# Entries as they are called last.
_last = (
    sa.select(RegisterVersion.name)
    .where(RegisterVersion.entry_id == RegisterEntry.id, RegisterVersion.superseded_at.is_(None))
    .order_by(RegisterVersion.starts_on.desc())
    .limit(1)
    .scalar_subquery()
)
NAMED = sa.select(RegisterEntry.id, _last.label("name")).subquery("named_entry")


def shown(asker: Asker) -> sa.ColumnElement[bool]:
    """Say whether a named entry exists for the asker."""
    return NAMED.c.id.in_(sa.select(RegisterEntry.id).where(policy.visible(asker)))


def lists(actor: Actor, rule: Rule) -> bool:
    """Return whether somebody reads the names of a rule's subjects, where a register has them."""
    register = binding(rule)
    return register is None or policy.reads(actor, register)
