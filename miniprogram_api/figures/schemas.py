"""Wire shapes of rates. A hidden cell has nulls; an empty one has zeros."""

from backend.ledger.models import SubjectKind
from backend.ledger.verdicts import Verdict
from miniprogram_api import fields
from miniprogram_api.http import PageQuery, Schema
from miniprogram_api.people.areas.schemas import AREA_CODE


class RatesQuery(Schema):
    area_code = fields.Code(AREA_CODE, error="区划代码应为 6、9 或 12 位数字。", required=True)
    rule_id = fields.Token(10, required=True)
    year = fields.QueryInt(2020, 2100)


class CellOut(Schema):
    area_code = fields.Str(required=True, attribute="area.code")
    area_name = fields.Str(required=True, attribute="area.name")
    subjects = fields.Whole(required=True, allow_none=True)
    met = fields.Whole(required=True, allow_none=True)
    exempt = fields.Whole(required=True, allow_none=True)
    rate = fields.Share(
        required=True, allow_none=True, metadata={"description": "0 to 1, of those not exempt"}
    )


class RatesOut(CellOut):
    rule_id = fields.Str(required=True)
    title = fields.Str(required=True)
    year = fields.Whole(required=True)
    children = fields.ListOf(
        fields.Part(CellOut), required=True, metadata={"description": "In order of code"}
    )


class YearQuery(Schema):
    year = fields.QueryInt(2020, 2100)


class DutyCellOut(CellOut):
    rule_id = fields.Str(required=True)
    title = fields.Str(required=True)
    subject = fields.Choice(SubjectKind, required=True)


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
    """An organisation or a unit; people are never listed."""

    id = fields.Id(required=True)
    name = fields.Str(required=True)
    done = fields.Whole(required=True, attribute="judgement.done")
    required_ = fields.Whole(required=True, data_key="required", attribute="judgement.required")
    unit = fields.Str(required=True, attribute="judgement.unit")
    verdict = fields.Choice(Verdict, required=True, attribute="judgement.verdict")
