"""Who reads and keeps which entries: what the declarations say, as parties of their one flow."""

from collections.abc import Callable
from functools import cache

import sqlalchemy as sa

from backend.core.actor import Actor, Role
from backend.core.asker import Asker
from backend.core.errors import Forbidden
from backend.flows.steps import Party
from backend.people.areas.models import Area, AreaLevel
from backend.people.areas.service import below
from backend.registers.catalogue import levels, registers
from backend.registers.declared import Register, Relation
from backend.registers.models import RegisterEntry
from backend.registers.relations import ACTING, HOLDS

_WHOLE = (AreaLevel.CITY, AreaLevel.DISTRICT, AreaLevel.TOWNSHIP, AreaLevel.COMMUNITY)
Related = Callable[[Register], tuple[Relation, ...]]
# By which roles somebody may stand in a relation at all: who holds none of them need not ask.
_ROLES = {
    Relation.OWN: frozenset(ACTING.values()),
    Relation.NEXT: frozenset(ACTING.values()),
    Relation.ABOVE: frozenset(ACTING.values()),
    Relation.COUNTERPART: frozenset(ACTING.values()),
    Relation.UNIT: frozenset({Role.UNIT_CONTACT}),
    Relation.GRID: frozenset({Role.GRID_WORKER}),
}


def _stands(related: Related) -> Callable[[Asker], sa.ColumnElement[bool]]:
    def holds(asker: Asker) -> sa.ColumnElement[bool]:
        by_relation: dict[Relation, list[str]] = {}
        for name, register in registers().items():
            for relation in related(register):
                by_relation.setdefault(relation, []).append(name)
        held = [
            sa.and_(RegisterEntry.register.in_(names), HOLDS[relation](asker))
            for relation, names in by_relation.items()
            if relation not in _ROLES or asker.roles & _ROLES[relation]
        ]
        return sa.or_(sa.false(), *held)

    return holds


KEEPER = Party(
    "keeper",
    _stands(lambda register: register.keep),
    "not_yours_to_keep",
    "您不负责这份名册，不能登记或修改。",
)
OPENER = Party(
    "opener",
    _stands(lambda register: register.unseal),
    "not_yours_to_open",
    "您不能查看其中保密的内容。",
)
READER = Party("reader", _stands(lambda register: register.read))


def visible(asker: Asker) -> sa.ColumnElement[bool]:
    """Return whether an entry exists for the asker."""
    return sa.or_(READER.holds(asker), KEEPER.holds(asker))


def reads(actor: Actor, register: Register) -> bool:
    """Return whether somebody may stand to entries of a register so that they read any."""
    return any(_may_stand(actor, one, register) for one in (*register.read, *register.keep))


def keeps(actor: Actor, register: Register) -> bool:
    """Return whether somebody may stand to entries of a register so that they keep any."""
    return any(_may_stand(actor, one, register) for one in register.keep)


def check_reads(actor: Actor, register: Register) -> None:
    """Refuse whoever reads no entry of a register. Raises Forbidden."""
    if not reads(actor, register):
        raise Forbidden("not_yours_to_read", "您不能查看这份名册。")


def keeps_area(actor: Actor, register: Register) -> sa.ColumnElement[bool]:
    """Return whether somebody keeps a register at an Area row, by an office."""
    held = actor.areas(*ACTING.values())
    kept = {
        Relation.OWN: Area.id.in_(held),
        Relation.NEXT: Area.parent_id.in_(held),
        Relation.ABOVE: sa.and_(below(held), Area.id.not_in(held)),
    }
    return sa.or_(sa.false(), *(kept[one] for one in register.keep if one in kept))


def _may_stand(actor: Actor, relation: Relation, register: Register) -> bool:
    if relation is Relation.ABOVE_COUNTS:
        return False
    if relation is Relation.PERSON:
        return actor.member_id is not None
    held = {grant.role for grant in actor.grants}
    return relation not in _ROLES or bool(held & _roles(relation, register.name))


@cache
def _roles(relation: Relation, name: str) -> frozenset[Role]:
    """The roles by which one stands so to entries of a register: an office, by where those lie."""
    places = [_WHOLE.index(one) for one in levels(registers()[name])]
    offices = {
        Relation.OWN: places,
        Relation.NEXT: [level - 1 for level in places if level],
        Relation.ABOVE: [above for level in places for above in range(level)],
    }
    if relation not in offices:
        return _ROLES[relation]
    return frozenset(ACTING[_WHOLE[level]] for level in offices[relation])
