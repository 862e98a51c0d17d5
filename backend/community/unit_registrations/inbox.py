"""What of units' registrations waits for people."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by

from backend.community.unit_registrations import kinds
from backend.community.unit_registrations.flow import FLOW
from backend.community.unit_registrations.models import ResourceKind as K
from backend.community.unit_registrations.models import ResourceOffer
from backend.community.unit_registrations.models import UnitRegistration as R
from backend.flows.tasks import of_flow
from backend.people.areas import service as areas
from backend.people.members import queries as members
from backend.people.organizations.models import Unit

RESOURCES = {
    K.VENUE: "场地",
    K.PEOPLE: "人员",
    K.EXPERTISE: "专业服务",
    K.MATERIALS: "物资",
    K.ACTIVITY: "活动",
    K.OTHER: "其他",
}
_line = sa.func.concat(
    sa.case(RESOURCES, value=ResourceOffer.kind),
    "：",
    sa.func.concat_ws(
        "，",
        ResourceOffer.description,
        sa.func.nullif(ResourceOffer.amount, ""),
        sa.func.nullif(ResourceOffer.times, ""),
    ),
)
_offered = (
    sa.select(sa.func.array_agg(aggregate_order_by(_line, ResourceOffer.id)))
    .where(ResourceOffer.registration_id == R.id)
    .correlate(R)
    .scalar_subquery()
)
_unit = sa.select(Unit.name).where(Unit.id == R.unit_id).scalar_subquery()


def _plan(row: Any) -> Iterator[str]:
    yield f"联络员：{row.contact}"
    yield f"计划：{row.plan}"
    yield from row.resources or ()


TASKS = (
    of_flow(
        kinds.ANSWER,
        FLOW,
        "accept",
        since=R.submitted_at,
        who=_unit,
        facts={"contact": members.name_of(R.contact_id), "plan": R.plan, "resources": _offered},
        lines=_plan,
    ),
    of_flow(
        kinds.CORRECTION,
        FLOW,
        "resubmit",
        since=R.decided_at,
        who=areas.name_of(R.area_id),
        facts={"return_reason": R.return_reason},
        lines=lambda row: [row.return_reason],
    ),
    of_flow(
        kinds.RENEWAL,
        FLOW,
        "renew",
        since=R.updated_at,
        who=areas.name_of(R.area_id),
        facts={"plan": R.plan},
        lines=lambda row: ["请确认本年度继续报到。", f"计划：{row.plan}"],
    ),
)
