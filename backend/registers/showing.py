"""Registers as somebody sees them: what they are made of, how many stand, where one keeps them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy.orm import Session

from backend.core.actor import Actor
from backend.forms import json_schema
from backend.people.areas.models import Area
from backend.registers import policy, queries, service
from backend.registers.catalogue import registers
from backend.registers.declared import Register


@dataclass(frozen=True)
class Place:
    """A place whose register somebody keeps, and when it was last looked through."""

    code: str
    name: str
    reviewed_on: date | None


@dataclass(frozen=True)
class Shown:
    """A register with what of it is somebody's."""

    register: Register
    may_enter: bool
    standing: int
    places: Sequence[Place]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.register, name)

    @property
    def levels(self) -> Sequence[str]:
        return self.register.place if isinstance(self.register.place, tuple) else ()

    @property
    def slots(self) -> Sequence[dict[str, Any]]:
        """Its slots, each with its name."""
        return [{"slot": slot} | one.model_dump() for slot, one in self.register.slots.items()]

    @property
    def fields_(self) -> Sequence[Any]:
        return self.register.fields

    @property
    def schema(self) -> dict[str, Any]:
        return schema_of(self.register.name)


@cache
def schema_of(name: str) -> dict[str, Any]:
    """Return the JSON Schema of the values of a register's entries."""
    return json_schema.of(registers()[name].asked)


def registers_of(session: Session, actor: Actor) -> Sequence[Shown]:
    """Return the registers of which somebody reads any entry, in the order of the notice."""
    return _shown(session, actor, service.readable(actor))


def one(session: Session, actor: Actor, name: str) -> Shown:
    """Return one of them. Raises NotFound, Forbidden."""
    return _shown(session, actor, [service.find(actor, name)])[0]


def _shown(session: Session, actor: Actor, found: Sequence[Register]) -> Sequence[Shown]:
    standing, places = service.standing(session, actor), service.places(session, actor)
    rows = session.execute(queries.reviews([area.id for area in places]))
    reviewed = {(name, place_id): day for name, place_id, day in rows}
    return [
        Shown(
            register,
            policy.keeps(actor, register),
            standing.get(register.name, 0),
            [
                Place(area.code, area.name, reviewed.get((register.name, area.id)))
                for area in places
                if _kept_at(actor, register, area)
            ],
        )
        for register in found
    ]


def _kept_at(actor: Actor, register: Register, area: Area) -> bool:
    here = isinstance(register.place, tuple) and area.level in register.place
    return here and service.keeps_there(actor, register, area)
