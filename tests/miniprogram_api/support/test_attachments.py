"""Attachments over HTTP: up, looked at through links, attached, taken back."""

import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from backend.core import clock
from backend.core.actor import Actor
from backend.core.settings import Settings
from backend.support.attachments.content import MEGABYTE
from backend.support.attachments.models import Attachment
from miniprogram_api.app import MiniProgramApi
from tests.backend.support.attachments import samples
from tests.factories import Make
from tests.http_client import ApiClient
from tests.miniprogram_api.attachment_scene import Scene
from tests.miniprogram_api.test_contract import record_body


@pytest.fixture
def scene(client: ApiClient, session: Session, make: Make) -> Scene:
    return Scene(client, session, make)


def test_an_upload_is_answered_with_what_was_made_of_it(scene: Scene) -> None:
    answer = scene.upload(data=samples.photograph(), name="我家.jpeg")

    assert set(answer) == {
        "id", "name", "kind", "content_type", "size", "status", "created_at", "reason",
    }  # fmt: skip
    assert (answer["name"], answer["kind"]) == ("我家.jpg", "image")
    assert answer["content_type"] == "image/jpeg"


def test_without_a_public_address_a_picture_waits_for_a_person_and_a_pdf_does_not(
    scene: Scene,
) -> None:
    assert scene.upload()["status"] == "held"
    assert scene.upload(data=samples.pdf())["status"] == "available"


def test_with_one_it_waits_for_wechat(
    app: MiniProgramApi, settings: Settings, scene: Scene, connection: sa.Connection
) -> None:
    services = app.extensions["party"]
    changed = settings.model_copy(update={"public_base_url": "https://api.example.gov.cn"})
    app.extensions["party"] = type(services)(**services.__dict__ | {"settings": changed})

    def asked() -> set[str]:
        task = "SELECT args->>'attachment_id' FROM procrastinate_jobs WHERE task_name = :task"
        return set(connection.execute(sa.text(task), {"task": "attachments:check_image"}).scalars())

    answer = scene.upload()
    assert answer["status"] == "checking"
    assert str(answer["id"]) not in asked()
    scene.record(answer["id"])
    assert str(answer["id"]) in asked()

    # What is given to a branch shows to its people at once, and nobody outside is asked.
    inside = scene.upload("branch_secretary")
    assert inside["status"] == "checking"
    meeting = f"/meetings/{scene.meeting(inside['id'])['id']}"
    (shown,) = scene.call("GET", meeting, "colleague", 200)["attachments"]
    assert (shown["id"], shown["status"]) == (inside["id"], "available")
    assert str(inside["id"]) not in asked()


def test_the_bytes_come_through_a_link_without_signing_in(scene: Scene) -> None:
    sent = scene.upload(data=samples.photograph())
    shown = scene.call("GET", f"/attachments/{sent['id']}", "member", 200)

    with scene.client.open_link(shown["url"]) as answer:
        assert answer.status_code == 200
        assert Image.open(BytesIO(answer.data)).size == (48, 64)
        headers = answer.headers
    assert headers["Content-Type"] == "image/jpeg"
    assert headers["Content-Disposition"].startswith("inline")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["Cache-Control"] == "private, no-store"
    assert int(headers["Content-Length"]) == sent["size"]


def test_a_document_is_saved_under_its_name_and_never_shown(scene: Scene) -> None:
    sent = scene.upload(data=samples.pdf(), name="会议 材料.html")
    shown = scene.call("GET", f"/attachments/{sent['id']}", "member", 200)

    with scene.client.open_link(shown["url"]) as answer:
        assert answer.data == samples.pdf()
        wanted = "attachment; filename*=UTF-8''%E4%BC%9A%E8%AE%AE%20%E6%9D%90%E6%96%99.pdf"
        assert answer.headers["Content-Disposition"] == wanted
        assert answer.headers["Content-Type"] == "application/pdf"


def test_a_link_lasts_five_minutes(scene: Scene) -> None:
    sent = scene.upload()
    url = scene.call("GET", f"/attachments/{sent['id']}", "member", 200)["url"]

    with clock.at(clock.now() + timedelta(minutes=4, seconds=58)):
        assert scene.client.open_link(url).status_code == 200
    with clock.at(clock.now() + timedelta(minutes=5, seconds=1)):
        answer = scene.client.open_link(url)
    assert answer.status_code == 404
    assert answer.get_json()["code"] == "attachment_not_found"


CHANGES = [
    (r"expires=\d+", "expires=99999999999"),
    (r"expires=\d+", "expires=x"),
    (r".$", "g"),
    (r"signature=.*", "signature="),
    (r"signature=.*", "signature=%E4%B8%AD"),
    (r"attachments/\d+", "attachments/{other}"),
    (r"attachments/\d+", "attachments/999999"),
]


@pytest.mark.parametrize(("part", "instead"), CHANGES)
def test_a_changed_link_opens_nothing(scene: Scene, part: str, instead: str) -> None:
    sent, other = scene.upload(), scene.upload(data=samples.pdf())
    url = scene.call("GET", f"/attachments/{sent['id']}", "member", 200)["url"]

    changed = re.sub(part, instead.format(other=other["id"]), url)
    assert scene.client.open_link(changed).status_code == 404


