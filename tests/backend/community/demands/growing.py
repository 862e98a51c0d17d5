"""Some more demands in a city that others have made, and a list of them."""

from typing import Protocol

from sqlalchemy.orm import Session

from backend.community.demands import lists, service
from backend.community.demands.models import Demand
from backend.community.demands.triage import Answer, Decision
from backend.core.actor import Actor, Role
from backend.ledger.rulepack import RulePack
from backend.people.areas.models import Area


class City(Protocol):
    """`visitor` stands on no roster; `contact` speaks for a unit."""

    session: Session
    rules: RulePack
    community: Area
    secretary: Actor
    visitor: Actor
    contact: Actor


def grow(city: City, neighbour: Actor) -> dict[str, int]:
    """Add two that are published, one of a unit; one merged into the first; one that waits."""
    (unit_id,) = city.contact.units(Role.UNIT_CONTACT)
    rows = [_bring(city, city.visitor), _bring(city, city.contact, unit_id)]
    for row in rows:
        _answer(city, row, Answer(Decision.ACCEPT))
    merging = Answer(Decision.MERGE, merged_into_id=rows[0].id)
    _answer(city, _bring(city, neighbour), merging)
    _bring(city, neighbour)
    published = lists.publish(
        city.session, city.rules, actor=city.secretary, area_code=city.community.code
    )
    return {"demand": rows[0].id, "list": published.id}


def _bring(city: City, actor: Actor, unit_id: int | None = None) -> Demand:
    return service.bring(
        city.session,
        actor=actor,
        said=service.Bringing(
            community_code=city.community.code, title="三号楼照明需要维修", unit_id=unit_id
        ),
    )


def _answer(city: City, row: Demand, answer: Answer) -> None:
    service.decide(city.session, actor=city.secretary, demand_id=row.id, answer=answer)
