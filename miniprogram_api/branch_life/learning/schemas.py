"""Wire shapes of learning materials; none of them says who has read what."""

from backend.branch_life.learning.flow import FLOW
from backend.branch_life.learning.models import MaterialStatus
from backend.branch_life.learning.service import Material
from miniprogram_api import fields
from miniprogram_api.http import PageQuery, Schema
from miniprogram_api.people.members.schemas import NamedOut
from miniprogram_api.steps import Can, NextStep
from miniprogram_api.support.attachments.schemas import AttachmentOut, attachment_ids
from miniprogram_api.support.text_checks.schemas import CheckedStr


class MaterialIn(Schema):
    makes = Material
    organization_id = fields.Id(required=True)
    title = fields.Text(60, required=True)
    body = fields.Text(5000, required=True)
    attachment_ids = attachment_ids(load_default=[])


class MaterialQuery(PageQuery):
    organization_id = fields.QueryInt(1)


class MaterialOut(Schema):
    id = fields.Id(required=True)
    organization = fields.Part(NamedOut, required=True)
    title = CheckedStr(required=True, part="text")
    status = fields.Choice(MaterialStatus, required=True)
    can = Can(FLOW)
    next_step = NextStep(FLOW)
    created_at = fields.Moment(required=True)


class MaterialDetailOut(MaterialOut):
    body = CheckedStr(required=True, part="text")
    attachments = fields.ListOf(fields.Part(AttachmentOut), required=True)
