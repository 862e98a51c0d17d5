"""Registers taken out: what one sees, in the columns in which it comes back."""

import csv
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.audit.models import AuditEntry
from backend.core.actor import Role
from backend.imports.registers import export
from backend.ledger.rulepack import RulePack
from tests.backend.registers.scene import Scene
from tests.factories import Make
from tests.http_client import ApiClient


@pytest.fixture
def scene(session: Session, rules: RulePack, make: Make) -> Scene:
    return Scene(session, rules, make)


def taken_out(client: ApiClient, by: Any, more: str = "", kind: str = "grid") -> Any:
    answer = client.answer("GET", f"/registers/{kind}/export?{more}", as_=by)
    assert answer.status_code == 200, answer.json
    return answer


def test_a_workbook_holds_what_one_sees_and_says_who_took_it(
    client: ApiClient, session: Session, scene: Scene
) -> None:
    scene.enter("grid", name="第一网格", code="wg-1", values={"households": 300})
    scene.enter("grid", name="+二网格", organization_id=scene.branch.id)
    answer = taken_out(client, scene.secretary)

    book = openpyxl.load_workbook(BytesIO(answer.data))
    head, first, second = book.worksheets[0].iter_rows(values_only=True)
    assert head[:4] == ("网格编号", "网格名称", "区划代码", "网格党支部或党小组")
    assert (first[0], first[4]) == ("WG-1", "300")
    assert second[1] == "'+二网格"
    about = dict(book.worksheets[1].iter_rows(values_only=True))
    assert about["条数"] == "2"
    assert str(scene.secretary.account_id) in str(about["导出人"])
    entry = session.scalars(
        sa.select(AuditEntry).where(AuditEntry.action == "register.exported")
    ).one()
    assert entry.detail == {"register": "grid", "rows": 2}


def test_a_csv_is_in_quotes_and_filtered(client: ApiClient, scene: Scene) -> None:
    scene.enter("grid", name="第一网格", code="wg-1")
    scene.enter("grid", name="第二网格", code="wg-2")
    answer = taken_out(client, scene.secretary, "format=csv&q=第二")

    assert answer.content_type.startswith("text/csv")
    _, line = csv.reader(StringIO(answer.data.decode("utf-8-sig")))
    assert line[:2] == ["WG-2", "第二网格"]
    assert taken_out(client, scene.secretary, "format=csv&on=2020-01-01").data.count(b"\n") == 1


def test_nobody_takes_out_what_is_not_theirs_to_read(
    client: ApiClient, scene: Scene, make: Make
) -> None:
    scene.enter("grid", name="第一网格")
    other = make.officer(Role.COMMUNITY_SECRETARY, make.community())

    assert taken_out(client, other, "format=csv").data.count(b"\n") == 1
    nobody = make.actor(make.member())
    assert client.answer("GET", "/registers/grid/export", as_=nobody).status_code == 403


def test_too_much_at_once_is_refused(
    client: ApiClient, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "甲乙丙":
        scene.enter("grid", name=name)
    monkeypatch.setattr(export, "MOST", 2)

    refused = client.request("GET", "/registers/grid/export", as_=scene.secretary, expect=422)
    assert "缩小范围" in refused["fields"]["area_code"][0]
