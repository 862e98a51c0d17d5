"""Who is due, who came: by the code, by the link, by the recorder's list, which is the record."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa

from backend.branch_life.meetings.models import MeetingKind, MeetingMode
from backend.core import clock
from backend.core.rotating_code import GRACE, ROTATION
from backend.support.notifications.models import Notification
from tests.miniprogram_api.branch_life.meetings.scene import Hall


def plan(hall: Hall, **given: Any) -> dict[str, Any]:
    begin = clock.now() + timedelta(days=3)
    return {
        "organization_id": hall.branch.id, "kind": "members_assembly", "title": "第四季度党员大会",
        "mode": "in_person", "place": "社区党群服务中心二楼", "starts_at": begin.isoformat(),
        "ends_at": (begin + timedelta(hours=2)).isoformat(), "agenda": ["学习", "讨论"],
    } | given  # fmt: skip


def convene(hall: Hall, expect: int = 201, **given: Any) -> Any:
    return hall.client.request(
        "POST", "/meetings", as_=hall.secretary, json=plan(hall, **given), expect=expect
    )


def told(hall: Hall) -> int:
    convened = Notification.kind == "meetings.convened"
    return hall.session.scalar(sa.select(sa.func.count()).where(convened)) or 0


def code(hall: Hall) -> Any:
    return hall.ask("GET", "/check-in-code", hall.recorder, 200)


def test_every_kind_says_who_is_due(hall: Hall) -> None:
    """Ten with an account: the secretary and nine members; the novice has none."""
    group = hall.make.group(hall.branch)
    for member in hall.members[2:5]:
        member.group_id = group.id
        hall.make.seat(hall.branch, member)
    everybody = ("members_assembly", "party_lecture", "theme_day", "member_appraisal",
                 "organizational_life_meeting")  # fmt: skip
    due = {}
    for kind in (*everybody, "committee_meeting", "group_meeting"):
        before = told(hall)
        convene(hall, kind=kind)
        due[kind] = told(hall) - before

    assert due == dict.fromkeys(everybody, 10) | {"committee_meeting": 5, "group_meeting": 3}


def test_an_organisational_life_meeting_may_be_a_groups(hall: Hall) -> None:
    group, other = hall.make.group(hall.branch), hall.make.group(hall.branch)
    hall.members[2].group_id = group.id
    hall.members[3].group_id = other.id
    hall.session.flush()
    kind = "organizational_life_meeting"
    meeting = convene(hall, kind=kind, gathering="group", group_id=group.id)

    assert (meeting["gathering"], meeting["group"]["id"]) == ("group", group.id)
    at = f"/meetings/{meeting['id']}"
    assert hall.client.request("GET", at, as_=hall.people[2], expect=200)["is_due"] is True
    hall.client.request("GET", at, as_=hall.people[3], expect=404)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"gathering": "committee"}, "gathering"),
        ({"ends_at": "2020-01-01T00:00:00+08:00"}, "ends_at"),
        ({"mode": "online"}, "online"),
        ({"online": {"platform": "腾讯会议", "url": "https://meeting.tencent.com/a"}}, "online"),
        ({"chair_id": 2**40}, "chair_id"),
        ({"recorder_id": 2**40}, "recorder_id"),
        ({"group_id": 2**40, "kind": "group_meeting"}, "group_id"),
        ({"group_id": 1}, "group_id"),
        ({"title": ""}, "title"),
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(value),
)
def test_a_wrong_plan_names_the_field(hall: Hall, wrong: dict[str, Any], field: str) -> None:
    assert field in convene(hall, 422, **wrong)["fields"]
    assert told(hall) == 0


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("https://meeting.tencent.com/dm/abc", 201),
        ("https://video.haikou.gov.cn/room/1", 201),
        ("https://MEETING.TENCENT.COM/dm/abc", 201),
        ("https://meeting.tencent.com.evil.com/dm", 422),
        ("https://evil.com/?meeting.tencent.com", 422),
        ("https://meeting.tencent.com@evil.com/", 422),
        ("https://xmeeting.tencent.com.cn/", 422),
        ("http://meeting.tencent.com/dm/abc", 422),
    ],
)
def test_links_lead_to_the_platforms_on_the_list_only(hall: Hall, url: str, status: int) -> None:
    online = {"platform": "会议软件", "url": url}

    convene(hall, status, mode="online", online=online)


def test_a_committee_without_members_is_not_convened(hall: Hall) -> None:
    hall.session.execute(sa.text("DELETE FROM position"))

    assert convene(hall, 409, kind="committee_meeting")["code"] == "no_committee"
    assert "group_id" in convene(hall, 422, kind="group_meeting")["fields"]
    hall.make.group(hall.branch)
    assert convene(hall, 409, kind="group_meeting")["code"] == "nobody_is_due"


def test_the_code_at_the_venue_marks_who_is_there(hall: Hall) -> None:
    shown = code(hall)
    joined = hall.ask("POST", "/attendance", hall.people[4], 200, {"code": shown["code"]})
    typed = hall.ask("POST", "/attendance", hall.people[5], 200, {"code": shown["digits"]})
    again = hall.ask("POST", "/attendance", hall.people[5], 200, {"code": shown["digits"]})

    assert (joined["status"], joined["self_joined"]) == ("present", True)
    assert typed == again
    hall.ask("POST", "/attendance", hall.people[6], 200, {})  # the code is a convenience


def test_a_forwarded_code_is_dead_in_45_seconds(hall: Hall) -> None:
    shown = code(hall)["code"]
    with clock.at(clock.now() + timedelta(seconds=ROTATION + GRACE + 1)):
        late = hall.ask("POST", "/attendance", hall.people[4], 422, {"code": shown})

    assert late["code"] == "check_in_code_expired"
    assert hall.shown()["attendance"] == []


def test_a_code_of_another_meeting_or_made_up_is_refused(hall: Hall) -> None:
    other = hall.add()
    foreign = hall.ask("GET", "/check-in-code", hall.recorder, 200, meeting=other)["code"]
    made_up = foreign[:-4] + "0000"

    def refuse(text: str) -> str:
        answer = hall.ask("POST", "/attendance", hall.people[4], 422, {"code": text})
        return str(answer["code"])

    assert refuse(foreign) == "check_in_code_of_another_meeting"
    assert refuse(made_up) == "check_in_code_invalid"
    assert refuse("12345678") == "check_in_code_invalid"


def test_the_code_is_the_recorders_to_show_while_the_meeting_is_open(hall: Hall) -> None:
    hall.ask("GET", "/check-in-code", hall.people[4], 403)
    hall.ask("GET", "/check-in-code", hall.secretary, 200)
    later = hall.ask("GET", "/check-in-code", hall.recorder, 409, meeting=hall.later())
    online = {"online_platform": "会议软件", "online_url": "https://x.gov.cn"}
    video = hall.add(mode=MeetingMode.ONLINE, **online)
    by_link = hall.ask("GET", "/check-in-code", hall.recorder, 409, meeting=video)

    assert (later["code"], by_link["code"]) == ("meeting_not_open", "meeting_is_online")


def test_the_recorder_says_who_is_away_and_why(hall: Hall) -> None:
    first, second, third = hall.ids[2:5]
    body = {
        "present": [hall.ids[0]], "excused": [first, second], "absent": [third],
        "reasons": [{"member_id": first, "reason_code": "work"}],
    }  # fmt: skip
    hall.ask("PUT", "/attendance", hall.recorder, 200, body)
    hall.ask("PUT", "/attendance", hall.recorder, 200, {"present": [], "excused": [first]})
    closed = hall.close()

    marks = {
        one["member"]["id"]: (one["status"], one["reason_code"]) for one in closed["attendance"]
    }
    assert [marks[one] for one in hall.ids[:5]] == [
        ("present", None), ("absent", "unexplained"), ("excused", "work"),
        ("excused", "other"), ("absent", "unexplained"),
    ]  # fmt: skip


def test_a_reason_of_who_is_there_is_a_mistake(hall: Hall) -> None:
    body = {
        "present": [hall.ids[0]],
        "reasons": [{"member_id": hall.ids[0], "reason_code": "work"}],
    }

    assert "reasons" in hall.ask("PUT", "/attendance", hall.recorder, 422, body)["fields"]


def test_closing_freezes_the_roster_and_the_voters_of_that_hour(hall: Hall) -> None:
    hall.seat(4, novice=True)
    closed = hall.close()
    hall.make.member(hall.branch)
    hall.members[0].electoral_right = False
    hall.session.flush()
    shown = hall.shown()

    counts = ("due_count", "present_count", "excused_count", "due_voters", "present_voters")
    assert [closed[one] for one in counts] == [11, 5, 0, 10, 4]
    assert [shown[one] for one in counts] == [11, 5, 0, 10, 4]


def test_closing_is_the_secretarys_and_the_list_the_recorders(hall: Hall) -> None:
    hall.seat(2)
    answer = hall.ask("POST", "/closing", hall.recorder, 403)
    hall.ask("PUT", "/attendance", hall.people[4], 403, {"present": []})

    assert answer["code"] == "not_the_branch_secretary"
    assert hall.close()["status"] == "closed"
    assert hall.close()["status"] == "closed"


def test_who_reads_a_meeting_sees_the_own_line_only(hall: Hall) -> None:
    hall.seat(4)
    seen = hall.shown(hall.people[1 + 1])

    assert [one["member"]["id"] for one in seen["attendance"]] == [hall.ids[2]]
    assert (seen["due"], seen["may_record"], seen["is_due"]) == ([], False, True)
    assert len(hall.shown(hall.recorder)["due"]) == 11


def test_a_recorder_of_a_committee_who_is_not_in_it_is_not_due(hall: Hall) -> None:
    committee = hall.add(kind=MeetingKind.COMMITTEE_MEETING, gathering="committee")

    assert hall.shown(hall.recorder, committee)["is_due"] is False
    answer = hall.ask("POST", "/attendance", hall.recorder, 403, {}, meeting=committee)
    assert answer["code"] == "not_a_participant"


def test_of_who_is_exempt_nothing_is_required(hall: Hall) -> None:
    """Spec 2.4: old, frail and ill members are excused without being asked for anything."""
    hall.make.exemption(hall.members[2])
    hall.seat(2)
    closed = hall.close()

    marks = {
        one["member"]["id"]: (one["status"], one["reason_code"]) for one in closed["attendance"]
    }
    assert marks[hall.ids[2]] == ("excused", "frailty")
    assert marks[hall.ids[3]] == ("absent", "unexplained")
    assert (closed["due_count"], closed["excused_count"]) == (11, 1)


@pytest.mark.parametrize("who", ["secretary", "recorder"])
def test_nobody_excuses_oneself_by_the_list(hall: Hall, who: str) -> None:
    actor = getattr(hall, who)
    body = {"present": [hall.ids[3]], "excused": [actor.member_id]}
    refused = hall.ask("PUT", "/attendance", actor, 403, body)
    other = hall.recorder if who == "secretary" else hall.secretary
    hall.ask("PUT", "/attendance", other, 200, body)

    assert refused["code"] == "not_about_oneself"
    hall.ask("PUT", "/attendance", actor, 200, body)  # what another has decided stays


def test_meetings_to_come_are_listed_by_their_beginning_over_several_pages(hall: Hall) -> None:
    now = clock.now()
    for days in (9, 2, 5, 2, 7):
        begin = (now + timedelta(days=days)).replace(microsecond=0)
        hall.add(starts_at=begin, ends_at=begin + timedelta(hours=1))
    for path in ("/meetings", "/me/meetings"):
        starts, cursor = [], None
        while True:
            query = {"from": now.isoformat(), "limit": "2"} | ({"cursor": cursor} if cursor else {})
            asked = f"{path}?{urlencode(query)}"
            page = hall.client.request("GET", asked, as_=hall.people[2], expect=200)
            starts += [(one["starts_at"], one["id"]) for one in page["items"]]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert len(starts) == 5
        assert starts == sorted(starts)


def test_meetings_are_found_by_kind(hall: Hall) -> None:
    lecture = hall.later(kind="party_lecture")
    asked = "/meetings?kind=party_lecture"
    found = hall.client.request("GET", asked, as_=hall.people[2], expect=200)

    assert [one["id"] for one in found["items"]] == [lecture.id]
