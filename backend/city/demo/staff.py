"""The demo city's staff accounts, signed in by choosing one: nobody knows their passwords.

Everything here refuses any database that is not the demo city's.
"""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.accounts.staff import codes, passwords
from backend.accounts.staff.models import StaffAccount
from backend.city.demo import people
from backend.city.demo.people import DemoStaff
from backend.core.actor import Role
from backend.core.crypto import Crypto
from backend.core.errors import NotFound
from backend.core.installation import InstallationKind, kind_of
from backend.people.areas.models import Area
from backend.people.members import service as accounts
from backend.people.members.models import Account, AccountKind, Appointment, AppointmentStatus
from backend.people.members.service import IssuedSession

_CODES = [person.code for person in people.STAFF]


def load(session: Session, keys: Crypto, community: Area, since: date) -> None:
    """Make the accounts, with their roles over the city and the district of `community`."""
    for person, role, area_id in (
        (people.CITY_STAFF, Role.CITY_OFFICER, community.city_id),
        (people.DISTRICT_STAFF, Role.DISTRICT_OFFICER, community.district_id),
        (people.SECURITY_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, community.city_id),
        (people.SYSTEM_ADMINISTRATOR, Role.SYSTEM_ADMINISTRATOR, community.city_id),
        (people.AUDIT_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR, community.city_id),
    ):
        account = _account(session, keys, person)
        approved = AppointmentStatus.APPROVED
        session.add(
            Appointment(
                account_id=account.id, role=role, area_id=area_id, starts_on=since, status=approved
            )
        )
    session.flush()


def _account(session: Session, keys: Crypto, person: DemoStaff) -> Account:
    """Make an account whose password and second factor are forgotten at once."""
    account = Account(kind=AccountKind.STAFF, name=person.name)
    session.add(
        StaffAccount(
            account=account,
            sign_in_name=person.code,
            sign_in_key=person.code,
            password_hash=passwords.hashed(passwords.one_time()),
            must_change=False,
            totp_encrypted=keys.encrypt(codes.new_secret(), purpose="staff.totp"),
        )
    )
    session.flush()
    return account


def listed(session: Session) -> list[DemoStaff]:
    """Return whom one may choose; nobody in a real city, and in a demo loaded before there were
    any."""
    if kind_of(session) is not InstallationKind.DEMO:
        return []
    there = sa.select(StaffAccount.sign_in_key).where(StaffAccount.sign_in_key.in_(_CODES))
    known = set(session.scalars(there))
    return [person for person in people.STAFF if person.code in known]


def sign_in(session: Session, *, code: str, device: str) -> IssuedSession:
    """Open a session for who was chosen, as on one of the demo's phones: it is never asked anew who
    sits there, for nobody could prove it. Raises NotFound, for whoever is locked, too."""
    chosen = [person.code for person in listed(session) if person.code == code]
    found = sa.select(StaffAccount).where(StaffAccount.sign_in_key.in_(chosen))
    row = session.scalars(found.with_for_update()).first()
    if row is None or row.locked:
        raise NotFound("demo_person_not_found", "没有这个演示账号，或账号已锁定。")
    return accounts.open_session(session, row.account, device=device)
