"""A place where people are to come; changing what was convened; recording what was held."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from backend.branch_life.meetings.models import AttendanceRecord, Meeting
from backend.core import clock
from backend.core.clock import SHANGHAI
from backend.support.notifications.models import (
    Notification,
    Reminder,
    ReminderStatus,
)
from tests.miniprogram_api.branch_life.meetings.scene import Hall
from tests.miniprogram_api.branch_life.meetings.test_attendance import convene, plan

ROOM, HALL = "社区党群服务中心二楼", "街道礼堂"
NEW_YEARS_EVE = datetime(2031, 12, 31, 14, tzinfo=SHANGHAI)


def told(hall: Hall, kind: str) -> list[Notification]:
    news = sa.select(Notification).where(Notification.kind == kind)
    return list(hall.session.scalars(news.order_by(Notification.id)))


def lines(hall: Hall, meeting_id: int) -> int:
    found = sa.select(AttendanceRecord).where(AttendanceRecord.meeting_id == meeting_id)
    return len(hall.session.scalars(found).all())


def change(hall: Hall, meeting: Meeting, expect: int = 200, **values: Any) -> Any:
    return hall.ask("PATCH", "", hall.secretary, expect, values, meeting=meeting)


@pytest.mark.parametrize("place", [None, " "])
def test_who_meets_on_site_says_where(hall: Hall, place: str | None) -> None:
    refused = convene(hall, expect=422, place=place)

    assert "place" in refused["fields"]


def test_the_place_stands_in_the_notice_and_on_the_page(hall: Hall) -> None:
    made = convene(hall, place=ROOM)

    assert made["place"] == ROOM
    assert all(f"在{ROOM}召开" in one.body for one in told(hall, "meetings.convened"))


def test_a_change_is_told_once_with_the_old_and_the_new(hall: Hall) -> None:
    with clock.at(NEW_YEARS_EVE - timedelta(days=10)):
        meeting = hall.add(
            starts_at=NEW_YEARS_EVE,
            ends_at=NEW_YEARS_EVE + timedelta(hours=1),
            place=ROOM,
            agenda=["学习"],
        )
        begin = NEW_YEARS_EVE + timedelta(days=1)
        values: dict[str, Any] = {
            "starts_at": begin.isoformat(),
            "ends_at": (begin + timedelta(hours=1)).isoformat(),
            "place": HALL,
            "agenda": ["学习", "讨论"],
        }
        shown = change(hall, meeting, **values)
        change(hall, meeting, **values)

    bodies = {one.body for one in told(hall, "meetings.changed")}
    assert shown["place"] == HALL
    assert bodies == {
        f"《{meeting.title}》有变更：时间由12月31日14:00至15:00改为2032年1月1日14:00至15:00；"
        f"地点由{ROOM}改为{HALL}；议程由“学习”改为“学习、讨论”。"
    }
    accounts = [one.account_id for one in told(hall, "meetings.changed")]
    assert len(accounts) == len(set(accounts)) > 1
    planned = sa.select(Reminder.event_at).where(
        Reminder.subject == f"meeting:{meeting.id}", Reminder.status == ReminderStatus.PLANNED
    )
    assert hall.session.scalars(planned).all() == [begin]


def test_what_belongs_to_the_old_day_goes_with_it(hall: Hall) -> None:
    meeting = hall.later(place=ROOM)
    asked = {"reason_code": "work"}
    hall.ask("POST", "/leave-requests", hall.people[3], 201, asked, meeting=meeting)
    asked_first = hall.shown(meeting=meeting)["leave_requests"][0]["id"]
    path = f"/leave-requests/{asked_first}/approval"
    hall.client.request("POST", path, as_=hall.secretary, expect=200)
    later = meeting.starts_at + timedelta(minutes=30)
    same_day: dict[str, Any] = {"ends_at": (later + timedelta(hours=1)).isoformat()}
    change(hall, meeting, **same_day)
    assert lines(hall, meeting.id) == 1

    begin = meeting.starts_at + timedelta(days=7)
    end = begin + timedelta(hours=1)
    shown = change(hall, meeting, starts_at=begin.isoformat(), ends_at=end.isoformat())

    assert shown["attendance"] == []
    assert [one["status"] for one in shown["leave_requests"]] == ["lapsed"]
    hall.ask("POST", "/leave-requests", hall.people[3], 201, asked, meeting=meeting)


def test_who_was_checked_in_is_not_present_on_another_day(hall: Hall) -> None:
    hall.meeting.place = ROOM
    hall.ask("POST", "/attendance", hall.people[3], 200, {})
    begin = clock.now() + timedelta(days=7)
    end = begin + timedelta(hours=1)
    shown = change(hall, hall.meeting, starts_at=begin.isoformat(), ends_at=end.isoformat())

    assert shown["attendance"] == []


def test_a_meeting_that_voted_stays_on_its_day(hall: Hall) -> None:
    hall.meeting.place = ROOM
    hall.seat(10)
    hall.vote(kind="ordinary", yes=10, no=0, abstain=0)
    begin = clock.now() + timedelta(days=7)
    end = begin + timedelta(hours=1)
    refused = change(hall, hall.meeting, 409, starts_at=begin.isoformat(), ends_at=end.isoformat())

    assert refused["code"] == "vote_recorded"


def test_only_the_secretary_changes_and_nothing_once_closed(hall: Hall) -> None:
    hall.meeting.place = ROOM
    hall.ask("PATCH", "", hall.recorder, 403, {"place": HALL})
    hall.seat(10)
    hall.close()
    change(hall, hall.meeting, 409, place=HALL)


def test_going_online_leaves_the_place_and_back_needs_one(hall: Hall) -> None:
    meeting = hall.later(place=ROOM)
    online = {"platform": "腾讯会议", "url": "https://meeting.tencent.com/dm/1"}
    shown = change(hall, meeting, mode="online", online=online)
    assert (shown["place"], shown["online"]) == (None, online)

    change(hall, meeting, 422, mode="in_person")
    shown = change(hall, meeting, mode="in_person", place=HALL)
    assert (shown["place"], shown["online"]) == (HALL, None)


def test_a_meeting_that_was_held_is_recorded_and_calls_nobody(hall: Hall) -> None:
    begin = clock.now() - timedelta(days=2)
    made = convene(
        hall,
        place=ROOM,
        starts_at=begin.isoformat(),
        ends_at=(begin + timedelta(hours=1)).isoformat(),
    )

    assert told(hall, "meetings.convened") == []
    planned = sa.select(Reminder).where(Reminder.subject == f"meeting:{made['id']}")
    assert hall.session.scalars(planned).all() == []
    path = f"/meetings/{made['id']}/cancellation"
    reason = {"reason": "登记有误。"}
    hall.client.request("POST", path, as_=hall.secretary, json=reason, expect=200)
    assert told(hall, "meetings.cancelled") == []


def test_who_was_there_and_cast_no_vote_is_counted(hall: Hall) -> None:
    hall.seat(10)
    voted = hall.vote(kind="ordinary", yes=7, no=0, abstain=1)

    assert voted["not_voted"] == 2


def test_a_preview_says_how_many_are_told_and_tells_nobody(hall: Hall) -> None:
    before = hall.session.scalars(sa.select(sa.func.count()).select_from(Meeting)).one()
    path = "/meetings/preview"
    ahead = hall.client.request("POST", path, as_=hall.secretary, json=plan(hall), expect=200)
    begin = clock.now() - timedelta(days=2)
    times = {"starts_at": begin.isoformat(), "ends_at": (begin + timedelta(hours=1)).isoformat()}
    body = plan(hall, **times)
    behind = hall.client.request("POST", path, as_=hall.secretary, json=body, expect=200)
    hall.client.request("POST", path, as_=hall.people[3], json=plan(hall), expect=404)

    assert ahead == {"due": 11, "to_come": 1, "recorded": False}
    assert behind == {"due": 11, "to_come": 0, "recorded": True}
    assert told(hall, "meetings.convened") == []
    assert hall.session.scalars(sa.select(sa.func.count()).select_from(Meeting)).one() == before


def test_a_monthly_meeting_is_told_once_and_each_is_its_own(hall: Hall) -> None:
    with clock.at(NEW_YEARS_EVE - timedelta(days=5)):
        end = NEW_YEARS_EVE + timedelta(hours=1)
        first = plan(hall, starts_at=NEW_YEARS_EVE.isoformat(), ends_at=end.isoformat())
        body = {"meeting": first, "months": 3}
        path = "/meetings/series"
        made = hall.client.request("POST", path, as_=hall.secretary, json=body, expect=201)
        news = told(hall, "meetings.convened")
        last = hall.session.get_one(Meeting, made["items"][2]["id"])
        change(hall, last, place=HALL)

    begins = [one["starts_at"][:16] for one in made["items"]]
    assert begins == ["2031-12-31T14:00", "2032-01-31T14:00", "2032-02-29T14:00"]
    accounts = [one.account_id for one in news]
    assert len(accounts) == len(set(accounts)) > 1
    assert "共3次" in news[0].body
    hall.session.expire_all()
    places = [hall.session.get_one(Meeting, one["id"]).place for one in made["items"]]
    assert places == [first["place"], first["place"], HALL]


def test_of_a_series_begun_in_the_past_only_what_lies_ahead_is_told(hall: Hall) -> None:
    with clock.at(NEW_YEARS_EVE + timedelta(days=20)):
        end = NEW_YEARS_EVE + timedelta(hours=1)
        first = plan(hall, starts_at=NEW_YEARS_EVE.isoformat(), ends_at=end.isoformat())
        path, ask = "/meetings/preview", hall.client.request
        once = ask("POST", path, as_=hall.secretary, json=first, expect=200)
        monthly = ask("POST", path, as_=hall.secretary, json={**first, "months": 3}, expect=200)
        ask("POST", path, as_=hall.secretary, json={**first, "months": 13}, expect=422)
        body = {"meeting": first, "months": 3}
        made = ask("POST", "/meetings/series", as_=hall.secretary, json=body, expect=201)
        news = told(hall, "meetings.convened")
        reminded = sa.select(Reminder.subject).where(Reminder.status == ReminderStatus.PLANNED)
        planned = set(hall.session.scalars(reminded))

    ids = [one["id"] for one in made["items"]]
    assert (once["to_come"], once["recorded"]) == (0, True)
    assert (monthly["to_come"], monthly["recorded"]) == (2, False)
    assert {one.subject for one in news} == {f"meeting:{ids[1]}"}
    assert all("1月31日" in one.body and "共2次" in one.body for one in news)
    subjects = [f"meeting:{id_}" for id_ in ids]
    assert [one in planned for one in subjects] == [False, True, True]


def preview(hall: Hall, meeting: Meeting, expect: int = 200, **values: Any) -> Any:
    path = "/change-preview"
    return hall.ask("POST", path, hall.secretary, expect, values, meeting=meeting)


def test_what_a_change_tells_is_shown_before_and_nothing_written(hall: Hall) -> None:
    meeting = hall.later(place=ROOM)
    begin = meeting.starts_at + timedelta(days=7)
    end = begin + timedelta(hours=1)
    unchanged = preview(hall, meeting, place=ROOM)
    moved = preview(hall, meeting, place=HALL)
    another = preview(hall, meeting, starts_at=begin.isoformat(), ends_at=end.isoformat())
    hall.ask("POST", "/change-preview", hall.recorder, 403, {"place": HALL}, meeting=meeting)
    preview(hall, meeting, 422, place=None)

    assert unchanged == {"due": 0, "changes": [], "leave_lapses": False}
    assert moved == {"due": 11, "changes": [f"地点由{ROOM}改为{HALL}"], "leave_lapses": False}
    assert (another["due"], another["leave_lapses"]) == (11, True)
    assert told(hall, "meetings.changed") == []
    assert hall.shown(meeting=meeting)["place"] == ROOM


def test_of_what_was_held_a_change_is_told_to_nobody(hall: Hall) -> None:
    hall.meeting.place = ROOM
    shown = preview(hall, hall.meeting, place=HALL)
    change(hall, hall.meeting, place=HALL)

    assert (shown["due"], len(shown["changes"])) == (0, 1)
    assert told(hall, "meetings.changed") == []


def test_another_day_is_refused_before_it_is_sent_once_somebody_voted(hall: Hall) -> None:
    hall.meeting.place = ROOM
    hall.seat(10)
    hall.vote(kind="ordinary", yes=10, no=0, abstain=0)
    begin = clock.now() + timedelta(days=7)
    times = {"starts_at": begin.isoformat(), "ends_at": (begin + timedelta(hours=1)).isoformat()}

    assert preview(hall, hall.meeting, 409, **times)["code"] == "vote_recorded"
    assert preview(hall, hall.meeting, title="改名")["changes"] != []
