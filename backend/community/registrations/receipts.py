"""报到回执: the paper that says a community has received a member, and what stands behind it."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.registrations import queries
from backend.community.registrations.flow import FLOW
from backend.community.registrations.models import CommunityRegistration, RegistrationKind
from backend.community.registrations.policy import EITHER
from backend.core.actor import Actor
from backend.core.errors import Conflict, Forbidden
from backend.people.areas.naming import party_organization
from backend.support.documents.page import Document, chinese_date
from backend.support.documents.verification import VerifiedReceipt

KINDS = {RegistrationKind.PRIMARY: "居住地报到", RegistrationKind.ADDITIONAL: "其他社区报到"}


def of(session: Session, *, actor: Actor, registration_id: int) -> CommunityRegistration:
    """Return a registration whose receipt the actor may have: the member, and who accepted.

    Raises NotFound, Forbidden, and Conflict before there is one.
    """
    registration = FLOW.show(session, actor, registration_id)
    if not EITHER.stands(registration):
        raise Forbidden("not_your_receipt", "只有本人和接收社区可以查看回执。")
    if registration.community is None:
        raise Conflict("receipt_from_elsewhere", "本市以外的回执由当地社区出具，请查看所附材料。")
    if registration.receipt_no is None:
        raise Conflict("no_receipt_yet", "社区接收后才有回执，请等待社区答复。")
    return registration


def by_id(session: Session, registration_id: int) -> CommunityRegistration | None:
    """Return an accepted registration, for whoever holds an address handed out by `of`'s right."""
    found = _with_paper().where(CommunityRegistration.id == registration_id)
    return session.scalars(found).first()


def _with_paper() -> sa.Select[CommunityRegistration]:
    """Outside the city the receipt is the other community's."""
    return queries.shown().where(
        CommunityRegistration.receipt_no.is_not(None),
        CommunityRegistration.community_id.is_not(None),
    )


def document(registration: CommunityRegistration, *, verify_at: str) -> Document:
    """Return the receipt as it is printed. `verify_at`: where numbers are verified, or empty."""
    issuer, day, number, community = _issued(registration)
    name = registration.member.name
    return Document(
        title="党员报到回执",
        number=number,
        paragraphs=[
            f"{name}同志：",
            f"您提交的报到收悉。经核对，{issuer}已于{chinese_date(day)}接收您到{community}报到。",
            "请按自愿原则参加社区组织的志愿服务，支持社区治理。您的组织关系不因报到而变动。",
            "特此回执。",
        ],
        facts=[("报到类别", KINDS[registration.kind]), ("接收社区", community)],
        issuer=issuer,
        issued_on=day,
        notes=["本回执由报到系统生成；报到结束后，核验页面会如实显示。"],
        verify_at=verify_at,
    )


def _issued(registration: CommunityRegistration) -> tuple[str, date, str, str]:
    day, number, community = (
        registration.accepted_on,
        registration.receipt_no,
        registration.community,
    )
    if day is None or number is None or community is None:
        raise ValueError("only what a community has accepted has a receipt")
    return party_organization(community), day, number, community.name


def verify(session: Session, number: str) -> VerifiedReceipt | None:
    """Return what stands behind a number; None when there is no such receipt."""
    found = _with_paper().where(CommunityRegistration.receipt_no == number)
    row = session.scalars(found).first()
    if row is None:
        return None
    _, day, known, community = _issued(row)
    return VerifiedReceipt(known, community, day, row.ended_on)
