"""`flask import`: the same where there is no browser."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from sqlalchemy.orm import Session

from backend.accounts.staff import service as staff
from backend.accounts.staff.service import Opening
from backend.core import clock
from backend.core.actor import Role
from backend.core.crypto import Crypto
from backend.core.db import Database
from backend.people.members.models import Account, Appointment, AppointmentStatus, Member
from backend.people.organizations.models import Organization
from miniprogram_api.app import MiniProgramApi
from tests.backend.imports.tables import text
from tests.factories import Make

HEAD = ("姓名", "手机号", "所在党支部", "身份证号码")
GOOD = ("黄小梅", "10000000007", "机关党支部", "460100198001010000")


@pytest.fixture
def people(committed: Database, keys: Crypto) -> Database:
    with committed.transaction() as session:
        Make(session, keys).branch(name="机关党支部")
    return committed


def run(app: MiniProgramApi, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["import", *words])


def names(database: Database) -> list[str]:
    with database.transaction() as session:
        return list(session.scalars(sa.select(Member.name)))


def test_a_list_is_shown_written_and_taken_back(
    committed_app: MiniProgramApi, people: Database, tmp_path: Path
) -> None:
    file = tmp_path / "名册.csv"
    file.write_bytes(text([HEAD, GOOD], "gb18030"))

    shown = run(committed_app, "members", str(file))
    assert (shown.exit_code, names(people)) == (0, [])
    assert shown.output == (
        "“身份证号码”：本系统不得保存，未读取。\n"
        "党员名册：新增 1，变更 0，无变化 0，不在表中 0，有问题 0。\n"
    )

    written = run(committed_app, "members", str(file), "--commit")
    assert (written.exit_code, names(people)) == (0, ["黄小梅"])
    number = written.output.split()[-1]
    again = run(committed_app, "members", str(file), "--commit")
    assert (again.exit_code, names(people)) == (0, ["黄小梅"])

    back = run(committed_app, "members", "--undo", number)
    assert (back.exit_code, back.output, names(people)) == (0, "已撤销。\n", [])
    assert run(committed_app, "members", "--undo", number).exit_code == 1


def test_problems_are_told_by_row_and_column_and_the_code_is_one(
    committed_app: MiniProgramApi, people: Database, tmp_path: Path
) -> None:
    file = tmp_path / "名册.csv"
    file.write_bytes(text([HEAD, GOOD, ("丙丁", "1", "没有的支部", "")]))

    found = run(committed_app, "members", str(file), "--commit")
    assert (found.exit_code, names(people)) == (1, ["黄小梅"])
    assert "第 3 行，手机号：应为 11 位手机号。" in found.output
    assert "第 3 行，所在党支部：没有找到这个党支部" in found.output


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x03\x04", "已损坏"),
        ("甲栏,乙栏\n1,2\n".encode(), "没有认出全部必需的列"),
        (b" ", "没有内容"),
    ],
)
def test_what_is_no_list_ends_in_a_sentence(
    committed_app: MiniProgramApi, people: Database, tmp_path: Path, data: bytes, said: str
) -> None:
    file = tmp_path / "名册.csv"
    file.write_bytes(data)

    found = run(committed_app, "members", str(file))
    assert (found.exit_code, names(people)) == (1, [])
    assert said in found.output
    assert "Traceback" not in found.output


def test_neither_a_file_nor_a_number_is_no_use(
    committed_app: MiniProgramApi, session: Session
) -> None:
    assert session.is_active
    assert run(committed_app, "members").exit_code == 2
    assert run(committed_app, "shoes", "x").exit_code == 2


OFFICE = ("姓名", "手机号", "职务", "任职范围"), ("黄小梅", GOOD[1], "党支部书记", "机关党支部")


@pytest.fixture
def offices(people: Database, keys: Crypto, tmp_path: Path) -> Path:
    """A list of appointments; zuzhi1 is of the city's department, xitong administers, zuzhi2 has
    not signed in yet."""
    with people.transaction() as session:
        make = Make(session, keys)
        branch = session.scalars(sa.select(Organization)).one()
        phone = {"phone_hash": keys.lookup(GOOD[1], purpose="member.phone")}
        make.member(branch, name="黄小梅", **phone)
        for name, role in (
            ("zuzhi1", Role.CITY_OFFICER),
            ("zuzhi2", Role.CITY_OFFICER),
            ("xitong", Role.SYSTEM_ADMINISTRATOR),
        ):
            row = staff.make(session, Opening(name, name)).account
            row.must_change, row.totp_encrypted = name == "zuzhi2", "sealed"
            approved = AppointmentStatus.APPROVED
            session.add(
                Appointment(
                    account_id=row.account_id,
                    role=role,
                    area_id=branch.area.city_id,
                    starts_on=clock.today(),
                    status=approved,
                )
            )
    file = tmp_path / "任职.csv"
    file.write_bytes(text(OFFICE))
    return file


def proposals(database: Database) -> list[tuple[AppointmentStatus, str | None]]:
    with database.transaction() as session:
        found = (
            sa.select(Appointment.status, Account.name)
            .outerjoin(Account, Account.id == Appointment.proposed_by)
            .where(Appointment.member_id.is_not(None))
        )
        return [(status, name) for status, name in session.execute(found)]


def test_appointments_are_proposed_in_somebodys_name_and_wait(
    committed_app: MiniProgramApi, people: Database, offices: Path
) -> None:
    words = ("appointments", str(offices), "--as", "ZuZhi1")
    shown = run(committed_app, *words)
    assert (shown.exit_code, proposals(people)) == (0, [])

    written = run(committed_app, *words, "--commit")
    assert (written.exit_code, written.output.count("新增 1")) == (0, 1)
    assert proposals(people) == [(AppointmentStatus.PROPOSED, "zuzhi1")]
    back = run(committed_app, "appointments", "--undo", written.output.split()[-1])
    assert (back.exit_code, back.output) == (0, "已撤销。\n")
    assert proposals(people) == [(AppointmentStatus.WITHDRAWN, "zuzhi1")]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "须指明以谁的名义提名"),
        (("--as", "nobody"), "没有这个工作账号"),
        (("--as", "zuzhi2"), "没有这个工作账号"),
        (("--as", "xitong"), "不负责任职名单"),
    ],
)
def test_nobody_proposes_but_who_may(
    committed_app: MiniProgramApi,
    people: Database,
    offices: Path,
    words: tuple[str, ...],
    said: str,
) -> None:
    done = run(committed_app, "appointments", str(offices), "--commit", *words)

    assert (done.exit_code, proposals(people)) == (1, [])
    assert said in done.output


def test_other_lists_are_in_nobodys_name(committed_app: MiniProgramApi, offices: Path) -> None:
    done = run(committed_app, "members", str(offices), "--as", "zuzhi1")

    assert done.exit_code == 1
    assert "不以任何人的名义导入" in done.output
