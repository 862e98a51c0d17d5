"""会议记录 over HTTP: one writes at a time, closing seals, amendments follow."""

from typing import Any

import pytest
import sqlalchemy as sa

from backend.branch_life.meetings import seal
from backend.branch_life.meetings.minutes.models import MinutesAmendment
from backend.core.actor import Actor
from backend.support.text_checks.models import TextCheck
from tests.miniprogram_api.branch_life.meetings.scene import Hall

TEXT = "会议由书记主持。"


def save(
    hall: Hall, version: int | str, expect: int = 200, who: Actor | None = None, text: str = TEXT
) -> Any:
    tag = {"If-Match": f'"{version}"'} if version != "" else None
    body = {"content": text}
    return hall.ask("PUT", "/minutes", who or hall.recorder, expect, body, headers=tag)


def read(hall: Hall, who: Actor | None = None, expect: int = 200) -> Any:
    return hall.ask("GET", "/minutes", who or hall.recorder, expect)


def closed(hall: Hall) -> None:
    hall.seat(3)
    hall.close()


def test_minutes_begin_empty_and_grow_by_versions(hall: Hall) -> None:
    assert (read(hall)["content"], read(hall)["version"]) == ("", 0)
    assert save(hall, 0)["version"] == 1
    assert save(hall, 1, who=hall.secretary, text="另一稿")["version"] == 2
    assert read(hall)["content"] == "另一稿"


def test_the_etag_names_the_version(hall: Hall) -> None:
    save(hall, 0)
    answer = hall.client.answer("GET", hall.at("/minutes"), as_=hall.recorder)

    assert answer.headers["ETag"] == '"1"'


def test_who_saves_over_an_older_version_loses_nothing_and_is_told(hall: Hall) -> None:
    save(hall, 0)
    answer = save(hall, 0, 412, who=hall.secretary, text="书记的稿子")

    assert answer["code"] == "minutes_changed"
    assert read(hall)["content"] == TEXT


def test_saving_without_having_read_is_refused(hall: Hall) -> None:
    assert save(hall, "", 428)["code"] == "version_required"
    assert save(hall, "x", 422)["code"] == "invalid_input"
    assert read(hall)["version"] == 0


def test_members_read_what_is_closed_and_not_before(hall: Hall) -> None:
    save(hall, 0)
    assert read(hall, hall.people[5], 403)["code"] == "minutes_not_closed"
    assert save(hall, 1, 403, who=hall.people[5])["code"] == "not_the_recorder"
    closed(hall)

    assert read(hall, hall.people[5])["content"] == TEXT
    stranger = hall.make.actor(hall.make.member())
    read(hall, stranger, 404)


def test_what_a_committee_says_stays_with_the_committee(hall: Hall) -> None:
    hall.meeting = hall.add(kind="committee_meeting", gathering="committee")
    save(hall, 0)
    present = [hall.secretary.member_id]
    hall.ask("PUT", "/attendance", hall.recorder, 200, {"present": present})
    hall.close()

    assert read(hall, hall.deputy)["content"] == TEXT
    read(hall, hall.people[5], 404)
    listed = hall.client.request("GET", "/meetings", as_=hall.people[5], expect=200)
    mine = hall.client.request("GET", "/me/meetings", as_=hall.people[5], expect=200)
    assert hall.meeting.id not in [one["id"] for one in listed["items"] + mine["items"]]


def test_closed_minutes_are_amended_in_a_chain(hall: Hall) -> None:
    save(hall, 0)
    assert hall.ask("POST", "/amendments", hall.recorder, 409, {"content": "补"})["code"] == (
        "meeting_state_forbids"
    )
    closed(hall)
    assert save(hall, 1, 409)["code"] == "meeting_state_forbids"
    first = hall.ask("POST", "/amendments", hall.recorder, 201, {"content": "到会应为四人。"})
    second = hall.ask("POST", "/amendments", hall.secretary, 201, {"content": "另有两人列席。"})
    hall.ask("POST", "/amendments", hall.people[5], 403, {"content": "补"})
    kept = read(hall, hall.people[5])

    meeting = hall.kept()
    assert (first["number"], second["number"]) == (1, 2)
    assert first["hash"] == seal.of_amendment(meeting.closing_hash or "", "到会应为四人。")
    assert second["hash"] == seal.of_amendment(first["hash"], "另有两人列席。")
    assert (kept["content"], len(kept["amendments"])) == (TEXT, 2)


@pytest.mark.parametrize("what", ["minutes", "vote", "list"])
def test_the_seal_breaks_when_anything_of_it_is_touched(hall: Hall, what: str) -> None:
    save(hall, 0)
    hall.seat(8)
    hall.vote(yes=6)
    hall.close()
    meeting = hall.kept()
    before = seal.of_meeting(hall.session, meeting)
    touch = {
        "minutes": "UPDATE meeting_minutes SET content = '改'",
        "vote": "UPDATE resolution SET yes = 7",
        "list": "UPDATE attendance_record SET status = 'absent', reason = 'work'",
    }
    hall.session.execute(sa.text(touch[what]))
    hall.session.expire_all()

    assert before == meeting.closing_hash
    assert seal.of_meeting(hall.session, meeting) != before


def test_an_amendment_sent_twice_is_added_once(hall: Hall) -> None:
    closed(hall)
    key = {"Idempotency-Key": "amend-1"}
    for _ in range(2):
        hall.ask("POST", "/amendments", hall.recorder, 201, {"content": "补"}, headers=key)

    assert len(hall.session.scalars(sa.select(MinutesAmendment)).all()) == 1


def test_minutes_go_before_nobody_outside_the_branch(hall: Hall) -> None:
    save(hall, 0)
    closed(hall)
    hall.ask("POST", "/amendments", hall.recorder, 201, {"content": "补"})

    assert hall.session.scalars(sa.select(TextCheck)).all() == []
    assert read(hall, hall.people[5])["content"] == TEXT
