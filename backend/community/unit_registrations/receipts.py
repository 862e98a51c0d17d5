"""单位报到回执: the paper that says a community or street has received a unit."""

from datetime import date

from sqlalchemy.orm import Session

from backend.community.unit_registrations import queries, service
from backend.community.unit_registrations.models import UnitRegistration
from backend.community.unit_registrations.policy import EITHER
from backend.core.actor import Actor
from backend.core.errors import Conflict, Forbidden
from backend.people.areas.naming import party_organization
from backend.support.documents.page import Document, chinese_date
from backend.support.documents.verification import VerifiedReceipt


def of(session: Session, *, actor: Actor, registration_id: int) -> UnitRegistration:
    """Return a registration whose receipt the actor may have: the two sides.

    Raises NotFound, Forbidden, and Conflict before there is one.
    """
    registration = service.show(session, actor=actor, registration_id=registration_id)
    if not EITHER.stands(registration):
        raise Forbidden("not_your_receipt", "只有报到单位的联络员和接收方可以查看回执。")
    if registration.receipt_no is None:
        raise Conflict("no_receipt_yet", "接收后才有回执，请等待答复。")
    return registration


def by_id(session: Session, registration_id: int) -> UnitRegistration | None:
    """Return an accepted registration, for whoever holds an address handed out by `of`'s right."""
    found = queries.shown().where(
        UnitRegistration.id == registration_id, UnitRegistration.receipt_no.is_not(None)
    )
    return session.scalars(found).first()


def document(registration: UnitRegistration, *, verify_at: str) -> Document:
    """Return the receipt as it is printed. `verify_at`: where numbers are verified, or empty."""
    day, number = _issued(registration)
    issuer = party_organization(registration.area)
    return Document(
        title="单位报到回执",
        number=number,
        paragraphs=[
            f"{registration.unit.name}：",
            f"贵单位提交的报到收悉。{issuer}已于{chinese_date(day)}接收贵单位报到。",
            "请按双方商定的计划，结合资源清单参与基层治理，开展志愿服务。",
            "特此回执。",
        ],
        facts=[("接收方", registration.area.name), ("接收日期", chinese_date(day))],
        issuer=issuer,
        issued_on=day,
        notes=["本回执由报到系统生成；报到结束后，核验页面会如实显示。"],
        verify_at=verify_at,
    )


def _issued(registration: UnitRegistration) -> tuple[date, str]:
    if registration.accepted_on is None or registration.receipt_no is None:
        raise ValueError("only what was accepted has a receipt")
    return registration.accepted_on, registration.receipt_no


def verify(session: Session, number: str) -> VerifiedReceipt | None:
    """Return what stands behind a number; None when there is no such receipt."""
    found = queries.shown().where(UnitRegistration.receipt_no == number)
    row = session.scalars(found).first()
    if row is None:
        return None
    day, known = _issued(row)
    return VerifiedReceipt(known, row.area.name, day, row.ended_on)
