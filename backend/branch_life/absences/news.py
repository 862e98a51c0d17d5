"""What a branch is told about long absence: without a name, in the inbox alone."""

from sqlalchemy.orm import Session

from backend.branch_life.absences import kinds
from backend.branch_life.absences.models import AbsenceAlert
from backend.core.actor import Role
from backend.people.members import queries as members
from backend.support.notifications import service as notifications
from backend.support.notifications.service import News


def tell_secretaries(session: Session, alert: AbsenceAlert) -> None:
    """Put it into the inbox of the branch's secretaries; who it is stands in the branch's list."""
    to = members.holders(Role.BRANCH_SECRETARY, organization_id=alert.organization_id)
    notifications.notify(
        session,
        to,
        News(
            kinds.ALERT,
            f"{alert.member_id}:{alert.since}:{alert.months}",
            "支部提醒：请关心未参加组织生活的党员",
            f"本支部有1名党员连续满{alert.months}个月没有参加组织生活。"
            "请了解情况、谈心帮助；确有困难的，可登记免予要求。",
            f"organization:{alert.organization_id}",
        ),
    )
