"""Wire shapes of duties: what is owed, what is done, and the evidence."""

from collections.abc import Iterable

from backend.figures.my_duties import Evidence
from backend.ledger.models import SubjectKind
from backend.ledger.rulepack import Modality, Treatment
from backend.ledger.verdicts import Verdict
from miniprogram_api import fields
from miniprogram_api.http import Schema, services


class YearQuery(Schema):
    year = fields.QueryInt(2020, 2100)


class SubjectOut(Schema):
    kind = fields.Choice(SubjectKind, required=True)
    id = fields.Id(required=True)
    name = fields.Str(required=True)
    code = fields.Str(required=True, allow_none=True, metadata={"description": "Of an area"})


class DutyCheckOut(Schema):
    """One of the things a rule asks for; the duty is as good as the worst of them."""

    kinds = fields.ListOf(fields.Str(), required=True, attribute="check.kinds")
    title = fields.Str(
        required=True,
        attribute="check.title",
        metadata={"description": "Empty where the rule has but one"},
    )
    required_ = fields.Whole(required=True, data_key="required", attribute="required")
    done = fields.Whole(required=True)
    unit = fields.Str(required=True)
    period = fields.Computed(lambda part: part.period.name.lower(), metadata={"type": "string"})
    verdict = fields.Choice(Verdict, required=True)
    remaining_days = fields.Whole(required=True, allow_none=True)


class DutyOut(Schema):
    rule_id = fields.Str(required=True, attribute="rule.id")
    measure = fields.Whole(required=True, attribute="rule.measure")
    title = fields.Str(required=True, attribute="rule.title")
    text = fields.Str(required=True, attribute="rule.text")
    arithmetic = fields.Str(required=True, attribute="rule.arithmetic")
    subject = fields.Part(SubjectOut, required=True)
    required_ = fields.Whole(required=True, data_key="required", attribute="judgement.required")
    done = fields.Whole(required=True, attribute="judgement.done")
    unit = fields.Str(required=True, attribute="judgement.unit")
    period = fields.Computed(
        lambda duty: duty.judgement.period.name.lower(), metadata={"type": "string"}
    )
    verdict = fields.Choice(Verdict, required=True, attribute="judgement.verdict")
    remaining_days = fields.Whole(
        required=True, allow_none=True, attribute="judgement.remaining_days"
    )
    checks = fields.ListOf(
        fields.Part(DutyCheckOut),
        required=True,
        attribute="judgement.parts",
        metadata={"description": "What the rule asks for one by one"},
    )
    why_not_applicable = fields.Str(required=True, allow_none=True)
    next_step = fields.Str(
        required=True,
        allow_none=True,
        metadata={"description": "What I can do about it now, as `capability.step`"},
    )


class DutiesOut(Schema):
    year = fields.Whole(required=True)
    items = fields.ListOf(fields.Part(DutyOut), required=True)


class EvidenceOut(Schema):
    source_type = fields.Str(required=True)
    source_id = fields.Whole(required=True)
    occurred_on = fields.Day(required=True)
    title = fields.Str(required=True)
    counted = fields.Bool(required=True)
    reason = fields.Str(required=True, allow_none=True)


class EvidenceListOut(Schema):
    rule_id = fields.Str(required=True)
    year = fields.Whole(required=True)
    counted = fields.ListOf(fields.Part(EvidenceOut), required=True)
    not_counted = fields.ListOf(fields.Part(EvidenceOut), required=True)


def split(found: Iterable[Evidence]) -> dict[str, list[Evidence]]:
    """Return evidence as EvidenceListOut shows it: what counts, and what does not."""
    items = list(found)
    return {
        "counted": [item for item in items if item.counted],
        "not_counted": [item for item in items if not item.counted],
    }


class DutyRuleOut(Schema):
    rule_id = fields.Str(required=True, attribute="id")
    measure = fields.Whole(required=True)
    title = fields.Str(required=True)
    text = fields.Str(required=True)
    modality = fields.Choice(Modality, required=True)
    treatment = fields.Choice(Treatment, required=True)
    subject = fields.Choice(SubjectKind, required=True, allow_none=True)
    certifier = fields.Str(required=True)
    arithmetic = fields.Str(required=True)
    source = fields.Str(required=True)
    shown = fields.Str(
        required=True, metadata={"description": "Why there is no number, where there is none"}
    )
    computed = fields.Computed(
        lambda rule: services().rules.is_computed(rule), metadata={"type": "boolean"}
    )
