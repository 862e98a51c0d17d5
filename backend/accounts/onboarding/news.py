"""Who hears of a link application."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.accounts.onboarding import kinds
from backend.accounts.onboarding.models import LinkApplication
from backend.core.actor import OFFICERS, Role
from backend.people.areas.models import Area
from backend.people.members import queries as members
from backend.people.members.models import Appointment, Member
from backend.people.organizations.models import Organization
from backend.support.notifications import service as notifications
from backend.support.notifications.declared import NewsKind
from backend.support.notifications.service import News

_OUTCOME = {
    kinds.APPLICATION_APPROVED: ("身份关联已通过", "您的党员身份已核实并关联。"),
    kinds.APPLICATION_REFUSED: ("身份关联未通过", "请与所在党支部联系核实。"),
}


def tell_secretaries(session: Session, application: LinkApplication) -> None:
    """Ask the branch that was named; where none was, it waits for whose roster has the name."""
    if application.organization_id is None:
        return
    notifications.notify(
        session,
        members.holders(Role.BRANCH_SECRETARY, organization_id=application.organization_id),
        News(
            kinds.APPLICATION_SUBMITTED,
            str(application.id),
            "有新的身份关联申请",
            "有人申请关联本支部党员身份，请核实。",
            application.as_subject,
        ),
    )


def tell_second_persons(session: Session, application: LinkApplication, member: Member) -> None:
    """Ask the branch's other leaders, the organisation above and the nearest officers."""
    notifications.notify(
        session,
        _second_persons(member),
        News(
            kinds.APPLICATION_SUBMITTED,
            f"{application.id}.{application.named_at}",
            "身份关联待复核",
            "手机号与名册不一致，已有一人核对，请您复核后再关联。",
            application.as_subject,
        ),
    )


def _second_persons(member: Member) -> sa.Select[int]:
    above = sa.select(Organization.parent_id).where(Organization.id == member.branch_id)
    place = sa.select(Area).join(Organization, Organization.area_id == Area.id)
    of_branch = place.where(Organization.id == member.branch_id).subquery()
    secretaries = sa.and_(
        Appointment.role == Role.BRANCH_SECRETARY,
        sa.or_(
            Appointment.organization_id == member.branch_id,
            Appointment.organization_id.in_(above),
        ),
    )
    officers = sa.and_(
        Appointment.role.in_(OFFICERS),
        Appointment.area_id.in_(
            sa.select(sa.func.coalesce(of_branch.c.township_id, of_branch.c.id))
        ),
    )
    appointed = sa.select(Appointment.member_id).where(
        members.in_force(), sa.or_(secretaries, officers)
    )
    leaders = sa.union(appointed, members.deputies_of(member.branch_id)).subquery()
    return sa.select(leaders.c.member_id)


def tell_applicant(session: Session, application: LinkApplication, kind: NewsKind) -> None:
    title, text = _OUTCOME[kind]
    news = News(kind, str(application.id), title, text, application.as_subject)
    notifications.notify_account(session, application.account_id, news)
