"""Two at once with one code, and the commands with which an installation begins."""

from datetime import timedelta

import pyotp
import pytest
import sqlalchemy as sa
from click.testing import Result
from sqlalchemy.orm import Session

from backend.accounts.staff import administrators, sign_in
from backend.accounts.staff.models import StaffAccount
from backend.accounts.staff.service import Opening
from backend.accounts.staff.sign_in import Enrolling, Enrolment, SigningIn
from backend.core import clock
from backend.core.actor import ADMINISTRATORS, Role
from backend.core.crypto import Crypto
from backend.core.db import Database
from backend.people.members.models import Appointment
from backend.people.members.service import IssuedSession
from miniprogram_api.app import MiniProgramApi
from tests.backend.test_races import Step, meet
from tests.factories import Make

PASSWORD = "tidal-otter-bicycle-seven"


@pytest.fixture
def enrolled(committed: Database, keys: Crypto) -> tuple[str, list[str]]:
    """The secret of somebody who can sign in, and the codes for a lost phone."""
    with committed.transaction() as session:
        Make(session, keys).city()
        wanted = {Role.SECURITY_ADMINISTRATOR: Opening("陈一", "anquan")}
        handed = administrators.begin(session, wanted)[Role.SECURITY_ADMINISTRATOR]
        said = SigningIn(handed.one_time_password, name="anquan")
        begun = sign_in.sign_in(session, keys, said=said, device="")
        assert isinstance(begun, Enrolling)
        before = clock.now() - timedelta(seconds=30)
        own = Enrolment(begun.token, PASSWORD, pyotp.TOTP(begun.secret).at(before))
        done = sign_in.enrol(session, keys, said=own, device="")
    return begun.secret, done.recovery_codes


@pytest.mark.parametrize("on_paper", [False, True])
def test_a_code_used_twice_at_once_opens_one_session(
    committed: Database, keys: Crypto, enrolled: tuple[str, list[str]], on_paper: bool
) -> None:
    secret, papers = enrolled
    code = papers[0] if on_paper else pyotp.TOTP(secret).at(clock.now())
    said = SigningIn(PASSWORD, code, "ANQUAN")

    def use() -> Step:
        return lambda session: sign_in.sign_in(session, keys, said=said, device="")

    first, waiting = meet(committed, use(), use())

    assert isinstance(first, IssuedSession)
    assert isinstance(waiting.exception(), sign_in.SignInFailed)


def run(app: MiniProgramApi, *arguments: str, typed: str = "") -> Result:
    with app.app_context():
        return app.test_cli_runner().invoke(args=list(arguments), input=typed)


NAMES = "陈一\nanquan\n林二\nxitong\n"


def of_administrators(session: Session) -> set[str]:
    held = sa.select(Appointment.role).where(Appointment.role.in_(ADMINISTRATORS))
    return {str(role) for role in session.scalars(held)}


def test_an_installation_begins_with_two_and_never_again(
    committed: Database, committed_app: MiniProgramApi, keys: Crypto
) -> None:
    early = run(committed_app, "first-administrators", typed=NAMES)
    assert (early.exit_code, "init-city" in early.output) == (1, True)
    with committed.transaction() as session:
        Make(session, keys).city()

    done = run(committed_app, "first-administrators", typed=NAMES)

    assert done.exit_code == 0, done.output
    assert done.stdout.count("一次性密码") == 2
    with committed.transaction() as session:
        assert of_administrators(session) == {"security_administrator", "system_administrator"}
        for row in session.scalars(sa.select(StaffAccount)):
            assert row.must_change
    again = run(committed_app, "first-administrators", typed=NAMES)
    assert (again.exit_code, "已有管理员" in again.output) == (1, True)

    rescued = run(committed_app, "rescue-administrator", "anquan")
    assert (rescued.exit_code, rescued.stdout.count("一次性密码")) == (0, 1)
    assert run(committed_app, "rescue-administrator", "nobody").exit_code == 1


@pytest.mark.parametrize("typed", ["陈一\nanquan\n林二\nanquan\n", "陈一\n1\n林二\nxitong\n"])
def test_what_cannot_be_makes_nobody(
    committed: Database, committed_app: MiniProgramApi, keys: Crypto, typed: str
) -> None:
    with committed.transaction() as session:
        Make(session, keys).city()

    assert run(committed_app, "first-administrators", typed=typed).exit_code == 1
    with committed.transaction() as session:
        assert of_administrators(session) == set()
