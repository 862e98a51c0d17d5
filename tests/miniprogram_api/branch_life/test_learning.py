"""Learning materials: published by the secretary, read freely, and nothing kept about it."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.models import Base
from backend.support.attachments.models import AttachmentStatus
from backend.support.text_checks.models import TextCheck
from tests.backend.support.attachments.scene import image
from tests.factories import Make
from tests.http_client import ApiClient
from tests.miniprogram_api.branch_scene import Branch, branch_of_eight
from tests.miniprogram_api.test_statements import counted


@pytest.fixture
def branch(make: Make) -> Branch:
    return branch_of_eight(make)


def publish(client: ApiClient, branch: Branch, **given: Any) -> Any:
    body = {"organization_id": branch.row.id, "title": "党章学习", "body": "总纲"} | given
    return client.request(
        "POST", "/learning-materials", as_=branch.secretary, json=body, expect=201,
        headers={"Idempotency-Key": "material-1"},
    )  # fmt: skip


def test_what_the_secretary_publishes_the_branch_reads(
    client: ApiClient, make: Make, branch: Branch
) -> None:
    material = publish(client, branch)
    member = make.actor(branch.people[0])
    listed = client.request("GET", "/learning-materials", as_=member, expect=200)["items"]
    path = f"/learning-materials/{material['id']}"

    assert [row["title"] for row in listed] == ["党章学习"]
    assert client.request("GET", path, as_=member, expect=200)["body"] == "总纲"


def test_a_repeated_publication_is_one_material(client: ApiClient, branch: Branch) -> None:
    assert publish(client, branch) == publish(client, branch)


def test_reading_writes_no_row_at_all(
    client: ApiClient, session: Session, connection: sa.Connection, make: Make, branch: Branch
) -> None:
    material, member = publish(client, branch), make.actor(branch.people[0])
    client.token(member)
    session.flush()

    def rows() -> dict[str, int]:
        tables = Base.metadata.tables.values()
        count = sa.func.count()
        return {t.name: session.scalar(sa.select(count).select_from(t)) or 0 for t in tables}

    before = rows()
    with counted(connection) as statements:
        client.request("GET", "/learning-materials", as_=member, expect=200)
        client.request("GET", f"/learning-materials/{material['id']}", as_=member, expect=200)

    assert rows() == before
    assert [text for text in statements if not text.startswith("SELECT")] == []


def test_what_is_withdrawn_is_gone_for_the_branch_and_stays_with_the_secretary(
    client: ApiClient, make: Make, branch: Branch
) -> None:
    path = f"/learning-materials/{publish(client, branch)['id']}"
    for _ in range(2):
        done = client.request("POST", f"{path}/withdrawal", as_=branch.secretary, expect=200)
        assert done["status"] == "withdrawn"
    client.request("GET", path, as_=make.actor(branch.people[0]), expect=404)
    client.request("GET", path, as_=branch.secretary, expect=200)
    listed = client.request("GET", "/learning-materials", as_=branch.secretary, expect=200)
    assert listed["items"] == []


def test_another_branch_finds_no_material(client: ApiClient, make: Make, branch: Branch) -> None:
    path = f"/learning-materials/{publish(client, branch)['id']}"
    for other in (make.actor(make.member()), make.branch_secretary(make.branch())):
        client.request("GET", path, as_=other, expect=404)
        client.request("POST", f"{path}/withdrawal", as_=other, expect=404)
        listed = f"/learning-materials?organization_id={branch.row.id}"
        assert client.request("GET", listed, as_=other, expect=200)["items"] == []


def test_members_neither_publish_nor_withdraw(
    client: ApiClient, make: Make, branch: Branch
) -> None:
    member = make.actor(branch.people[0])
    path = f"/learning-materials/{publish(client, branch)['id']}"
    client.request("POST", f"{path}/withdrawal", as_=member, expect=403)
    for branch_id, expect in ((branch.row.id, 403), (make.branch().id, 422)):
        body = {"organization_id": branch_id, "title": "材料", "body": "正文"}
        client.request(
            "POST", "/learning-materials", as_=member, json=body, expect=expect,
            headers={"Idempotency-Key": f"key-{expect}"},
        )  # fmt: skip


def test_a_material_is_shown_to_the_branch_and_goes_before_nobody_else(
    client: ApiClient, session: Session, make: Make, branch: Branch
) -> None:
    material = publish(client, branch)
    path = f"/learning-materials/{material['id']}"
    shown = client.request("GET", path, as_=make.actor(branch.people[0]), expect=200)

    assert (shown["title"], shown["body"]) == ("党章学习", "总纲")
    assert session.scalars(sa.select(TextCheck)).all() == []


def test_a_file_of_the_material_opens_to_the_branch_and_to_nobody_else(
    client: ApiClient, session: Session, make: Make, branch: Branch
) -> None:
    sent = image(session, branch.secretary, AttachmentStatus.AVAILABLE)
    material = publish(client, branch, attachment_ids=[sent.id])
    path = f"/attachments/{sent.id}"

    assert [file["id"] for file in material["attachments"]] == [sent.id]
    client.request("GET", path, as_=make.actor(branch.people[0]), expect=200)
    client.request("GET", path, as_=make.actor(make.member()), expect=404)
