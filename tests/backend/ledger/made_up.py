"""Small rules of our own, for what no rule of the notice asks alone or none can be computed yet."""

from typing import Any

from backend.ledger.models import SubjectKind
from backend.ledger.rulepack import Rule


def check(form: str = "count", *, unit: str = "次", **given: Any) -> dict[str, Any]:
    kinds = {} if "kinds" in given else {"kinds": ["done"]}
    return {"form": form, "unit": unit} | kinds | given


def rule(*checks: dict[str, Any], id: str = "made_up", **given: Any) -> Rule:  # noqa: A002  # a field
    """Make a rule that binds areas by a must, unless something else is given."""
    values: dict[str, Any] = {
        "id": id,
        "measure": 1,
        "title": "试设规则",
        "text": "试设",
        "source": "试设",
        "modality": "must",
        "treatment": "auto",
        "subject": SubjectKind.AREA,
        "scope": ["area:street"],
        "certifier": "上级",
        "arithmetic": "计数",
        "check": list(checks),
    }
    return Rule.model_validate(values | given)
