"""Wire shapes of certificates."""

from backend.community.certificates.flow import FLOW
from backend.community.certificates.models import CertificateStanding, CertificateStatus
from backend.community.certificates.service import Period
from miniprogram_api import fields
from miniprogram_api.community.volunteering.schemas import hours_of_minutes
from miniprogram_api.http import PageQuery, Schema
from miniprogram_api.people.areas.schemas import COMMUNITY_CODE, AreaRefOut
from miniprogram_api.people.members.schemas import NamedOut
from miniprogram_api.steps import Can, NextStep
from miniprogram_api.support.text_checks.schemas import CheckedStr


class CertificateIn(Schema):
    makes = Period
    since = fields.Day(data_key="from", required=True)
    until = fields.Day(data_key="to", required=True)


class CertificateQuery(PageQuery):
    community_code = fields.Code(COMMUNITY_CODE, error="社区代码应为 12 位数字。")
    status = fields.Choice(CertificateStatus)
    q = fields.Query(
        30, metadata={"description": "Part of a member's name, how it reads, or a number"}
    )


class CertificateOut(Schema):
    id = fields.Id(required=True)
    status = fields.Choice(CertificateStatus, required=True)
    can = Can(FLOW)
    next_step = NextStep(FLOW)
    outdated = fields.Bool(
        required=True,
        metadata={"description": "A record it counts has changed since: ask for a new one"},
    )
    member = fields.Part(NamedOut, required=True)
    community = fields.Part(AreaRefOut, required=True)
    period_from = fields.Day(data_key="from", required=True)
    period_to = fields.Day(data_key="to", required=True)
    services = fields.Whole(required=True)
    minutes = fields.Whole(required=True)
    hours = hours_of_minutes()
    number = fields.Str(required=True)
    issuer = fields.Str(required=True)
    issued_on = fields.Day(required=True)
    revoked_on = fields.Day(required=True, allow_none=True)
    revoke_reason = CheckedStr(part="revoke_reason", required=True, allow_none=True)


class VerifiedCertificateOut(Schema):
    """A certificate as anybody may see it who holds its number: no name."""

    number = fields.Str(required=True)
    status = fields.Choice(CertificateStanding, attribute="standing", required=True)
    period_from = fields.Day(data_key="from", required=True)
    period_to = fields.Day(data_key="to", required=True)
    services = fields.Whole(required=True)
    minutes = fields.Whole(required=True)
    hours = hours_of_minutes()
    issuer = fields.Str(required=True)
    issued_on = fields.Day(required=True)
    revoked_on = fields.Day(required=True, allow_none=True)
