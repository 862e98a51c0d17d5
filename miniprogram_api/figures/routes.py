"""How far each duty is met, area by area, in the officer's own subtree."""

from typing import Any

from backend import capabilities
from backend.core import clock
from backend.figures import rates, standings
from miniprogram_api.figures.schemas import (
    AreaFiguresOut,
    DutySubjectOut,
    RatesOut,
    RatesQuery,
    SubjectEvidenceOut,
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
from miniprogram_api.ledger.schemas import split

CELL = ("area", "bound", "met", "on_the_way", "overdue", "exempt", "rate", "needed", "verdict")
RULE = ("measure", "title", "subject", "modality", "shown")

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
        "computed": found.computed,
        "review": found.review,
        "listed": found.listed,
        "children": found.children,
    }


@blueprint.get("/areas/<area_code>")
@blueprint.arguments(YearQuery, location="query")
@blueprint.response(200, AreaFiguresOut)
def show_area(query: dict[str, Any], area_code: str) -> dict[str, Any]:
    """Show an area's figures for every duty; small cells are hidden."""
    year = query.get("year", clock.today().year)
    rules = services().rules
    area, found = rates.overview(session(), rules, actor=actor(), area_code=area_code, year=year)
    duties = [
        {name: getattr(cell, name) for name in CELL}
        | {name: getattr(rule, name) for name in RULE}
        | {"rule_id": rule.id, "computed": rules.is_computed(rule), "review": review}
        for rule, cell, review in found
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


@blueprint.get("/duties/<rule_id>/subjects/<int:subject_id>/evidence")
@blueprint.arguments(YearQuery, location="query")
@blueprint.response(200, SubjectEvidenceOut)
def show_evidence(query: dict[str, Any], rule_id: str, subject_id: int) -> dict[str, Any]:
    """Show what counts for a subject of the own territory and what does not, with the reason.

    Of a member only to the home branch's secretary and the receiving community's.
    """
    year = query.get("year", clock.today().year)
    found = standings.opened(
        session(),
        services().rules,
        capabilities.EVIDENCE,
        actor=actor(),
        rule_id=rule_id,
        subject_id=subject_id,
        year=year,
    )
    shown = {"rule_id": rule_id, "year": year, "duty": found.duty, "periods": found.periods}
    return shown | split(found.evidence)
