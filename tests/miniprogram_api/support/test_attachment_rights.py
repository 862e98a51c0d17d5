"""Who sees an attachment, and who decides about one that is held: 404 for everybody else."""

import pytest
from sqlalchemy.orm import Session

from backend.support.attachments.models import AttachmentStatus
from tests.backend.support.attachments import samples
from tests.factories import Make
from tests.http_client import ApiClient
from tests.miniprogram_api.attachment_scene import Scene
from tests.miniprogram_api.test_contract import record_body

S = AttachmentStatus


@pytest.fixture
def scene(client: ApiClient, session: Session, make: Make) -> Scene:
    return Scene(client, session, make)


SEEN_BY = {
    "record": {"member", "secretary"},
    "meeting": {"member", "colleague", "branch_secretary"},
}


@pytest.mark.parametrize("subject", SEEN_BY)
def test_an_available_one_is_seen_by_whom_its_subject_is_open_to(
    scene: Scene, subject: str
) -> None:
    """Street, district and city see that a record exists, but not what is in it."""
    sent = scene.upload("member" if subject == "record" else "branch_secretary", samples.pdf())
    getattr(scene, subject)(sent["id"])

    statuses = scene.statuses(f"/attachments/{sent['id']}")

    assert {name for name, status in statuses.items() if status == 200} == SEEN_BY[subject]
    assert set(statuses.values()) == {200, 404}


@pytest.mark.parametrize("status", [S.CHECKING, S.HELD])
@pytest.mark.parametrize("subject", SEEN_BY)
def test_what_is_not_released_is_seen_by_its_sender_and_the_reviewers_only(
    scene: Scene, subject: str, status: AttachmentStatus
) -> None:
    sender = "member" if subject == "record" else "branch_secretary"
    sent = scene.upload(sender)
    made = getattr(scene, subject)(sent["id"])
    scene.put(sent["id"], status)

    statuses = scene.statuses(f"/attachments/{sent['id']}")
    reviewers = {"secretary"} if subject == "record" else set()
    assert {name for name, answer in statuses.items() if answer == 200} == {sender} | reviewers
    if subject == "meeting":
        mine = scene.call("GET", f"/meetings/{made['id']}", "colleague", 200)
        theirs = scene.call("GET", f"/meetings/{made['id']}", sender, 200)
        assert [mine["attachments"], len(theirs["attachments"])] == [[], 1]


def test_nobody_but_the_sender_sees_what_belongs_to_nothing_yet(scene: Scene) -> None:
    sent = scene.upload(data=samples.pdf())

    statuses = scene.statuses(f"/attachments/{sent['id']}")

    assert [name for name, status in statuses.items() if status == 200] == ["member"]


STEPS = {"release": (None, "available"), "removal": ({"reason": "与活动无关"}, "removed")}


@pytest.mark.parametrize("step", STEPS)
def test_a_held_one_waits_for_the_secretary_who_decides_once(scene: Scene, step: str) -> None:
    sent = scene.upload()
    scene.record(sent["id"])
    body, after = STEPS[step]
    queue = "/attachments?status=held&decidable=true"
    assert [row["id"] for row in scene.call("GET", queue, "secretary", 200)["items"]] == [
        sent["id"]
    ]
    for who in scene.people.keys() - {"secretary"}:
        assert scene.call("GET", queue, who, 200)["items"] == []
    path = f"/attachments/{sent['id']}/{step}"
    others = scene.statuses(path, "POST", body)
    assert others.pop("secretary") == 200
    assert others.pop("member") == 403
    assert set(others.values()) == {404}

    again = scene.call("POST", path, "secretary", 200, body)

    assert again["status"] == after
    assert scene.call("GET", queue, "secretary", 200)["items"] == []
    other = next(name for name in STEPS if name != step)
    refused = scene.call("POST", path.replace(step, other), "secretary", 409, STEPS[other][0])
    assert refused["code"] == "attachment_state_forbids"


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("status", [S.CHECKING, S.AVAILABLE, S.REMOVED])
def test_only_what_is_held_can_be_decided(
    scene: Scene, step: str, status: AttachmentStatus
) -> None:
    sent = scene.upload()
    scene.record(sent["id"])
    scene.put(sent["id"], status)

    answer = scene.call(
        "POST", f"/attachments/{sent['id']}/{step}", "secretary", 409, STEPS[step][0]
    )

    assert answer["code"] == "attachment_state_forbids"


def test_what_is_removed_opens_to_nobody_and_its_sender_reads_why(scene: Scene) -> None:
    sent = scene.upload()
    scene.record(sent["id"])
    path = f"/attachments/{sent['id']}"
    url = scene.call("GET", path, "member", 200)["url"]
    scene.call("POST", f"{path}/removal", "secretary", 200, {"reason": "与活动无关"})

    shown = scene.call("GET", path, "member", 200)

    assert (shown["status"], shown["reason"], shown["url"]) == ("removed", "与活动无关", None)
    assert scene.client.open_link(url).status_code == 404
    told = scene.call("GET", "/me/notifications", "member", 200)["items"][0]
    assert told["kind"] == "attachments.removed"
    assert "与活动无关" in told["body"]
    assert told["subject"] == f"attachment:{sent['id']}"


def test_a_secretary_does_not_review_the_own_picture_but_the_street_does(scene: Scene) -> None:
    sent = scene.upload("secretary")
    body = record_body(scene.community.code, attachment_ids=[sent["id"]])
    scene.call("POST", "/service-records", "secretary", 201, body)
    path = f"/attachments/{sent['id']}/release"

    scene.call("POST", path, "secretary", 403)
    told = scene.call("GET", "/me/notifications", "street", 200)["items"]
    # The record, too, is the street's to decide about.
    assert {item["kind"] for item in told} == {"attachments.held", "volunteering.record_submitted"}
    scene.call("POST", path, "street", 200)
    assert scene.call("POST", path, "street", 200)["status"] == "available"
