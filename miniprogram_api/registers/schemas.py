"""Wire shapes of registers and their entries."""

from datetime import date, timedelta
from typing import Any

from backend.core import clock
from backend.forms.fields import FieldType
from backend.people.areas.models import AreaLevel
from backend.people.organizations.models import OrganizationKind
from backend.registers.choices import Of
from backend.registers.content import Writing
from backend.registers.declared import SlotName
from backend.registers.flow import FLOW, Ending, state
from backend.registers.models import EntryStatus, RegisterEntry
from miniprogram_api import fields
from miniprogram_api.http import OneIn, PageQuery, Schema
from miniprogram_api.people.areas.schemas import AREA_CODE, AreaRefOut
from miniprogram_api.people.members.schemas import NamedOut
from miniprogram_api.registers.tables import TableFormat
from miniprogram_api.steps import Can
from miniprogram_api.support.text_checks.schemas import CheckedStr, sentence_for

WRONG_AREA = "区划代码应为 6、9 或 12 位数字。"
_DAY = timedelta(days=1)


class LastDay(fields.Day):
    """The last day on which something is so, which is stored as the first on which it is not."""

    def _serialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return super()._serialize(value - _DAY if value else None, *args, **kwargs)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return super()._deserialize(value, *args, **kwargs) + _DAY


class ColumnOut(Schema):
    """A column of a field of rows."""

    name = fields.Str(required=True)
    label = fields.Str(required=True)
    type = fields.Choice(FieldType, required=True)
    required = fields.Bool(required=True)
    choices = fields.Anything(required=True)
    most = fields.Whole(required=True, attribute="limit")
    example = fields.Str(required=True)


class FieldOut(ColumnOut):
    """A field of a declared thing, as a form draws it."""

    group = fields.Str(required=True, metadata={"description": "The heading it stands under"})
    hint = fields.Str(required=True)
    again = fields.Bool(
        required=True, metadata={"description": "A form offers what the last entry had"}
    )
    sealed = fields.Bool(required=True)
    least = fields.Whole(required=True)
    columns = fields.ListOf(fields.Part(ColumnOut), required=True)
    retired = fields.Computed(
        lambda field: field.retired_in is not None, required=True, metadata={"type": "boolean"}
    )


class SlotOut(Schema):
    """What an entry points to."""

    slot = fields.Choice(SlotName, required=True)
    label = fields.Str(required=True)
    required = fields.Bool(required=True)
    hint = fields.Str(required=True)
    kinds = fields.ListOf(fields.Choice(OrganizationKind), required=True)
    levels = fields.ListOf(fields.Choice(AreaLevel), required=True)


class ParentOut(Schema):
    register = fields.Str(required=True, attribute="kind")
    label = fields.Str(required=True)
    required = fields.Bool(required=True)


class CalledOut(Schema):
    """What an entry is called: written where `of` is empty."""

    label = fields.Str(required=True)
    of = fields.Str(required=True)
    most = fields.Whole(required=True)
    example = fields.Str(required=True)
    hint = fields.Str(required=True)
    person = fields.Bool(required=True)


class CodeOut(Schema):
    label = fields.Str(required=True)
    required = fields.Bool(required=True)
    example = fields.Str(required=True)
    hint = fields.Str(required=True)


class PlaceOut(AreaRefOut):
    """A place whose register the reader keeps."""

    reviewed_on = fields.Day(
        required=True, allow_none=True, metadata={"description": "Last looked through"}
    )


