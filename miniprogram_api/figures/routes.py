"""How far each duty is met, area by area, in the officer's own subtree."""

from typing import Any

from backend.core import clock
from backend.figures import rates, standings
from miniprogram_api.figures.schemas import (
    AreaFiguresOut,
    DutySubjectOut,
    RatesOut,
    RatesQuery,
    SubjectsQuery,
    YearQuery,
)
from miniprogram_api.http import (
    Blueprint,
    Page,
    actor,
    page_of,
    read_cursor,
    services,
    session,
    write_cursor,
)

CELL = ("area", "subjects", "met", "exempt", "rate")

blueprint = Blueprint("statistics", __name__, description="统计")


@blueprint.get("/duties")
@blueprint.arguments(RatesQuery, location="query")
@blueprint.response(200, RatesOut)
def show_rates(query: dict[str, Any]) -> dict[str, Any]:
    """Show the figures of an area and of those right below it; small cells are hidden."""
    query.setdefault("year", clock.today().year)
    found = rates.rates(session(), services().rules, actor=actor(), **query)
    return {name: getattr(found.total, name) for name in CELL} | {
        "rule_id": found.rule.id,
        "title": found.rule.title,
        "year": found.year,
        "children": found.children,
    }


@blueprint.get("/areas/<area_code>")
@blueprint.arguments(YearQuery, location="query")
@blueprint.response(200, AreaFiguresOut)
def show_area(query: dict[str, Any], area_code: str) -> dict[str, Any]:
    """Show an area's figures for every duty; small cells are hidden."""
    year = query.get("year", clock.today().year)
    area, found = rates.overview(
        session(), services().rules, actor=actor(), area_code=area_code, year=year
    )
    duties = [
        {name: getattr(cell, name) for name in CELL}
        | {"rule_id": rule.id, "title": rule.title, "subject": rule.subject}
        for rule, cell in found
    ]
    return {"area_code": area.code, "area_name": area.name, "year": year, "duties": duties}


@blueprint.get("/duties/<rule_id>/subjects")
@blueprint.arguments(SubjectsQuery, location="query")
@blueprint.response(200, page_of(DutySubjectOut))
def list_subjects(query: dict[str, Any], rule_id: str) -> Page:
    """List the organisations or units of an area with their verdicts; people are never listed.

    With `verdict` a page may be short before the last: go on with its cursor.
    """
    query.pop("with_total")
    cursor = query.pop("cursor")
    found = standings.standings(
        session(),
        services().rules,
        actor=actor(),
        rule_id=rule_id,
        after=read_cursor(cursor) if cursor else 0,
        **{"year": clock.today().year, "verdict": None} | query,
    )
    after = None if found.after is None else write_cursor(found.after)
    return Page(found.standings, after, None)
