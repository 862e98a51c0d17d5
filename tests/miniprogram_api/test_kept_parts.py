"""What a form does not show stays as it was, whichever thing is written again."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.community.volunteering import service
from backend.core import clock
from backend.core.crypto import Crypto
from backend.ledger.rulepack import RulePack
from tests.backend.community.volunteering.activity_scene import ActivityScene
from tests.factories import Make, service_facts
from tests.http_client import ApiClient

WORDS = {"category": "care", "content": "改了几个字"}


@pytest.fixture
def scene(session: Session, rules: RulePack, make: Make, keys: Crypto) -> ActivityScene:
    return ActivityScene(session, rules, make, keys)


def logged(scene: ActivityScene) -> Any:
    return service.submit(
        scene.session,
        scene.rules,
        actor=scene.members[0],
        said=service.Logging(
            community_code=scene.community.code,
            facts=service_facts(clock.now() - timedelta(hours=4), minutes=180, break_min=30),
            is_volunteer_service=True,
            is_party_service=False,
        ),
    )


def times(record: Any) -> dict[str, str]:
    return {"started_at": record.started_at.isoformat(), "ended_at": record.ended_at.isoformat()}


def parts(answer: Any) -> tuple[int, int, bool, bool]:
    return (
        answer["break_min"],
        answer["duration_min"],
        answer["is_party_service"],
        answer["is_volunteer_service"],
    )


def test_a_returned_service_that_is_sent_again_keeps_its_break(
    client: ApiClient, scene: ActivityScene
) -> None:
    record = logged(scene)
    service.send_back(scene.session, actor=scene.secretary, record_id=record.id, reason="写明地点")

    path = f"/service-records/{record.id}/resubmission"
    answer = client.request(
        "POST", path, as_=scene.members[0], expect=200, json=WORDS | times(record)
    )

    assert parts(answer) == (30, 150, False, True)
    assert answer["content"] == WORDS["content"]


def test_a_service_whose_words_are_corrected_keeps_its_break(
    client: ApiClient, scene: ActivityScene
) -> None:
    record = logged(scene)
    service.confirm(scene.session, scene.rules, actor=scene.secretary, record_id=record.id)

    path = f"/service-records/{record.id}/correction"
    body = WORDS | times(record) | {"reason": "写错了字"}
    answer = client.request("POST", path, as_=scene.secretary, expect=200, json=body)
    without = client.request(
        "POST", path, as_=scene.secretary, expect=200, json=body | {"break_min": 0}
    )

    assert parts(answer) == (30, 150, False, True)
    assert parts(without)[:2] == (0, 180)


def test_an_activity_keeps_what_is_left_out(client: ApiClient, scene: ActivityScene) -> None:
    unit = scene.make.unit(scene.community)
    given = {
        "risk": "medium",
        "insurance_note": "已投保",
        "age_note": "18周岁以上",
        "notice_hours": 48,
        "is_volunteer_service": True,
        "unit_id": unit.id,
    }
    draft = scene.publish(**given)
    (shift,) = draft.shifts
    turn = {"starts_at": shift.starts_at.isoformat(), "ends_at": shift.ends_at.isoformat()}
    body = {
        "title": "看望老人",
        "category": "care",
        "content": "陪老人聊天",
        "place": "二楼",
        "shifts": [{"id": shift.id, "places": 3, **turn}],
    }

    answer = client.request(
        "PUT", f"/activities/{draft.id}", as_=scene.secretary, expect=200, json=body
    )

    found = {name: answer[name] for name in given if name != "unit_id"}
    assert found | {"unit_id": answer["unit"]["id"]} == given


def test_times_on_a_list_stay_though_only_minutes_are_sent_again(
    client: ApiClient, scene: ActivityScene
) -> None:
    begin = clock.now() - timedelta(hours=3)
    with clock.at(begin - timedelta(days=1)):
        activity = scene.publish((begin, 2))
    path, member = f"/activities/{activity.id}/attendance", scene.members[0].member_id
    came = {"started_at": (begin + timedelta(hours=1)).isoformat(), "mark": "present"}

    def write(**line: Any) -> Any:
        body = {"lines": [{"member_id": member, **line}]}
        (row,) = client.request("PUT", path, as_=scene.secretary, expect=200, json=body)["lines"]
        return row

    first = write(**came)
    again = write(mark="present", minutes=first["minutes"])
    longer = write(mark="present", minutes=110)

    assert (first["minutes"], again["started_at"]) == (60, first["started_at"])
    assert longer["minutes"] == 110


def test_a_returned_registration_keeps_what_is_left_out(client: ApiClient, make: Make) -> None:
    community = make.community()
    secretary, member = make.community_secretary(community), make.actor(make.member())
    offer = {"skills": ["摄影"], "interests": ["文艺"], "availability": "周末"}
    body = {"community_code": community.code, **offer}
    sent = client.request("POST", "/registrations", as_=member, json=body, expect=201)
    path = f"/registrations/{sent['id']}"
    client.request("POST", f"{path}/return", as_=secretary, expect=200, json={"reason": "请补充"})

    answer = client.request(
        "POST", f"{path}/resubmission", as_=member, expect=200, json={"availability": "周六"}
    )

    assert {name: answer[name] for name in offer} == offer | {"availability": "周六"}
