"""The joint meetings in which the demo city's units sit."""

from datetime import date

from backend.city.demo.cast import City
from backend.people.areas.models import Area
from backend.people.organizations.models import Unit
from backend.registers import stating
from backend.registers.catalogue import registers
from backend.registers.models import RegisterEntry, RegisterVersion
from backend.registers.writing import code_for


def seat(city: City, community: Area, unit: Unit, since: date) -> None:
    """Let a unit sit in the joint meeting of a community since a day."""
    body = _entry(city, "coordination_body", community, since, f"{community.name}党建联席会议",
                  values={"type": "joint_meeting"})  # fmt: skip
    own = _entry(city, "member_seat", community, since, unit.name,
                 parent_id=body.id, unit_id=unit.id)  # fmt: skip
    stating.restate(city.session, city.rules, [body.id, own.id])


def _entry(
    city: City, register: str, place: Area, since: date, name: str, **given: object
) -> RegisterEntry:
    slots = {key: value for key, value in given.items() if key != "values"}
    row = RegisterEntry(register=register, code=f"?{name}", place_id=place.id, **slots)
    city.session.add(row)
    city.session.flush()
    row.code = code_for(registers()[register], row.id)
    city.session.add(
        RegisterVersion(
            entry_id=row.id, starts_on=since, schema_version=1, name=name, place_id=place.id,
            **given,
        )
    )  # fmt: skip
    city.session.flush()
    return row