class RegisterOut(Schema):
    name = fields.Str(required=True)
    title = fields.Str(required=True)
    noun = fields.Str(required=True, metadata={"description": "What one entry is called"})
    counts = fields.Str(required=True, metadata={"description": "What it counts for"})
    serves = fields.ListOf(fields.Str(), required=True, metadata={"description": "Rules"})
    person = fields.Bool(required=True)
    version = fields.Whole(required=True)
    levels = fields.ListOf(
        fields.Choice(AreaLevel),
        required=True,
        metadata={"description": "Where an entry may lie; empty where that follows from another"},
    )
    may_enter = fields.Bool(required=True)
    standing = fields.Whole(
        required=True, metadata={"description": "How many stand today that the reader may see"}
    )
    places = fields.ListOf(fields.Part(PlaceOut), required=True)
    called = fields.Part(CalledOut, required=True)
    code = fields.Part(CodeOut, required=True)
    parent = fields.Part(ParentOut, required=True, allow_none=True)
    slots = fields.ListOf(fields.Part(SlotOut), required=True)
    fields_ = fields.ListOf(fields.Part(FieldOut), required=True, data_key="fields")
    until = fields.Bool(required=True, metadata={"description": "Whether a form asks for its end"})
    until_required = fields.Bool(required=True)
    until_label = fields.Str(required=True)
    schema = fields.Anything(
        required=True, metadata={"description": "JSON Schema of the values of an entry"}
    )


class OnQuery(Schema):
    on = fields.Day(load_default=None, metadata={"description": "As it was on that day"})


class RegisterEntryQuery(PageQuery):
    on = fields.Day(load_default=None, metadata={"description": "What was so on that day"})
    area_code = fields.Code(AREA_CODE, error=WRONG_AREA)
    parent_id = fields.QueryInt(1)
    q = fields.Query(50, metadata={"description": "Part of a name, how it reads, or a code"})


class ChoiceQuery(PageQuery):
    """What was chosen before decides what else may be."""

    of = fields.Choice(Of, required=True)
    place_code = fields.Code(AREA_CODE, error=WRONG_AREA)
    parent_id = fields.QueryInt(1)
    unit_id = fields.QueryInt(1)
    q = fields.Query(50, metadata={"description": "Part of a name, or how it reads"})


class ChoiceOut(NamedOut):
    """What may be chosen for an entry."""

    code = fields.Str(required=True, allow_none=True, metadata={"description": "Of an area"})
    note = fields.Str(required=True, metadata={"description": "Where it lies"})


class ExportQuery(Schema):
    format = fields.Choice(TableFormat, load_default=TableFormat.XLSX)
    on = fields.Day(load_default=None, metadata={"description": "What was so on that day"})
    area_code = fields.Code(AREA_CODE, error=WRONG_AREA, load_default=None)
    q = fields.Query(50, load_default=None)


class RegisterEntryIn(Schema):
    """How an entry is from a day on. Of what is sealed, what is left out stays."""

    makes = Writing
    name = fields.Text(120)
    code = fields.Number(60)
    place_code = fields.Code(AREA_CODE, error=WRONG_AREA)
    parent_id = fields.Id(allow_none=True)
    organization_id = fields.Id(allow_none=True)
    unit_id = fields.Id(allow_none=True)
    member_id = fields.Id(allow_none=True)
    area_code = fields.Code(AREA_CODE, error=WRONG_AREA, allow_none=True)
    starts_on = fields.Day(data_key="from", allow_none=True)
    ends_on = LastDay(data_key="until", allow_none=True)
    values = fields.Anything(keys=fields.Str(), load_default=dict)
    reason = fields.Text(200, allow_none=True)


class EntryEndingIn(Schema):
    """Why it is no more, and from which day on; today where none is given."""

    makes = Ending
    reason = fields.Text(200, required=True)
    ends_on = fields.Day(data_key="from", load_default=None)


class ReviewIn(OneIn):
    place_code = fields.Code(AREA_CODE, error=WRONG_AREA, required=True)


class ReviewOut(Schema):
    register = fields.Str(required=True)
    place = fields.Part(AreaRefOut, required=True)
    reviewed_on = fields.Day(required=True)
    entries = fields.Whole(required=True, metadata={"description": "How many stood there"})


class OpenedOut(Schema):
    values = fields.Anything(required=True, metadata={"description": "What was sealed"})


