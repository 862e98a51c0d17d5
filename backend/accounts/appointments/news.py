"""Who is told of appointments: who decides about one, who holds it, who proposed it."""

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from backend.accounts.appointments import kinds, words
from backend.accounts.appointments.policy import OF_THE_CITY
from backend.accounts.appointments.queries import AREA_ID
from backend.core.actor import ADMINISTRATORS, Role
from backend.core.sentences import sentence
from backend.people.areas.models import Area
from backend.people.members import queries as members
from backend.people.members.models import Account, Appointment, Member
from backend.people.organizations.models import Organization
from backend.support.notifications import service as notifications
from backend.support.notifications.declared import NewsKind
from backend.support.notifications.service import News


def tell_deciders(session: Session, row: Appointment) -> None:
    """Ask those who may approve what somebody else has proposed."""
    text = f"{_what(row)}已由一人提名，请您审批。"
    _tell(session, _deciders(row), row, kinds.PROPOSED, "有任职待审批", text)


def tell_approved(session: Session, row: Appointment) -> None:
    """Tell who holds it, and who proposed it."""
    term = words.term(row.starts_on, row.ends_on)
    text = f"{_what(row)}已经批准，任期{term}。"
    _tell(session, _concerned(row), row, kinds.APPROVED, "任职已批准", text)


def tell_refused(session: Session, row: Appointment) -> None:
    """Tell who proposed it; to whom it was to be given, nothing has changed."""
    text = f"{_what(row)}未获批准。{sentence(row.refusal_reason)}"
    proposer = sa.select(Account.id).where(Account.id == row.proposed_by)
    _tell(session, proposer, row, kinds.REFUSED, "任职未批准", text, "refusal_reason")


def tell_ended(session: Session, row: Appointment) -> None:
    """Tell who held it, and who proposed it."""
    text = f"{_what(row)}已经结束，相应权限同时收回。{sentence(row.ending_reason)}"
    _tell(session, _concerned(row), row, kinds.ENDED, "任职已结束", text, "ending_reason")


def _what(row: Appointment) -> str:
    return f"{row.place}{words.ROLES[row.role]}的任职"


def _tell(
    session: Session,
    accounts: sa.Select[int],
    row: Appointment,
    kind: NewsKind,
    title: str,
    text: str,
    *quoted: str,
) -> None:
    # A step may come again after the account was given to somebody anew.
    business_id = f"{row.id}.{row.decided_at or row.proposed_at}"
    quotes = [row.text(part) for part in quoted]
    news = News(kind, business_id, title, text, row.as_subject, quotes)
    notifications.notify_accounts(session, accounts, news)


def _concerned(row: Appointment) -> sa.Select[int]:
    active = sa.select(Member.id).where(Member.active, Member.id == row.member_id)
    return sa.select(Account.id).where(
        sa.or_(
            Account.id == row.account_id,
            Account.member_id.in_(active),
            Account.id == row.proposed_by,
        )
    )


def _deciders(row: Appointment) -> sa.Select[int]:
    """Select the accounts that `policy.DECIDER` names."""
    held = aliased(Appointment)
    place = sa.select(Area).where(Area.id == AREA_ID, Appointment.id == row.id).subquery()
    roles: list[sa.ColumnElement[bool]] = []
    if row.account_id is not None:
        roles.append(held.role.in_((Role.SECURITY_ADMINISTRATOR, Role.SYSTEM_ADMINISTRATOR)))
    if row.role not in ADMINISTRATORS:
        roles.append(sa.and_(held.role == Role.CITY_OFFICER, held.area_id == place.c.city_id))
        roles.append(_above(row, held))
        if row.role not in OF_THE_CITY:
            own = held.area_id == place.c.district_id
            roles.append(sa.and_(held.role == Role.DISTRICT_OFFICER, own))
    holder = sa.or_(held.account_id == Account.id, held.member_id == Account.member_id)
    active = sa.exists().where(Member.id == Account.member_id, Member.active)
    return sa.select(Account.id).where(
        sa.exists().where(members.in_term(held), holder, sa.or_(*roles)),
        sa.or_(Account.member_id.is_(None), active),
        sa.not_(sa.func.coalesce(Account.member_id == row.member_id, sa.false())),
        Account.id.is_distinct_from(row.account_id),
        Account.id.is_distinct_from(row.proposed_by),
    )


def _above(row: Appointment, held: type[Appointment]) -> sa.ColumnElement[bool]:
    """The secretaries of the organisations above a branch; a unit's contact is decided about on
    their screens without a word."""
    led, body = aliased(Organization), aliased(Organization)
    above = led.path.op("@>", is_comparison=True)(body.path)
    over = sa.select(led.id).where(body.id == row.organization_id, above, led.id != body.id)
    return sa.and_(held.role == Role.BRANCH_SECRETARY, held.organization_id.in_(over))
