"""Wire shapes of organisations, units and roster entries, for those who keep them."""

from typing import Any, ClassVar

from backend.people.members.models import Member, MemberCategory
from backend.people.organizations.models import OrganizationKind, UnitKind
from backend.rosters.changes import Merging
from backend.rosters.members import detail as members
from backend.rosters.members.service import Departure, Details, Entering, Leaving, Move
from backend.rosters.organizations import service as organizations
from backend.rosters.organizations.service import Description, Founding
from backend.rosters.units.service import Description as UnitDescription
from miniprogram_api import fields
from miniprogram_api.http import PageQuery, Schema, actor
from miniprogram_api.people.areas.schemas import AREA_CODE, AreaRefOut
from miniprogram_api.people.members.schemas import NamedOut

REASON: dict[str, Any] = {
    "required": True,
    "metadata": {"description": "On what ground, as the number of a paper; nothing personal"},
}


class ChangeOut(Schema):
    """What was done to a row; `changed_by` is the name of a member, or null for a staff account."""

    id = fields.Id(required=True)
    action = fields.Str(required=True)
    reason = fields.Str(required=True)
    changed_by = fields.Str(required=True, allow_none=True, attribute="changed_by_name")
    changed_at = fields.Moment(required=True, attribute="created_at")


NO_AREA = "区划代码应为 6、9 或 12 位数字。"


class OrganizationQuery(PageQuery):
    """With nothing but `q` the branches that anybody may say they belong to, else what the reader
    keeps."""

    area_code = fields.Code(AREA_CODE, error=NO_AREA)
    kind = fields.Choice(OrganizationKind)
    parent_id = fields.QueryInt(1)
    kept = fields.QueryBool(metadata={"description": "All that one keeps"})
    top = fields.QueryBool(metadata={"description": "Under none that one keeps"})
    q = fields.Query(50)


class _Organization(Schema):
    id = fields.Id(required=True)
    name = fields.Str(required=True)
    kind = fields.Choice(OrganizationKind, required=True)
    parent_id = fields.Whole(required=True, allow_none=True)
    area = fields.Part(AreaRefOut, required=True)
    unit = fields.Part(NamedOut, required=True, allow_none=True)
    founded_on = fields.Day(required=True, allow_none=True)
    dissolved_on = fields.Day(required=True, allow_none=True)


class OrganizationOut(_Organization):
    has_below = fields.Bool(
        required=True, metadata={"description": "Whether others stand below it, but groups"}
    )


class KeptOrganizationOut(_Organization):
    """`can`: what the reader may do with it now."""

    parent = fields.Part(NamedOut, required=True, allow_none=True)
    governs = fields.Part(AreaRefOut, required=True, allow_none=True)
    member_count = fields.Whole(required=True)
    successor_id = fields.Whole(required=True, allow_none=True)
    can = fields.ListOf(fields.Str(), required=True)


class OrganizationIn(Schema):
    makes: ClassVar[Any] = Description
    name = fields.Name(60, required=True)
    area_code = fields.Code(AREA_CODE, error=NO_AREA, required=True)
    unit_id = fields.Id(load_default=None, allow_none=True)
    governs_code = fields.Code(AREA_CODE, error=NO_AREA, load_default=None, allow_none=True)
    reason = fields.Text(200, **REASON)


class FoundingIn(OrganizationIn):
    makes = Founding
    kind = fields.Choice(OrganizationKind, required=True)
    parent_id = fields.Id(load_default=None, allow_none=True)
    founded_on = fields.Day(required=True)


class OrganizationMoveIn(Schema):
    makes = organizations.Move
    parent_id = fields.Id(required=True, allow_none=True)
    reason = fields.Text(200, **REASON)


class MergingIn(Schema):
    makes = Merging
    into_id = fields.Id(required=True)
    reason = fields.Text(200, **REASON)


class UnitQuery(PageQuery):
    """With nothing but `q` all units there are, else what the reader keeps."""

    area_code = fields.Code(AREA_CODE, error=NO_AREA)
    kept = fields.QueryBool(metadata={"description": "All that one keeps"})
    q = fields.Query(50)


class UnitIn(Schema):
    makes = UnitDescription
    name = fields.Name(60, required=True)
    credit_code = fields.Number(30, load_default=None, allow_none=True)
    kind = fields.Choice(UnitKind, required=True)
    community_code = fields.Code(AREA_CODE, error=NO_AREA, required=True)
    reason = fields.Text(200, **REASON)


class KeptUnitOut(Schema):
    id = fields.Id(required=True)
    name = fields.Str(required=True)
    credit_code = fields.Str(required=True, allow_none=True)
    kind = fields.Choice(UnitKind, required=True)
    community = fields.Part(AreaRefOut, required=True)
    ended_on = fields.Day(required=True, allow_none=True)
    successor_id = fields.Whole(required=True, allow_none=True)
    member_count = fields.Whole(required=True)
    organizations = fields.ListOf(fields.Part(NamedOut), required=True)
    can = fields.ListOf(fields.Str(), required=True)


class MemberQuery(PageQuery):
    organization_id = fields.QueryInt(1)
    unit_id = fields.QueryInt(1)
    q = fields.Query(30, metadata={"description": "Part of a name, or how it reads"})
    twins = fields.QueryBool(
        load_default=False,
        metadata={"description": "Only those of which there seem to be two"},
    )


class _Can(fields.ListOf[str]):
    def get_value(self, obj: Member, *_args: Any, **_kwargs: Any) -> Any:
        return members.can(actor(), obj)


class KeptEntryOut(Schema):
    """A roster entry. The number is never shown, only whether one is known."""

    id = fields.Id(required=True)
    name = fields.Str(required=True)
    category = fields.Choice(MemberCategory, required=True)
    active = fields.Bool(required=True)
    electoral_right = fields.Bool(required=True)
    branch = fields.Part(NamedOut, required=True)
    group_id = fields.Whole(required=True, allow_none=True)
    unit = fields.Part(NamedOut, required=True, allow_none=True)
    unit_since = fields.Day(required=True, allow_none=True)
    linked = fields.Bool(
        required=True, metadata={"description": "Whether a WeChat account is linked"}
    )
    has_phone = fields.Computed(lambda row: row.phone_hash is not None, required=True)
    can = _Can(fields.Str(), required=True)


class DetailsIn(Schema):
    makes: ClassVar[Any] = Details
    name = fields.Name(30, required=True)
    phone = fields.Phone(load_default=None, allow_none=True)
    category = fields.Choice(MemberCategory, required=True)
    unit_id = fields.Id(load_default=None, allow_none=True)
    unit_since = fields.Day(load_default=None, allow_none=True)
    reason = fields.Text(200, **REASON)


class EnteringIn(DetailsIn):
    makes = Entering
    branch_id = fields.Id(required=True)
    group_id = fields.Id(load_default=None, allow_none=True)


class MoveIn(Schema):
    makes = Move
    branch_id = fields.Id(required=True)
    group_id = fields.Id(load_default=None, allow_none=True)
    unit_id = fields.Id(load_default=None, allow_none=True)
    reason = fields.Text(200, **REASON)


class LeavingIn(Schema):
    makes = Departure
    code = fields.Choice(Leaving, required=True)
    reason = fields.Text(200, **REASON)
