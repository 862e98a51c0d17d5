"""How far each duty is met, area by area, in the officer's own subtree."""

from typing import Any

from backend.core import clock
from backend.statistics import rates
from miniprogram_api.http import Blueprint, actor, services, session
from miniprogram_api.statistics.schemas import RatesOut, RatesQuery

blueprint = Blueprint("statistics", __name__, description="统计")


@blueprint.get("/duties")
@blueprint.arguments(RatesQuery, location="query")
@blueprint.response(200, RatesOut)
def show_rates(query: dict[str, Any]) -> dict[str, Any]:
    """Show the figures of an area and of those right below it; small cells are hidden."""
    query.setdefault("year", clock.today().year)
    found = rates.rates(session(), services().rules, actor=actor(), **query)
    names = ("area", "subjects", "met", "exempt", "rate")
    return {name: getattr(found.total, name) for name in names} | {
        "rule_id": found.rule.id,
        "year": found.year,
        "children": found.children,
    }
