"""Wire shapes of the territory."""

from backend.people.areas.models import AreaKind, AreaLevel
from miniprogram_api import fields
from miniprogram_api.http import ChangesIn, PageQuery, Schema

AREA_CODE = r"\d{6}|\d{9}|\d{12}"
COMMUNITY_CODE = r"\d{12}"
# 0898-66221234, with an extension; 66221234; 400-800-1234; 12345.
OFFICE_PHONE = r"(?:(?:0\d{2,3}-?)?[2-9]\d{6,7}(?:-\d{1,5})?|400-?\d{3}-?\d{4}|1[0-9]{4})"
DISTRICT_CODE = r"\d{6}"


class AreaQuery(PageQuery):
    parent_code = fields.Code(AREA_CODE, error="区划代码应为 6、9 或 12 位数字。")
    level = fields.Choice(AreaLevel)
    kind = fields.Choice(AreaKind)
    q = fields.Query(50)


class AreaRefOut(Schema):
    """An area named in something else."""

    code = fields.Str(required=True)
    name = fields.Str(required=True)


class ContactIn(ChangesIn):
    """An office number with its area code, a service number or a hotline; nobody's own."""

    contact_phone = fields.Code(
        OFFICE_PHONE,
        error="请填写办公室的固定电话，如：0898-66221234；不要填写个人手机号码。",
        required=True,
        allow_none=True,
    )
    contact_hours = fields.Text(60, allow_none=True)


class ReachedAreaOut(AreaRefOut):
    """A community with the office number at which it is reached."""

    contact_phone = fields.Str(required=True, allow_none=True)
    contact_hours = fields.Str(required=True, allow_none=True)


class AreaOut(ReachedAreaOut):
    """Names are not unique: where it lies tells one from the other."""

    level = fields.Choice(AreaLevel, required=True)
    kind = fields.Choice(AreaKind, required=True)
    district = fields.Part(
        AreaRefOut, required=True, allow_none=True, metadata={"description": "It lies in, or is"}
    )
    township = fields.Part(
        AreaRefOut, required=True, allow_none=True, metadata={"description": "It lies in, or is"}
    )
