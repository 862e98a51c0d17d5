"""A photograph's way through the real programs: up, asked about, judged or held, looked at."""

from datetime import UTC, datetime, timedelta
from functools import partial
from io import BytesIO
from itertools import count
from typing import Any

import pytest
import requests
from PIL import Image

from tests.backend.support.attachments import samples
from tests.system.city import SECRET, City, eventually

CHECK = "wxa/media_check_async"
# One member, one service at a time: each record stands on an hour of its own.
HOURS = count(24, 2)


def record_with(city: City, attachment_id: int) -> tuple[Any, dict[str, Any]]:
    secretary, member = city.sign_in("demo-community-secretary"), city.sign_in("demo-member-7")
    begin = datetime.now(UTC) - timedelta(hours=next(HOURS))
    body = {
        "community_code": secretary.get("/me")["appointments"][0]["area_code"],
        "category": "care",
        "content": "看望独居老人",
        "started_at": begin.isoformat(),
        "ended_at": (begin + timedelta(hours=1)).isoformat(),
        "attachment_ids": [attachment_id],
    }
    return secretary, member.post("/service-records", body, expect=201)


def trace_of(city: City, attachment_id: int) -> str | None:
    rows = city.rows(f"SELECT trace_id FROM attachment WHERE id = {attachment_id}")
    return rows[0][0] if rows else None


def test_a_photograph_goes_up_is_asked_about_and_seen_without_where_it_was_taken(
    city: City,
) -> None:
    member = city.sign_in("demo-member-7")
    sent = member.upload(samples.photograph(), "走访照片.jpeg")
    assert (sent["status"], sent["name"]) == ("checking", "走访照片.jpg")
    secretary, record = record_with(city, sent["id"])
    assert [item["id"] for item in record["attachments"]] == [sent["id"]]

    eventually(lambda: member.get(f"/attachments/{sent['id']}")["status"] == "available")

    url = member.get(f"/attachments/{sent['id']}")["url"]
    origin = city.api.removesuffix("/api/v1")
    answer = requests.get(f"{origin}{url}", timeout=10)
    assert answer.status_code == 200
    assert not Image.open(BytesIO(answer.content)).getexif()
    city.sign_in("demo-member-6").get(f"/attachments/{sent['id']}", expect=404)
    city.sign_in("demo-street-officer").get(f"/attachments/{sent['id']}", expect=404)
    assert secretary.get(f"/attachments/{sent['id']}")["status"] == "available"
    signature = url.rsplit("=", 1)[1]
    for hidden in (signature, "走访照片", SECRET):
        assert hidden not in city.logs()


@pytest.mark.parametrize("duplicate", [False, True], ids=["once", "twice"])
def test_a_picture_wechat_could_not_judge_is_held_and_removed_with_its_bytes(
    city: City, duplicate: bool
) -> None:
    city.control("set", next_pushes=[{"without_result": True, "duplicate": duplicate}])
    member = city.sign_in("demo-member-7")
    sent = member.upload(samples.picture(size=(70 + duplicate, 50)))
    secretary, _ = record_with(city, sent["id"])
    eventually(lambda: member.get(f"/attachments/{sent['id']}")["status"] == "held")
    waiting = secretary.get("/attachments?decidable=true")["items"]
    assert [one["id"] for one in waiting] == [sent["id"]]
    key = city.rows(f"SELECT storage_key FROM attachment WHERE id = {sent['id']}")[0][0]
    file = city.folder / "attachments" / key
    assert file.exists()

    secretary.post(f"/attachments/{sent['id']}/removal", {"reason": "与活动无关"})

    eventually(lambda: not file.exists())
    assert member.get(f"/attachments/{sent['id']}")["reason"] == "与活动无关"


@pytest.mark.parametrize("fault", [{"kind": "hang", "seconds": 20}, {"kind": "http"}])
def test_a_wechat_that_hangs_or_fails_keeps_nobody_from_sending(
    city: City, fault: dict[str, Any]
) -> None:
    city.control("fault", path=CHECK, times=1, **fault)
    member = city.sign_in("demo-member-7")

    size = (40 + len(fault), 30)
    sent = member.upload(samples.picture(size=size))

    assert sent["status"] == "checking"
    record_with(city, sent["id"])
    city.control("clear-faults")
    assert eventually(partial(trace_of, city, sent["id"]), seconds=60)


def test_a_file_of_fifteen_megabytes_goes_up_and_thirty_do_not(city: City) -> None:
    member = city.sign_in("demo-member-7")
    large = b"%PDF-1.4" + bytes(15 * 1024 * 1024) + samples.pdf()

    assert member.upload(large, "材料.pdf")["size"] == len(large)
    too_large = member.upload(large + large, "材料.pdf", expect=413)

    assert too_large["code"] == "attachment_too_large"


def test_a_file_that_comes_in_pieces_without_end_is_refused(city: City) -> None:
    member = city.sign_in("demo-member-7")
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
    pieces = (part for part in [head, *[bytes(1024 * 1024)] * 25, b"\r\n--b--\r\n"])
    answer = requests.post(
        f"{city.api}/attachments",
        data=pieces,
        headers={
            "Authorization": f"Bearer {member.token}",
            "Content-Type": "multipart/form-data; boundary=b",
        },
        timeout=20,
    )

    assert answer.status_code == 413
    assert answer.json()["code"] == "attachment_too_large"
