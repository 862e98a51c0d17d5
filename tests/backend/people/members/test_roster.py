"""Finding one entry of the roster for somebody who has no app."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.core.crypto import Crypto
from backend.core.errors import Conflict, NotFound
from backend.people.members import look_ups
from backend.people.members.models import Member
from tests.factories import Make

PHONE = "13800000001"


def find(session: Session, make: Make, keys: Crypto, name: str, phone: str = PHONE) -> Member:
    secretary = make.community_secretary(make.community())
    return look_ups.find(session, keys, actor=secretary, name=name, phone=phone)


def listed(make: Make, keys: Crypto, **given: Any) -> Member:
    return make.member(
        name="陈秀英", phone_hash=keys.lookup(PHONE, purpose="member.phone"), **given
    )


def test_name_and_number_find_the_one_entry(session: Session, make: Make, keys: Crypto) -> None:
    member = listed(make, keys)

    assert find(session, make, keys, "陈秀英") is member


@pytest.mark.parametrize(("name", "phone"), [("陈秀", PHONE), ("陈秀英", "13800000002")])
def test_neither_alone_finds_anybody(
    session: Session, make: Make, keys: Crypto, name: str, phone: str
) -> None:
    listed(make, keys)

    with pytest.raises(NotFound, match="roster_no_match"):
        find(session, make, keys, name, phone)


def test_who_has_left_the_roster_is_not_found(session: Session, make: Make, keys: Crypto) -> None:
    listed(make, keys, active=False)

    with pytest.raises(NotFound, match="roster_no_match"):
        find(session, make, keys, "陈秀英")


def test_two_of_one_name_and_number_are_told_apart_by_nobody_here(
    session: Session, make: Make, keys: Crypto
) -> None:
    listed(make, keys)
    listed(make, keys)

    with pytest.raises(Conflict, match="roster_ambiguous"):
        find(session, make, keys, "陈秀英")
