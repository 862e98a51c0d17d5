"""What communities and streets are told about projects, in words."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.projects import kinds
from backend.community.projects.models import ServiceProject
from backend.core.actor import Role
from backend.core.sentences import sentence
from backend.people.members import queries as members
from backend.support.notifications import service as notifications
from backend.support.notifications.declared import NewsKind
from backend.support.notifications.service import News


def ask_for_review(session: Session, project: ServiceProject) -> None:
    """Ask the street's officers."""
    text = "有安全风险或需要经费，请审核。"
    street = project.community.township_id
    if street is not None:
        reviewers = members.holders(Role.STREET_OFFICER, area_id=street)
        _tell(session, reviewers, project, kinds.REVIEW_REQUESTED, "有服务项目待审核", text)


def tell_approved(session: Session, project: ServiceProject) -> None:
    _tell_community(
        session, project, kinds.APPROVED, "项目已通过审核", "街道已同意，现在可以认领。"
    )


def tell_returned(session: Session, project: ServiceProject) -> None:
    text = f"街道意见：{sentence(project.return_reason)}"
    _tell_community(session, project, kinds.RETURNED, "项目被退回", text, "return_reason")


def tell_expired(session: Session, project: ServiceProject) -> None:
    text = "没有人认领，或认领都已结束，项目到期关闭。"
    _tell_community(session, project, kinds.EXPIRED, "项目已到期", text)


def _tell_community(
    session: Session,
    project: ServiceProject,
    kind: NewsKind,
    title: str,
    text: str,
    *own: str,
) -> None:
    secretaries = members.holders(Role.COMMUNITY_SECRETARY, area_id=project.community_id)
    _tell(session, secretaries, project, kind, title, text, *own)


def _tell(
    session: Session,
    whom: sa.Select[int],
    project: ServiceProject,
    kind: NewsKind,
    title: str,
    text: str,
    *own: str,
) -> None:
    """Whatever happens again after another review is told again."""
    quotes = [project.text("plan"), *map(project.text, own)]
    body, business_id = f"“{project.title}”{text}", f"{project.id}:{project.reviews}"
    notifications.notify(
        session, whom, News(kind, business_id, title, body, project.as_subject, quotes)
    )