def test_a_record_carries_its_attachments_to_those_who_see_the_person(scene: Scene) -> None:
    pdf, picture = scene.upload(data=samples.pdf()), scene.upload()
    made = scene.record(pdf["id"], picture["id"])
    assert [item["id"] for item in made["attachments"]] == [pdf["id"], picture["id"]]

    for who, wanted in (("secretary", 2), ("street", 0), ("district", 0), ("city", 0)):
        row = scene.call("GET", "/service-records", who, 200)["items"][0]
        assert len(row["attachments"]) == wanted, who


def test_a_record_needs_no_attachment(scene: Scene) -> None:
    body = record_body(scene.community.code)
    assert scene.call("POST", "/service-records", "member", 201, body)["attachments"] == []


def test_only_own_unattached_ones_can_be_attached(scene: Scene) -> None:
    used, foreign = scene.upload(data=samples.pdf()), scene.upload("colleague")
    scene.record(used["id"])

    for ids in ([used["id"]], [foreign["id"]], [999_999], [scene.upload()["id"], foreign["id"]]):
        answer = scene.record(*ids, expect=422)
        assert list(answer["fields"]) == ["attachment_ids"]
    assert list(scene.record(*range(1, 11), expect=422)["fields"]) == ["attachment_ids"]


def test_a_resubmission_replaces_the_list_or_leaves_it(scene: Scene, session: Session) -> None:
    kept, gone = scene.upload(data=samples.pdf()), scene.upload(data=samples.package())
    record = scene.record(kept["id"], gone["id"])
    path, facts = f"/service-records/{record['id']}", record_body("x")
    facts.pop("community_code")

    def again(**more: Any) -> list[int]:
        scene.call("POST", f"{path}/return", "secretary", 200, {"reason": "请补充"})
        answer = scene.call("POST", f"{path}/resubmission", "member", 200, facts | more)
        return [item["id"] for item in answer["attachments"]]

    assert again() == [kept["id"], gone["id"]]
    added = scene.upload(data=samples.package("xl/workbook.xml"))
    assert again(attachment_ids=[kept["id"], added["id"]]) == [kept["id"], added["id"]]
    assert session.get(Attachment, gone["id"]) is None
    assert again(attachment_ids=[]) == []


def test_the_same_bytes_again_are_the_same_attachment_until_it_is_used(scene: Scene) -> None:
    first, again = scene.upload(), scene.upload(name="other.jpg")
    assert first == again
    assert scene.upload("colleague")["id"] != first["id"]
    scene.record(first["id"])

    assert scene.upload()["id"] != first["id"]


def test_twenty_unused_ones_are_enough(scene: Scene) -> None:
    for number in range(20):
        scene.upload(data=b"%PDF-1.4 " + str(number).encode() + samples.pdf())

    answer = scene.upload(data=samples.pdf(), expect=409)

    assert answer["code"] == "too_many_unattached"
    scene.upload(data=b"%PDF-1.4 7" + samples.pdf())  # a repeat is none more


def test_a_refused_or_repeated_upload_leaves_no_bytes(scene: Scene, settings: Settings) -> None:
    folder = Path(settings.attachment_store)
    scene.upload()
    before = set(folder.iterdir())
    scene.upload()
    scene.upload(data=b"<svg/>", expect=422)

    assert set(folder.iterdir()) == before
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in before)


def test_what_is_wrong_with_a_file_stands_under_its_field(scene: Scene) -> None:
    for data in (b"", b"<html>", samples.picture()[:200], samples.package("a.txt")):
        answer = scene.upload(data=data, expect=422)
        assert list(answer["fields"]) == ["file"]
    assert list(scene.upload(expect=422, other="1")["fields"]) == ["other"]
    more = FileStorage(BytesIO(samples.pdf()), "b.pdf")
    assert list(scene.upload(expect=422, second=more)["fields"]) == ["second"]


def test_a_file_may_be_larger_than_other_bodies_but_has_its_own_bound(scene: Scene) -> None:
    large = b"%PDF-1.4" + bytes(3 * MEGABYTE) + samples.pdf()
    assert scene.upload(data=large)["size"] == len(large)

    for data in (bytes(21 * MEGABYTE), samples.picture() + bytes(10 * MEGABYTE)):
        answer = scene.upload(data=data, expect=413)
        assert answer["code"] == "attachment_too_large"
        assert "10 MB" in answer["message"]


def test_a_body_that_is_no_form_is_malformed(scene: Scene) -> None:
    scene.call("POST", "/attachments", "member", 400, {"file": "x"})


def test_an_account_without_a_member_uploads_nothing(client: ApiClient, make: Make) -> None:
    nobody = Actor(account_id=make.account().id)

    answer = client.upload(samples.pdf(), as_=nobody, expect=403)

    assert answer["code"] == "member_link_required"


def test_an_unused_one_is_taken_back_once(scene: Scene, session: Session) -> None:
    sent = scene.upload(data=samples.pdf())
    path = f"/attachments/{sent['id']}"
    scene.call("DELETE", path, "colleague", 404)

    scene.call("DELETE", path, "member", 204)
    scene.call("DELETE", path, "member", 404)

    assert session.get(Attachment, sent["id"]) is None


def test_a_used_one_is_not_taken_back(scene: Scene) -> None:
    sent = scene.upload(data=samples.pdf())
    scene.record(sent["id"])

    scene.call("DELETE", f"/attachments/{sent['id']}", "secretary", 403)
    answer = scene.call("DELETE", f"/attachments/{sent['id']}", "member", 409)
    assert answer["code"] == "attachment_in_use"
