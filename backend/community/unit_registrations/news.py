"""What people are told about units' registrations, in words."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.unit_registrations import kinds
from backend.community.unit_registrations.models import UnitRegistration
from backend.community.unit_registrations.policy import CONTACT
from backend.core import clock
from backend.core.actor import Role
from backend.core.sentences import sentence
from backend.people.areas.models import AreaLevel
from backend.people.areas.naming import party_organization
from backend.people.members import queries as members
from backend.support.notifications import service as notifications
from backend.support.notifications.declared import NewsKind
from backend.support.notifications.service import News


def tell_receiver(session: Session, registration: UnitRegistration) -> None:
    """Put a submitted registration into the inbox of those who decide about it."""
    text = f"{registration.unit.name}申请单位报到，请核对后办理。"
    when = f"{registration.submitted_at.timestamp():.0f}"
    _tell(session, members.deciders(registration.area, registration.contact_id), registration,
          (kinds.SUBMITTED, when, "有单位前来报到", text))  # fmt: skip


def tell_accepted(session: Session, registration: UnitRegistration) -> None:
    receiver = party_organization(registration.area)
    text = f"{receiver}已接收{registration.unit.name}的报到，回执编号{registration.receipt_no}。"
    _tell(session, _contacts(registration), registration,
          (kinds.ACCEPTED, "", "单位报到已接收", text))  # fmt: skip


def tell_returned(session: Session, registration: UnitRegistration) -> None:
    why = sentence(registration.return_reason)
    text = f"{party_organization(registration.area)}请贵单位补充：{why}"
    when = f"{registration.submitted_at.timestamp():.0f}"
    _tell(session, _contacts(registration), registration,
          (kinds.RETURNED, when, "单位报到已退回", text),
          "return_reason")  # fmt: skip


def tell_renewal_due(session: Session, registration: UnitRegistration) -> None:
    """Ask the unit's contacts to confirm for the new year, once a year."""
    text = f"新的一年，请确认{registration.unit.name}在{registration.area.name}的报到是否继续。"
    year = str(clock.today().year)
    _tell(session, _contacts(registration), registration,
          (kinds.RENEWAL_DUE, year, "单位报到待续签", text))  # fmt: skip


def tell_ended(session: Session, registration: UnitRegistration) -> None:
    """Tell the other side, with the reason."""
    place = f"{registration.unit.name}在{registration.area.name}的报到"
    text = f"{place}已结束：{sentence(registration.end_reason)}"
    by_unit = CONTACT.stands(registration)
    told = _receivers(registration) if by_unit else _contacts(registration)
    _tell(session, told, registration,
          (kinds.ENDED, "", "单位报到已结束", text), "end_reason")  # fmt: skip


def _tell(
    session: Session,
    members: sa.Select[int],
    registration: UnitRegistration,
    words: tuple[NewsKind, str, str, str],
    *quoted: str,
) -> None:
    kind, when, title, text = words
    business_id = f"{registration.id}:{when}" if when else str(registration.id)
    quotes = [registration.text(part) for part in quoted]
    news = News(kind, business_id, title, text, registration.as_subject, quotes)
    notifications.notify(session, members, news)


def _receivers(registration: UnitRegistration) -> sa.Select[int]:
    community = registration.area.level is AreaLevel.COMMUNITY
    role = Role.COMMUNITY_SECRETARY if community else Role.STREET_OFFICER
    return members.holders(role, area_id=registration.area_id)


def _contacts(registration: UnitRegistration) -> sa.Select[int]:
    return members.holders(Role.UNIT_CONTACT, unit_id=registration.unit_id)
