"""The demo city's staff accounts are signed in by choosing one; nowhere else is such a way."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.accounts.staff import sign_in
from backend.accounts.staff.models import StaffAccount
from backend.accounts.staff.sign_in import SignInFailed, SigningIn
from backend.city.demo import people, staff
from backend.core import clock
from backend.core.actor import Role
from backend.core.crypto import Crypto
from backend.core.errors import NotFound
from backend.core.installation import Installation, InstallationKind
from backend.people.members import acting
from tests.factories import Make

ROLES = {
    people.CITY_STAFF: Role.CITY_OFFICER,
    people.DISTRICT_STAFF: Role.DISTRICT_OFFICER,
    people.SECURITY_ADMINISTRATOR: Role.SECURITY_ADMINISTRATOR,
    people.SYSTEM_ADMINISTRATOR: Role.SYSTEM_ADMINISTRATOR,
    people.AUDIT_ADMINISTRATOR: Role.AUDIT_ADMINISTRATOR,
}


@pytest.fixture
def loaded(session: Session, keys: Crypto, make: Make) -> Session:
    staff.load(session, keys, make.community(), since=clock.today())
    return session


def become(session: Session, kind: InstallationKind) -> None:
    """Say what this database is, whatever it was."""
    session.execute(sa.delete(Installation))
    session.add(Installation(id=1, kind=kind, city_code="460100"))
    session.flush()


def enter(session: Session, code: str) -> Any:
    return staff.sign_in(session, code=code, device="")


def test_everybody_who_is_offered_can_be_chosen_and_holds_their_role(loaded: Session) -> None:
    become(loaded, InstallationKind.DEMO)

    assert staff.listed(loaded) == list(people.STAFF)
    held = {
        one: acting.actor_of(loaded, enter(loaded, one.code).token) for one in staff.listed(loaded)
    }
    assert {one: actor.grants[0].role for one, actor in held.items()} == ROLES


@pytest.mark.parametrize("kind", [InstallationKind.REAL, None])
def test_in_any_other_database_nobody_is_offered_and_no_name_opens_anything(
    loaded: Session, kind: InstallationKind | None
) -> None:
    loaded.execute(sa.delete(Installation))
    if kind is not None:
        become(loaded, kind)

    assert staff.listed(loaded) == []
    for person in people.STAFF:
        with pytest.raises(NotFound):
            enter(loaded, person.code)


def test_only_those_offered_can_be_chosen_and_none_who_is_locked(loaded: Session) -> None:
    become(loaded, InstallationKind.DEMO)
    other = StaffAccount.sign_in_key == people.CITY_STAFF.code
    locked = StaffAccount.sign_in_key == people.AUDIT_ADMINISTRATOR.code
    loaded.execute(sa.update(StaffAccount).where(other).values(sign_in_key="zuzhi1"))
    loaded.execute(sa.update(StaffAccount).where(locked).values(locked_at=clock.now()))

    for code in ("zuzhi1", people.CITY_STAFF.code, people.AUDIT_ADMINISTRATOR.code, ""):
        with pytest.raises(NotFound):
            enter(loaded, code)


def test_no_password_of_theirs_is_known(loaded: Session, keys: Crypto) -> None:
    for said in (SigningIn("demo", "", "demo-city-staff"), SigningIn("", "", "demo-city-staff")):
        with pytest.raises(SignInFailed):
            sign_in.sign_in(loaded, keys, said=said, device="")
