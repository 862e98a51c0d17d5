"""请假 over HTTP: asked with a code, decided by the secretary, frozen with the list."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from backend.core import clock
from backend.support.notifications.models import Notification
from tests.miniprogram_api.branch_life.meetings.scene import Hall

ILLNESS = {"reason_code": "illness"}
REASON = {"reason": "本次会议须换届，请到会。"}


def leave(hall: Hall, who: int = 3, expect: int = 201, **more: Any) -> Any:
    return hall.ask("POST", "/leave-requests", hall.people[who], expect, ILLNESS, **more)


def decide(hall: Hall, request: Any, step: str, expect: int = 200, who: Any = None) -> Any:
    body = REASON if step == "refusal" else None
    path = f"/leave-requests/{request['id']}/{step}"
    return hall.client.request("POST", path, as_=who or hall.secretary, json=body, expect=expect)


def kinds(hall: Hall) -> list[str]:
    return list(hall.session.scalars(sa.select(Notification.kind).order_by(Notification.id)))


def test_leave_is_asked_approved_and_frozen_with_its_reason(hall: Hall) -> None:
    request = leave(hall)
    waiting = hall.client.request(
        "GET", "/leave-requests?decidable=true", as_=hall.secretary, expect=200
    )
    decide(hall, request, "approval")
    hall.seat(2)
    closed = hall.close()

    assert [one["id"] for one in waiting["items"]] == [request["id"]]
    line = next(one for one in closed["attendance"] if one["member"]["id"] == hall.ids[3])
    assert (line["status"], line["reason_code"]) == ("excused", "illness")
    assert (closed["due_count"], closed["present_count"], closed["excused_count"]) == (11, 2, 1)
    assert kinds(hall) == ["meetings.leave_requested", "meetings.leave_approved"]


def test_asking_and_deciding_twice_is_the_same_as_once(hall: Hall) -> None:
    first, again = leave(hall), leave(hall, expect=200)
    decide(hall, first, "approval")

    assert first["id"] == again["id"]
    assert decide(hall, first, "approval")["status"] == "approved"
    assert len(kinds(hall)) == 2


def test_refused_leave_says_why_and_the_member_is_expected(hall: Hall) -> None:
    request = leave(hall)
    refused = decide(hall, request, "refusal")

    assert (refused["status"], refused["refuse_reason"]) == ("refused", REASON["reason"])
    assert decide(hall, request, "approval", 409)["code"] == "leave_request_state_forbids"
    assert hall.shown()["attendance"] == []
    leave(hall)  # asking anew, with another reason perhaps


def test_who_comes_after_all_is_taken_off_the_list_of_the_excused(hall: Hall) -> None:
    request = leave(hall)
    decide(hall, request, "approval")
    decide(hall, request, "withdrawal", who=hall.people[3])

    assert hall.shown()["attendance"] == []
    hall.ask("POST", "/attendance", hall.people[3], 200, {})


def test_who_joins_in_spite_of_leave_is_present(hall: Hall) -> None:
    request = leave(hall)
    decide(hall, request, "approval")
    hall.ask("POST", "/attendance", hall.people[3], 200, {})

    [line] = hall.shown()["attendance"]
    assert (line["status"], line["reason_code"]) == ("present", None)


def test_approving_late_does_not_unseat_who_has_come(hall: Hall) -> None:
    request = leave(hall)
    hall.ask("POST", "/attendance", hall.people[3], 200, {})
    decide(hall, request, "approval")

    assert [one["status"] for one in hall.shown()["attendance"]] == ["present"]


def test_nobody_decides_about_oneself_but_the_deputy_about_the_secretary(hall: Hall) -> None:
    request = hall.ask("POST", "/leave-requests", hall.secretary, 201, ILLNESS)

    assert decide(hall, request, "approval", 403)["code"] == "not_your_decision"
    assert decide(hall, request, "approval", who=hall.deputy)["status"] == "approved"


def test_where_nobody_could_decide_the_recorder_notes_it(hall: Hall) -> None:
    other = hall.make.branch()
    alone = hall.make.branch_secretary(other)
    meeting = hall.make.meeting(other)

    answer = hall.ask("POST", "/leave-requests", alone, 409, ILLNESS, meeting=meeting)
    assert answer["code"] == "nobody_decides"


def test_members_see_their_own_leave_and_nobody_elses(hall: Hall) -> None:
    request = leave(hall)

    assert hall.shown(hall.people[3])["leave_requests"][0]["id"] == request["id"]
    assert hall.shown(hall.people[4])["leave_requests"] == []
    decide(hall, request, "approval", 404, hall.people[4])
    decide(hall, request, "approval", 403, hall.people[3])


def test_a_meeting_is_not_closed_over_somebody_waiting_for_an_answer(hall: Hall) -> None:
    request = leave(hall)
    hall.seat(3)

    assert hall.close(409)["code"] == "leave_undecided"
    decide(hall, request, "refusal")
    closed = hall.close()
    line = next(one for one in closed["attendance"] if one["member"]["id"] == hall.ids[3])
    assert (line["status"], line["reason_code"]) == ("absent", "unexplained")


def test_what_waits_lapses_with_a_cancelled_meeting(hall: Hall) -> None:
    meeting = hall.later()
    request = leave(hall, meeting=meeting)
    hall.ask("POST", "/cancellation", hall.secretary, 200, REASON, meeting=meeting)

    mine = hall.client.request("GET", "/leave-requests", as_=hall.people[3], expect=200)
    assert [one["status"] for one in mine["items"]] == ["lapsed"]
    assert decide(hall, request, "approval", 409)["code"] == "meeting_state_forbids"


@pytest.mark.parametrize("state", ["closed", "cancelled", "over", "present"])
def test_leave_is_for_who_is_still_to_come(hall: Hall, state: str) -> None:
    code = "meeting_state_forbids"
    if state == "closed":
        hall.seat(1)
        hall.close()
    elif state == "cancelled":
        hall.ask("POST", "/cancellation", hall.secretary, 200, REASON)
    elif state == "present":
        hall.ask("POST", "/attendance", hall.people[3], 200, {})
        code = "already_present"
    else:
        code = "meeting_over"
        with clock.at(clock.now() + timedelta(hours=1)):
            assert leave(hall, expect=409)["code"] == code
        return
    assert leave(hall, expect=409)["code"] == code


def test_the_code_of_who_says_nothing_is_not_a_reason_to_ask_with(hall: Hall) -> None:
    body = {"reason_code": "unexplained"}
    answer = hall.ask("POST", "/leave-requests", hall.people[3], 422, body)

    assert "reason_code" in answer["fields"]


def test_who_is_not_due_asks_for_nothing(hall: Hall) -> None:
    stranger = hall.make.actor(hall.make.member())
    outsider = hall.make.branch_secretary(hall.branch)
    committee = hall.add(kind="committee_meeting", gathering="committee")

    hall.ask("POST", "/leave-requests", stranger, 404, ILLNESS)
    hall.ask("POST", "/leave-requests", hall.people[5], 404, ILLNESS, meeting=committee)
    assert outsider.member_id is not None
    answer = hall.ask("POST", "/leave-requests", hall.recorder, 403, ILLNESS, meeting=committee)
    assert answer["code"] == "not_a_participant"
