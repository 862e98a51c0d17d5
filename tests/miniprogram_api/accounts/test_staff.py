"""Sign in by name, password and second factor; lock, reset, prove it once more."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.accounts.staff import sign_in
from backend.accounts.staff.models import RecoveryCode
from backend.audit.models import AuditEntry
from backend.core import clock
from backend.core.actor import Role
from backend.people.members.models import LoginSession
from tests.factories import Make
from tests.http_client import ApiClient
from tests.miniprogram_api.accounts.staff_scene import PASSWORD, House


@pytest.fixture
def house(client: ApiClient, session: Session, make: Make) -> House:
    return House(client, session, make)


def test_the_first_sign_in_sets_password_and_second_factor(house: House) -> None:
    begun = house.sign_in("anquan", house.one_time["anquan"])

    assert begun["token"] is None
    assert begun["enrolment"]["provisioning_uri"].startswith("otpauth://totp/")
    done = house.enrol("anquan")
    assert len(set(done["recovery_codes"])) == 10
    # What was handed over opens nothing any more, and neither does half of what is needed.
    house.sign_in("anquan", house.one_time["anquan"], expect=401)
    house.sign_in("anquan", expect=401)
    assert house.sign_in("anquan", code=house.code("anquan"))["token"]


def test_a_weak_password_is_refused_and_may_be_chosen_again(house: House) -> None:
    begun = house.sign_in("anquan", house.one_time["anquan"])["enrolment"]
    house.secrets["anquan"] = begun["secret"]
    body = {"token": begun["token"], "password": "password1234", "code": house.code("anquan")}

    weak = house.client.request("POST", "/staff-enrolments", as_=None, json=body, expect=422)
    assert weak["code"] == "password_refused"
    again = body | {"password": PASSWORD}
    house.client.request("POST", "/staff-enrolments", as_=None, json=again, expect=201)
    house.client.request("POST", "/staff-enrolments", as_=None, json=again, expect=401)


def test_a_code_and_a_paper_are_taken_once(house: House, session: Session) -> None:
    house.enrol("anquan")
    code, paper = house.code("anquan"), house.papers["anquan"][0]

    house.sign_in("anquan", code=code)
    house.sign_in("anquan", code=code, expect=401)
    house.sign_in("anquan", code=paper.lower())
    house.sign_in("anquan", code=paper, expect=401)
    used = sa.select(sa.func.count()).where(RecoveryCode.used_at.is_not(None))
    assert session.scalar(used) == 1


def test_nobody_learns_which_names_there_are_or_what_was_wrong(house: House) -> None:
    house.enrol("anquan")
    code = house.code("anquan", later=1)
    tries = (
        ("nobody", PASSWORD, code),
        ("anquan", "another-password-here", code),
        ("anquan", PASSWORD, "000000"),
        ("xitong", PASSWORD, ""),
    )
    told = [house.sign_in(*one, expect=401) for one in tries]
    for one in told:
        one.pop("request_id")

    assert all(one == told[0] for one in told)
    assert told[0]["code"] == "sign_in_failed"


def test_five_wrong_tries_lock_for_a_while_and_longer_each_time(house: House) -> None:
    house.enrol("anquan")
    for _ in range(sign_in.TRIES):
        house.sign_in("anquan", "another-password-here", expect=401)

    right = house.sign_in("anquan", code=house.code("anquan"), expect=401)
    assert right["code"] == "sign_in_failed"
    first = house.row("anquan").locked_until
    assert first is not None
    with clock.at(first + timedelta(seconds=1)):
        for _ in range(sign_in.TRIES):
            house.sign_in("anquan", "another-password-here", expect=401)
        second = house.row("anquan").locked_until
        assert second is not None
        assert second - clock.now() == 2 * sign_in.FIRST_LOCK
    with clock.at(second + timedelta(seconds=1)):
        assert house.sign_in("anquan", code=house.code("anquan"))["token"]
        assert house.row("anquan").locks == 0


def test_a_console_is_signed_out_after_half_an_hour_of_rest_and_eight_hours(house: House) -> None:
    actor, begin = house.signed_in("anquan"), clock.now()

    def asks(after: timedelta, expect: int) -> None:
        with clock.at(begin + after):
            house.client.request("GET", "/me", as_=actor, expect=expect)

    asks(timedelta(minutes=31), 401)
    for minutes in range(25, 480, 25):
        asks(timedelta(minutes=minutes), 200)
    asks(timedelta(hours=8, minutes=1), 401)


def test_a_busy_console_is_extended_once_a_minute(house: House, session: Session) -> None:
    actor = house.signed_in("anquan")
    seen = sa.select(LoginSession.extended_at).where(LoginSession.account_id == actor.account_id)
    begin = session.scalars(seen).one()
    for seconds, moved in ((30, False), (61, True)):
        with clock.at(begin + timedelta(seconds=seconds)):
            house.client.request("GET", "/me", as_=actor, expect=200)
        assert (session.scalars(seen).one() > begin) is moved


def test_rights_are_given_by_who_has_just_proven_it(house: House) -> None:
    actor, begin = house.signed_in("anquan"), clock.now()
    body = {"name": "王三", "sign_in_name": "wangsan"}
    with clock.at(begin + timedelta(minutes=11)):
        late = house.client.request("POST", "/staff-accounts", as_=actor, json=body, expect=403)
        assert late["code"] == "reauthentication_required"
        proof = {"password": PASSWORD, "code": house.code("anquan")}
        wrong = proof | {"code": "000000"}
        path = "/me/reauthentication"
        house.client.request("POST", path, as_=actor, json=wrong, expect=401)
        house.client.request("POST", path, as_=actor, json=proof, expect=204)
        made = house.client.request("POST", "/staff-accounts", as_=actor, json=body, expect=201)
        house.client.request("POST", "/staff-accounts", as_=actor, json=body, expect=409)

    assert made["account"]["status"] == "enrolling"


def test_an_account_is_given_a_role_by_two_and_loses_it_with_a_reset(house: House) -> None:
    security, system = house.signed_in("anquan"), house.signed_in("xitong")
    body = {"name": "王三", "sign_in_name": "wangsan"}
    made = house.client.request("POST", "/staff-accounts", as_=security, json=body, expect=201)
    role = {
        "role": "city_officer",
        "account_id": made["account"]["account_id"],
        "area_code": house.city.code,
    }
    row = house.client.request("POST", "/appointments", as_=security, json=role, expect=201)
    path = f"/appointments/{row['id']}/approval"
    house.client.request("POST", path, as_=security, expect=403)
    assert house.client.request("POST", path, as_=system, expect=200)["holder"]["name"] == "王三"

    house.one_time["wangsan"] = made["one_time_password"]
    officer = house.signed_in("wangsan")
    assert [grant.role for grant in officer.grants] == [Role.CITY_OFFICER]
    reset = f"/staff-accounts/{made['account']['id']}/reset"
    anew = house.client.request("POST", reset, as_=security, expect=200)

    house.client.request("GET", "/me", as_=officer, expect=401)
    house.one_time["wangsan"] = anew["one_time_password"]
    assert house.signed_in("wangsan").grants == ()
    house.client.request("POST", path, as_=security, expect=403)
    house.client.request("POST", path, as_=system, expect=200)
    me = house.client.request("GET", "/me", as_=officer, expect=200)
    assert [one["role"] for one in me["appointments"]] == ["city_officer"]
    assert me["staff_name"] == "王三"


def test_a_locked_account_is_signed_out_at_once(house: House) -> None:
    security, system = house.signed_in("anquan"), house.signed_in("xitong")
    path = f"/staff-accounts/{house.row('xitong').id}"

    locked = house.client.request("POST", f"{path}/locking", as_=security, expect=200)
    assert (locked["status"], locked["can"]) == ("locked", ["unlocking", "reset"])
    house.client.request("GET", "/me", as_=system, expect=401)
    house.sign_in("xitong", code=house.code("xitong"), expect=401)
    house.client.request("POST", f"{path}/unlocking", as_=security, expect=200)
    assert house.sign_in("xitong", code=house.code("xitong"))["token"]
    own = f"/staff-accounts/{house.row('anquan').id}/reset"
    assert house.client.request("POST", own, as_=security, expect=403)["code"] == "own_account"


def test_no_administrator_is_anything_else(house: House) -> None:
    security, system = house.signed_in("anquan"), house.signed_in("xitong")
    wanted = {"account_id": system.account_id, "area_code": house.city.code}
    for role in ("city_officer", "audit_administrator"):
        said = wanted | {"role": role}
        refused = house.client.request("POST", "/appointments", as_=security, json=said, expect=409)
        assert refused["code"] == "administrators_exclusive"


def test_an_account_without_a_member_is_linked_to_none(house: House) -> None:
    actor = house.make.staff()
    refused = house.client.request(
        "POST", "/me/member-link", as_=actor, json={"phone_code": "x"}, expect=409
    )
    assert refused["code"] == "staff_account"


def test_one_sees_and_signs_out_ones_own_devices(house: House, make: Make) -> None:
    actor = house.signed_in("anquan")
    other = make.actor(make.member())
    mine = house.client.request("GET", "/me/sessions", as_=actor, expect=200)["items"]
    theirs = house.client.request("GET", "/me/sessions", as_=other, expect=200)["items"]

    assert [(one["kind"], one["current"]) for one in mine] == [("staff", True)]
    assert [one["kind"] for one in theirs] == ["phone"]
    house.client.request("DELETE", f"/me/sessions/{theirs[0]['id']}", as_=actor, expect=404)
    house.client.request("DELETE", f"/me/sessions/{mine[0]['id']}", as_=actor, expect=204)
    house.client.request("GET", "/me", as_=actor, expect=401)


def test_nothing_secret_stands_in_the_audit_log(house: House, session: Session) -> None:
    house.enrol("anquan")
    secret = [PASSWORD, house.secrets["anquan"], *house.one_time.values()]
    secret += [paper for papers in house.papers.values() for paper in papers]
    written: list[Any] = list(session.scalars(sa.select(AuditEntry.detail)))

    assert written
    assert not [one for one in secret if one in str(written)]
