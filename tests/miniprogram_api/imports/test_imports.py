"""Imports over HTTP: up, looked at, mapped, written, taken back; and what is refused at once."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest
from sqlalchemy.orm import Session

from backend import capabilities
from backend.core.actor import Actor, Role
from backend.core.crypto import Crypto
from backend.core.db import Database
from backend.imports import reading
from backend.imports.working import Worker
from backend.ledger.rulepack import RulePack
from backend.people.areas.models import Area
from tests.backend.imports.tables import book, text
from tests.factories import Make
from tests.http_client import ApiClient

HEAD = ("姓名", "手机号", "所在党支部", "身份证号码")
LINE = ("黄小梅", "10000000007", "机关党支部", "460100198001010000")


@pytest.fixture
def officer(make: Make) -> Actor:
    make.branch(name="机关党支部")
    return make.officer(Role.CITY_OFFICER, make.city())


class Office:
    """Somebody at a desk, and the worker behind it."""

    def __init__(
        self, client: ApiClient, database: Database, session: Session, keys: Crypto, rules: RulePack
    ) -> None:
        self.client, self.session = client, session
        self._worker = (database, keys, rules, capabilities.IMPORT_TARGETS)

    def send(self, actor: Actor | None, data: bytes, expect: int = 202, **more: Any) -> Any:
        said = {"target": "members"} | more
        return self.client.upload(
            data, as_=actor, name="名册.csv", path="/imports", expect=expect, **said
        )

    def worker(self, id_: int) -> Worker:
        self.session.expunge_all()
        return Worker(*self._worker, id_)

    def call(
        self, method: str, path: str, actor: Actor, expect: int = 200, json: Any = None
    ) -> Any:
        self.session.expunge_all()
        return self.client.request(method, f"/imports{path}", as_=actor, expect=expect, json=json)


@pytest.fixture
def office(
    client: ApiClient, database: Database, session: Session, keys: Crypto, rules: RulePack
) -> Office:
    return Office(client, database, session, keys, rules)


def test_a_list_goes_up_is_shown_written_and_taken_back(office: Office, officer: Actor) -> None:
    sent = office.send(officer, text([HEAD, LINE, ("", "1", "机关党支部", "")]))
    assert (sent["status"], sent["counts"], sent["can"]) == ("reading", None, ["discard"])
    path = f"/{sent['id']}"

    office.worker(sent["id"]).read()
    shown = office.call("GET", path, officer)
    assert shown["status"] == "ready"
    assert shown["counts"] == {"new": 1, "changed": 0, "same": 0, "left": 0, "problem": 1}
    assert (shown["rows_read"], shown["rows_done"]) == (2, 2)
    # Whoever brought it looks at it: it is nobody's task.
    assert (shown["can"], shown["next_step"]) == (["commit", "discard"], None)
    assert shown["columns"][1] == {
        "index": 1, "header": "手机号", "key": "phone", "dropped": None,
        "samples": ["10000000007", "1"],
    }  # fmt: skip
    assert shown["columns"][3]["dropped"] == "本系统不得保存，未读取。"
    assert shown["columns"][3]["samples"] == ["", ""]
    assert {"key": "name", "header": "姓名", "needed": True} in shown["target_columns"]

    (wrong,) = office.call("GET", f"{path}/rows?change=problem", officer)["items"]
    assert wrong == {
        "number": 3,
        "change": "problem",
        "values": {"phone": "1", "branch": "机关党支部"},
        "before": {},
        "problems": {"name": "没有填写姓名。", "phone": "应为 11 位手机号。"},
        "notes": {},
    }

    assert office.call("POST", f"{path}/commit", officer)["status"] == "committing"
    assert office.call("POST", f"{path}/commit", officer)["status"] == "committing"
    office.worker(sent["id"]).commit()
    done = office.call("POST", f"{path}/commit", officer)
    assert (done["status"], done["can"]) == ("committed", ["undo"])

    assert office.call("POST", f"{path}/undo", officer)["status"] == "undoing"
    office.worker(sent["id"]).undo()
    assert office.call("GET", path, officer)["status"] == "undone"


def test_rows_are_paged_in_the_order_of_the_file(office: Office, officer: Actor) -> None:
    rows = [(f"某某{'甲乙丙丁戊己庚'[n]}", f"1000000000{n}", "机关党支部") for n in range(7)]
    sent = office.send(officer, book([HEAD[:3], *rows]))
    office.worker(sent["id"]).read()

    seen, cursor = [], ""
    while cursor is not None:
        page = office.call("GET", f"/{sent['id']}/rows?limit=3{cursor}", officer)
        seen += [row["number"] for row in page["items"]]
        cursor = page["next_cursor"] and f"&cursor={page['next_cursor']}"
    assert seen == list(range(2, 9))


def test_columns_that_were_not_known_are_named_by_hand(office: Office, officer: Actor) -> None:
    sent = office.send(officer, text([("甲栏", "乙栏", "性别"), ("黄小梅", "机关党支部", "女")]))
    office.worker(sent["id"]).read()
    path = f"/{sent['id']}"
    assert office.call("GET", path, officer)["status"] == "columns"
    office.call("POST", f"{path}/commit", officer, 409)

    def named(*pairs: tuple[int, str]) -> dict[str, Any]:
        return {"columns": [{"index": index, "key": key} for index, key in pairs]}

    wrongs: list[dict[str, Any]] = [
        named((0, "name")),
        named((0, "name"), (2, "branch")),
        named((0, "name"), (1, "shoe_size")),
        named((0, "name"), (1, "name")),
        named((7, "name")),
        {"columns": []},
    ]
    for wrong in wrongs:
        answer = office.call("PUT", f"{path}/columns", officer, 422, wrong)
        assert list(answer["fields"]) == ["columns"]
    mapped = office.call("PUT", f"{path}/columns", officer, 200, named((0, "name"), (1, "branch")))
    assert mapped["status"] == "checking"
    assert [one["key"] for one in mapped["columns"]] == ["name", "branch", None]
    office.worker(sent["id"]).check()
    assert office.call("GET", path, officer)["counts"]["new"] == 1


def test_what_is_given_up_is_forgotten(office: Office, officer: Actor) -> None:
    sent = office.send(officer, text([HEAD, LINE]))
    office.worker(sent["id"]).read()
    path = f"/{sent['id']}"

    assert office.call("POST", f"{path}/discard", officer)["status"] == "discarded"
    assert office.call("GET", f"{path}/rows", officer)["items"] == []
    office.call("POST", f"{path}/commit", officer, 409)


def test_a_few_at_a_time_are_enough(office: Office, officer: Actor) -> None:
    for _ in range(3):
        office.send(officer, text([HEAD, LINE]))

    assert office.send(officer, text([HEAD, LINE]), 409)["code"] == "imports_unfinished"
    assert len(office.call("GET", "", officer)["items"]) == 3


def test_what_is_no_list_at_all_is_refused_at_once(office: Office, officer: Actor) -> None:
    assert "file" in office.send(officer, b"  \r\n", 422)["fields"]
    assert office.send(officer, b"x" * (reading.LARGEST + 1), 413)["code"] == "file_too_large"
    assert "target" in office.send(officer, b"x", 422, target="shoes")["fields"]
    assert "target" in office.send(officer, b"x", 422, target="")["fields"]
    assert "other" in office.send(officer, b"x", 422, other="1")["fields"]


@pytest.mark.parametrize(
    ("who", "target", "status"),
    [
        ("member", "members", 403),
        ("community_secretary", "members", 403),
        ("street", "members", 403),
        ("system", "members", 403),
        ("audit", "members", 403),
        ("branch_secretary", "members", 202),
        ("unit_contact", "members", 202),
        ("district", "members", 202),
        ("security", "members", 202),
    ],
)
def test_lists_are_brought_by_those_who_keep_them(
    office: Office, make: Make, who: str, target: str, status: int
) -> None:
    branch, city = make.branch(), make.city()
    people = {
        "member": lambda: make.actor(make.member(branch)),
        "community_secretary": lambda: make.community_secretary(make.community()),
        "branch_secretary": lambda: make.branch_secretary(branch),
        "unit_contact": lambda: make.unit_contact(branch),
        "street": lambda: make.officer(Role.STREET_OFFICER, make.township()),
        "district": lambda: make.officer(Role.DISTRICT_OFFICER, make.district()),
        "security": lambda: make.officer(Role.SECURITY_ADMINISTRATOR, city),
        "system": lambda: make.officer(Role.SYSTEM_ADMINISTRATOR, city),
        "audit": lambda: make.officer(Role.AUDIT_ADMINISTRATOR, city),
    }

    office.send(people[who](), text([HEAD, LINE]), status, target=target)


def who_brings(session: Session, make: Make, target: str) -> Actor:
    """Return an office that may bring a list: not every register is kept by the same."""
    community = make.community()
    own = {Role.CITY_OFFICER: community.city_id, Role.DISTRICT_OFFICER: community.district_id,
           Role.STREET_OFFICER: community.township_id,
           Role.COMMUNITY_SECRETARY: community.id}  # fmt: skip
    offices = (make.officer(role, session.get_one(Area, id_)) for role, id_ in own.items())
    return next(one for one in offices if capabilities.IMPORT_TARGETS[target].may(one))


@pytest.mark.parametrize("target", capabilities.IMPORT_TARGETS)
def test_a_template_comes_back_as_it_is_understood(office: Office, make: Make, target: str) -> None:
    officer = who_brings(office.session, make, target)
    answer = office.client.answer("GET", f"/imports/template?target={target}", as_=officer)

    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    sheet: Any = openpyxl.load_workbook(BytesIO(answer.data)).active
    assert all(cell.data_type in {"s", "n"} for row in sheet["A1:Z3"] for cell in row)
    sent = office.send(officer, answer.data, target=target)
    office.worker(sent["id"]).read()
    shown = office.call("GET", f"/{sent['id']}", officer)
    assert shown["status"] == "ready"
    wanted = [column.key for column in capabilities.IMPORT_TARGETS[target].columns]
    assert [one["key"] for one in shown["columns"]] == wanted


def test_a_template_is_there_for_those_who_may_bring_it(office: Office, make: Make) -> None:
    member = make.actor(make.member())

    office.call("GET", "/template?target=members", member, 404)
    office.call("GET", "/template?target=shoes", member, 404)
