"""Feedback over HTTP: the community writes, the member answers first, the branch reads last."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.conduct_feedback import service
from backend.core import clock
from backend.core.actor import Role
from backend.ledger.rulepack import RulePack
from backend.people.areas.models import Area
from backend.support.text_checks.models import TextCheck, TextCheckStatus
from tests.backend.community.conduct_feedback.scene import NOW, Scene
from tests.factories import Make
from tests.http_client import ApiClient

BODY = {"year": 2026, "comment": "积极参加社区服务。"}


@pytest.fixture
def scene(session: Session, rules: RulePack, make: Make) -> Iterator[Scene]:
    with clock.at(NOW):
        scene = Scene(session, rules, make)
        scene.accept()
        yield scene


def test_facts_first_then_the_comment_then_the_member_then_the_branch(
    client: ApiClient, scene: Scene
) -> None:
    scene.serve(NOW - timedelta(days=2))
    at = f"/registrations/{scene.registration.id}/feedback"
    facts = client.request("GET", f"{at}?year=2026", as_=scene.secretary, expect=200)
    note = client.request("POST", at, as_=scene.secretary, json=BODY, expect=201)
    early = client.request("GET", "/feedback-notes", as_=scene.branch_secretary, expect=200)
    mine = client.request("GET", "/me/feedback", as_=scene.member, expect=200)
    answered = client.request(
        "POST",
        f"/feedback-notes/{note['id']}/reply",
        as_=scene.member,
        json={"reply": "我还参加了夜间巡逻。"},
        expect=200,
    )
    service.hand_over_due(scene.session)
    late = client.request(
        "GET", "/feedback-notes?year=2026", as_=scene.branch_secretary, expect=200
    )

    assert facts == {
        "member": {"id": scene.registration.member_id, "name": scene.registration.member.name},
        "year": 2026, "services": 1, "minutes": 60, "categories": ["care"], "projects": 0,
        "organised": 0, "stood_in": 0, "unit_projects": 0,
    }  # fmt: skip
    assert (note["status"], note["reply_due_on"]) == ("awaiting_reply", "2026-12-08")
    assert early["items"] == []
    assert [one["comment"] for one in mine["items"]] == ["积极参加社区服务。"]
    assert answered["status"] == "answered"
    assert [one["reply"] for one in late["items"]] == ["我还参加了夜间巡逻。"]


def test_there_is_no_grade(client: ApiClient, scene: Scene) -> None:
    at = f"/registrations/{scene.registration.id}/feedback"

    client.request("POST", at, as_=scene.secretary, json=BODY | {"grade": "优秀"}, expect=422)


def test_a_second_note_of_a_year_is_refused(client: ApiClient, scene: Scene) -> None:
    scene.write()
    at = f"/registrations/{scene.registration.id}/feedback"

    answer = client.request("POST", at, as_=scene.secretary, json=BODY, expect=409)

    assert answer["code"] == "feedback_already_written"


@pytest.mark.parametrize("level", ["township", "district", "city"])
def test_officers_see_nothing_of_it(client: ApiClient, scene: Scene, level: str) -> None:
    note = scene.write()
    roles = {
        "township": Role.STREET_OFFICER,
        "district": Role.DISTRICT_OFFICER,
        "city": Role.CITY_OFFICER,
    }
    area = scene.session.get_one(Area, getattr(scene.community, f"{level}_id"))
    officer = scene.make.officer(roles[level], area)

    listed = client.request("GET", "/feedback-notes", as_=officer, expect=200)
    client.request("POST", f"/feedback-notes/{note.id}/reply", as_=officer, json={}, expect=404)
    at = f"/registrations/{scene.registration.id}/feedback?year=2026"
    answer = client.request("GET", at, as_=officer, expect=403)

    assert listed["items"] == []
    assert answer["code"] == "not_your_feedback"


def test_what_is_withheld_is_not_read_by_the_branch(
    client: ApiClient, session: Session, scene: Scene
) -> None:
    note = scene.write()
    scene.reply(note, "有待核查的话")
    service.hand_over_due(session)
    session.execute(
        sa.update(TextCheck)
        .where(TextCheck.subject == note.as_subject, TextCheck.part == "reply")
        .values(status=TextCheckStatus.HELD)
    )

    found = client.request("GET", "/feedback-notes", as_=scene.branch_secretary, expect=200)

    assert found["items"][0]["reply"] == "内容正在核查，暂不显示。"


def test_only_the_member_answers(client: ApiClient, scene: Scene) -> None:
    note = scene.write()
    at = f"/feedback-notes/{note.id}/reply"

    client.request("POST", at, as_=scene.secretary, json={"reply": "x"}, expect=403)
    client.request("POST", at, as_=scene.branch_secretary, json={"reply": "x"}, expect=404)
    again = [client.request("POST", at, as_=scene.member, json={}, expect=200) for _ in range(2)]

    assert again[0] == again[1]
    assert again[0]["reply"] == ""
