"""What of link applications waits for people."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from backend.accounts.onboarding import kinds
from backend.accounts.onboarding.flow import FLOW
from backend.accounts.onboarding.models import LinkApplication as A
from backend.accounts.onboarding.models import LinkApplicationReason
from backend.accounts.onboarding.policy import SECOND
from backend.flows.tasks import of_flow
from backend.people.members import queries as members
from backend.people.members.models import Member
from backend.people.organizations.models import Organization

_branch = (
    sa.select(Organization.name)
    .join(Member, Member.branch_id == Organization.id)
    .where(Member.id == A.member_id)
    .correlate(A)
    .scalar_subquery()
)
_who = sa.func.coalesce(sa.func.nullif(A.applicant_name, ""), "手机尾号" + A.phone_tail)


def _why(row: Any) -> list[str]:
    several = row.reason is LinkApplicationReason.AMBIGUOUS
    why = "手机号对应名册中不止一人" if several else "手机号不在名册中"
    return [f"{why}，手机尾号{row.phone_tail}"]


def _named(row: Any) -> Iterator[str]:
    yield f"支部核对为名册中的{row.name}（{row.branch}）"
    yield (f"申请人手机尾号{row.phone_tail}，与名册登记的不一致。请当面或电话核实是本人后再同意。")
    if row.holds_office:
        yield "该党员担任职务，关联后职务权限一并生效。"


TASKS = (
    of_flow(
        kinds.NAMING,
        FLOW,
        "approve",
        since=A.created_at,
        who=_who,
        facts={"reason": A.reason, "phone_tail": A.phone_tail},
        lines=_why,
    ),
    of_flow(
        kinds.CONFIRMATION,
        FLOW,
        "confirm",
        also=SECOND.holds,
        since=A.named_at,
        who=_who,
        facts={
            "member_id": A.member_id,
            "name": members.name_of(A.member_id),
            "branch": _branch,
            "phone_tail": A.phone_tail,
            "holds_office": members.holds_office(A.member_id),
        },
        lines=_named,
        said=lambda row: {"member_id": row.member_id},
    ),
)