class Values(fields.Varied, fields.Anything):
    """What stands in the fields; nothing while what was written is withheld."""

    def around(self, plain: fields.Show) -> fields.Show:
        return lambda row: {} if sentence_for(row, "values") else plain(row)


class SlotFilledOut(NamedOut):
    """What a slot points to; `ended`: it is no more, and counts for nothing."""

    ended = fields.Bool(required=True)


class Filled(fields.Part):
    """One slot of a version, as it is shown."""

    def __init__(self, slot: str) -> None:
        self.slot = slot
        super().__init__(SlotFilledOut, required=True, allow_none=True)

    def get_value(self, obj: Any, *_args: Any, **_kwargs: Any) -> Any:
        version = getattr(obj, "version", obj)
        target = getattr(version, self.slot, None) if version is not None else None
        if target is None:
            return None
        return {"id": target.id, "name": target.name, "ended": has_ended(version, self.slot)}


def has_ended(version: Any, slot: str) -> bool:
    """Return whether what a slot points to is no more today."""
    day = version.lapsed.get(slot)
    return day is not None and date.fromisoformat(str(day)) <= clock.today()


class VersionOut(Schema):
    """How an entry was from a day to a day. `superseded`: corrected since."""

    starts_on = fields.Day(required=True, data_key="from")
    ends_on = LastDay(required=True, allow_none=True, data_key="until")
    name = fields.Str(required=True)
    place = fields.Part(AreaRefOut, required=True)
    organization = Filled("organization")
    unit = Filled("unit")
    member = Filled("member")
    area = fields.Part(AreaRefOut, required=True, allow_none=True)
    values = fields.Anything(required=True)
    reason = fields.Str(required=True, allow_none=True)
    recorded_at = fields.Moment(required=True, attribute="created_at")
    superseded = fields.Computed(
        lambda version: version.superseded_at is not None,
        required=True,
        metadata={"type": "boolean"},
    )


class ParentRefOut(NamedOut):
    pass


def parent_of(row: RegisterEntry) -> Any:
    """Return what an entry belongs to, as it is named in it."""
    version = row.version
    if version is None or version.parent_id is None:
        return None
    return {"id": version.parent_id, "name": version.parent_name or ""}


class ParentRef(fields.Part):
    def get_value(self, obj: Any, *_args: Any, **_kwargs: Any) -> Any:
        return parent_of(obj)


class State(fields.Choice):
    """In which state an entry is today."""

    def get_value(self, obj: Any, *_args: Any, **_kwargs: Any) -> Any:
        return state(obj)


class RegisterEntryOut(Schema):
    id = fields.Id(required=True)
    register = fields.Str(required=True)
    status = State(EntryStatus, required=True)
    can = Can(FLOW)
    code = fields.Str(required=True)
    name = CheckedStr(part="values", required=True, attribute="version.name")
    place = fields.Part(AreaRefOut, required=True, attribute="version.place")
    parent = ParentRef(ParentRefOut, required=True, allow_none=True)
    organization = Filled("organization")
    unit = Filled("unit")
    member = Filled("member")
    area = fields.Part(AreaRefOut, required=True, allow_none=True, attribute="version.area")
    starts_on = fields.Day(required=True, data_key="from", attribute="version.starts_on")
    ends_on = LastDay(required=True, allow_none=True, data_key="until", attribute="version.ends_on")
    values = Values(required=True, attribute="version.values")
    sealed = fields.Computed(
        lambda row: bool(row.version and row.version.sealed),
        required=True,
        metadata={"type": "boolean", "description": "Whether something of it is sealed"},
    )


class RegisterEntryWholeOut(RegisterEntryOut):
    """With all that was ever written of it, the last first. The revision is the `ETag`, which a
    change names in `If-Match`."""

    revision = fields.Whole(required=True)
    end_reason = fields.Str(required=True, allow_none=True)
    void_reason = fields.Str(required=True, allow_none=True)
    history = fields.ListOf(fields.Part(VersionOut), required=True)
