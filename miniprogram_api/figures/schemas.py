"""Wire shapes of rates. A hidden cell has nulls; an empty one has zeros."""

from backend.ledger.models import SubjectKind
from backend.ledger.rulepack import Modality
from backend.ledger.verdicts import Verdict
from miniprogram_api import fields
from miniprogram_api.branch_life.branch_bodies.schemas import FrequencyOut
from miniprogram_api.http import PageQuery, Schema
from miniprogram_api.ledger.schemas import DutyCheckOut, DutyOut, EvidenceListOut
from miniprogram_api.people.areas.schemas import AREA_CODE


class RatesQuery(Schema):
    area_code = fields.Code(AREA_CODE, error="区划代码应为 6、9 或 12 位数字。", required=True)
    rule_id = fields.Token(10, required=True)
    year = fields.QueryInt(2020, 2100)


class CellOut(Schema):
    area_code = fields.Str(required=True, attribute="area.code")
    area_name = fields.Str(required=True, attribute="area.name")
    bound = fields.Whole(required=True, allow_none=True)
    met = fields.Whole(
        required=True,
        allow_none=True,
        metadata={"description": "Each period that has ended, and the running one"},
    )
    on_the_way = fields.Whole(
        required=True,
        allow_none=True,
        metadata={"description": "Nothing overdue; the running period is open"},
    )
    overdue = fields.Whole(required=True, allow_none=True)
    exempt = fields.Whole(required=True, allow_none=True)
    rate = fields.Share(
        required=True,
        allow_none=True,
        metadata={
            "description": "0 to 1, of those not exempt; null where each part of the year counts"
        },
    )
    needed = fields.Whole(
        required=True,
        allow_none=True,
        metadata={"description": "How many must have met it, where their share is judged here"},
    )
    verdict = fields.Choice(
        Verdict,
        required=True,
        allow_none=True,
        metadata={"description": "Of the area, where the share is judged here"},
    )


class ReviewedOut(Schema):
    """How far the register was looked through that says whom a rule binds. With nobody bound and
    no place reviewed it is not kept yet, and there is no figure."""

    register = fields.Str(required=True)
    title = fields.Str(required=True)
    places = fields.Whole(required=True)
    reviewed = fields.Whole(required=True)
    last_on = fields.Day(required=True, allow_none=True)


class RatesOut(CellOut):
    rule_id = fields.Str(required=True)
    title = fields.Str(required=True)
    year = fields.Whole(required=True)
    computed = fields.Bool(
        required=True, metadata={"description": "false: no facts come in yet; nobody is counted"}
    )
    review = fields.Part(ReviewedOut, required=True, allow_none=True)
    listed = fields.Bool(
        required=True, metadata={"description": "Whether the subjects are listed one by one"}
    )
    children = fields.ListOf(
        fields.Part(CellOut), required=True, metadata={"description": "In order of code"}
    )


class YearQuery(Schema):
    year = fields.QueryInt(2020, 2100)


class DutyCellOut(CellOut):
    rule_id = fields.Str(required=True)
    title = fields.Str(required=True)
    measure = fields.Whole(required=True)
    subject = fields.Choice(SubjectKind, required=True, allow_none=True)
    modality = fields.Choice(Modality, required=True)
    shown = fields.Str(
        required=True, metadata={"description": "Why there is no number, where there is none"}
    )
    computed = fields.Bool(
        required=True, metadata={"description": "false: no facts come in yet; nobody is counted"}
    )
    review = fields.Part(ReviewedOut, required=True, allow_none=True)


class AreaFiguresOut(Schema):
    area_code = fields.Str(required=True)
    area_name = fields.Str(required=True)
    year = fields.Whole(required=True)
    duties = fields.ListOf(fields.Part(DutyCellOut), required=True)


class SubjectsQuery(PageQuery):
    area_code = fields.Code(AREA_CODE, error="区划代码应为 6、9 或 12 位数字。", required=True)
    year = fields.QueryInt(2020, 2100)
    verdict = fields.Choice(Verdict)


class DutySubjectOut(Schema):
    """An organisation, a unit or an area; people are never listed."""

    id = fields.Id(required=True)
    name = fields.Str(required=True)
    done = fields.Whole(required=True, attribute="judgement.done")
    required_ = fields.Whole(required=True, data_key="required", attribute="judgement.required")
    unit = fields.Str(required=True, attribute="judgement.unit")
    verdict = fields.Choice(Verdict, required=True, attribute="judgement.verdict")
    checks = fields.ListOf(fields.Part(DutyCheckOut), required=True, attribute="judgement.parts")


class SubjectEvidenceOut(EvidenceListOut):
    duty = fields.Part(DutyOut, required=True)
    periods = fields.ListOf(
        fields.Part(FrequencyOut),
        required=True,
        metadata={"description": "Kind by kind, and group by group, what each period asks anew"},
    )
