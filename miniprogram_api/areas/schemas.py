"""Wire shapes of the territory."""

from backend.areas.models import AreaKind, AreaLevel
from miniprogram_api import fields
from miniprogram_api.http import PageQuery, Schema

AREA_CODE = r"\d{6}|\d{9}|\d{12}"
COMMUNITY_CODE = r"\d{12}"
DISTRICT_CODE = r"\d{6}"


class AreaQuery(PageQuery):
    parent_code = fields.Code(AREA_CODE, error="区划代码应为 6、9 或 12 位数字。")
    level = fields.Choice(AreaLevel)
    kind = fields.Choice(AreaKind)
    q = fields.Text(50)


class AreaRefOut(Schema):
    """An area named in something else."""

    code = fields.Str(required=True)
    name = fields.Str(required=True)


class AreaOut(AreaRefOut):
    """Names are not unique: where it lies tells one from the other."""

    level = fields.Choice(AreaLevel, required=True)
    kind = fields.Choice(AreaKind, required=True)
    district = fields.Part(
        AreaRefOut, required=True, allow_none=True, metadata={"description": "It lies in, or is"}
    )
    township = fields.Part(
        AreaRefOut, required=True, allow_none=True, metadata={"description": "It lies in, or is"}
    )
