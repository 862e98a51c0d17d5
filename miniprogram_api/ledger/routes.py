"""What I, my branch and my unit owe this year, each figure opened down to its evidence."""

from typing import Any

from backend import capabilities
from backend.core import clock
from backend.core.errors import NotFound
from backend.figures import my_duties
from backend.ledger.rulepack import Rule
from miniprogram_api.http import (
    Blueprint,
    Page,
    PageQuery,
    actor,
    page_of,
    services,
    session,
    slice_page,
)
from miniprogram_api.ledger.schemas import (
    DutiesOut,
    DutyRuleOut,
    EvidenceListOut,
    YearQuery,
    split,
)

rules = Blueprint("duty-rules", __name__, description="职责规则")
mine = Blueprint("my-duties", __name__, description="履行情况")


@rules.get("")
@rules.arguments(PageQuery, location="query")
@rules.response(200, page_of(DutyRuleOut))
def list_rules(query: dict[str, Any]) -> Page:
    """List the rules of the notice in their order: what each counts, and who confirms it."""
    return slice_page(services().rules.rules, **query)


@rules.get("/<rule_id>")
@rules.response(200, DutyRuleOut)
def show_rule(rule_id: str) -> Rule:
    """Show one rule."""
    rule = services().rules.by_id.get(rule_id)
    if rule is None:
        raise NotFound("rule_not_found", "没有找到这条规则。")
    return rule


@mine.get("")
@mine.arguments(YearQuery, location="query")
@mine.response(200, DutiesOut)
def list_mine(query: dict[str, Any]) -> dict[str, Any]:
    """List the duties that apply to me, my branch and my unit."""
    year = query.get("year", clock.today().year)
    return {
        "year": year,
        "items": my_duties.duties(session(), services().rules, actor=actor(), year=year),
    }


@mine.get("/<rule_id>/evidence")
@mine.arguments(YearQuery, location="query")
@mine.response(200, EvidenceListOut)
def show_evidence(query: dict[str, Any], rule_id: str) -> dict[str, Any]:
    """Show what counts for one duty and what does not, with the reason."""
    year = query.get("year", clock.today().year)
    found = my_duties.evidence(
        session(),
        services().rules,
        capabilities.EVIDENCE,
        actor=actor(),
        rule_id=rule_id,
        year=year,
    )
    return {"rule_id": rule_id, "year": year} | split(found)
