"""Wire shapes of imports."""

from typing import Any

import marshmallow

from backend import capabilities
from backend.imports.columns import Row
from backend.imports.flow import FLOW
from backend.imports.models import Change, Import, ImportStatus
from backend.imports.service import Mapped
from backend.imports.workbook import MOST_COLUMNS
from miniprogram_api import fields
from miniprogram_api.http import PageQuery, Schema, actor
from miniprogram_api.steps import Can, NextStep


class TargetQuery(Schema):
    target = fields.Token(64, required=True)


class RowQuery(PageQuery):
    change = fields.Choice(Change, load_default=None)


class MappedColumnIn(Schema):
    index = fields.Int(0, MOST_COLUMNS - 1, required=True)
    key = fields.Token(64, required=True)


class ColumnsIn(Schema):
    """Which column of the file is which; what is not named is left out."""

    columns = fields.Many(fields.Part(MappedColumnIn), MOST_COLUMNS, least=1, required=True)

    @marshmallow.post_load
    def build(self, data: dict[str, Any], **_: Any) -> Mapped:
        """Return the columns by their places; of two for one place the last."""
        return Mapped({one["index"]: one["key"] for one in data["columns"]})


class TargetColumnOut(Schema):
    key = fields.Str(required=True)
    header = fields.Str(required=True)
    needed = fields.Bool(required=True)


class TargetColumns(fields.ListOf[Any]):
    """What a column of the file can be."""

    def get_value(self, obj: Import, *_args: Any, **_kwargs: Any) -> Any:
        target = capabilities.IMPORT_TARGETS[obj.target]
        needed = target.needed(actor())
        return [
            {"key": one.key, "header": one.header, "needed": one.key in needed}
            for one in target.columns
        ]


class ImportColumnOut(Schema):
    index = fields.Whole(required=True)
    header = fields.Str(required=True)
    key = fields.Str(
        required=True, allow_none=True, metadata={"description": "What it is taken for"}
    )
    dropped = fields.Str(
        required=True,
        allow_none=True,
        metadata={"description": "Why it was left out before anything was kept"},
    )
    samples = fields.ListOf(
        fields.Str(), required=True, metadata={"description": "The first rows of it"}
    )


class CountsOut(Schema):
    new = fields.Whole(required=True)
    changed = fields.Whole(required=True)
    same = fields.Whole(required=True)
    left = fields.Whole(
        required=True, metadata={"description": "Stored and not in the file; never ended"}
    )
    problem = fields.Whole(required=True)


class ImportOut(Schema):
    id = fields.Id(required=True)
    target = fields.Str(required=True)
    status = fields.Choice(ImportStatus, required=True)
    file_name = fields.Str(required=True)
    created_at = fields.Moment(required=True)
    committed_at = fields.Moment(required=True, allow_none=True)
    rows_read = fields.Whole(required=True)
    rows_done = fields.Whole(required=True)
    counts = fields.Part(CountsOut, required=True, allow_none=True, attribute="counted")
    notes = fields.ListOf(
        fields.Str(), required=True, metadata={"description": "What of the file was not read"}
    )
    problem = fields.Str(
        required=True, allow_none=True, metadata={"description": "Why it went no further"}
    )
    can = Can(FLOW)
    next_step = NextStep(FLOW)


class ImportWholeOut(ImportOut):
    """With the columns of the file, and those there are."""

    columns = fields.ListOf(fields.Part(ImportColumnOut), required=True, attribute="headings")
    target_columns = TargetColumns(fields.Part(TargetColumnOut), required=True)


class ByColumn(fields.Anything):
    """Texts by the keys of columns."""

    def __init__(self, part: str, about: str) -> None:
        self._part = part
        super().__init__(
            keys=fields.Str(),
            values=fields.Str(),
            required=True,
            metadata={"description": f"{about}, by column"},
        )

    def get_value(self, obj: Row, *_args: Any, **_kwargs: Any) -> Any:
        return getattr(obj, self._part)


class ImportRowOut(Schema):
    number = fields.Whole(
        required=True, allow_none=True, metadata={"description": "Its place in the file"}
    )
    change = fields.Choice(Change, required=True)
    values = ByColumn("texts", "What the file says")
    before = ByColumn("was", "What is stored and would change")
    problems = ByColumn("problems", "What is wrong")
    notes = ByColumn("notes", "What was made of a cell, where that is to be looked at")
