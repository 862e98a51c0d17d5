"""Meetings do not exist for who is on no roster: also those without a recorder or a group."""

import pytest

from backend.branch_life.meetings.models import Meeting, MeetingKind
from tests.miniprogram_api.branch_life.meetings.scene import Hall


@pytest.fixture(params=[MeetingKind.MEMBERS_ASSEMBLY, MeetingKind.COMMITTEE_MEETING])
def meeting(request: pytest.FixtureRequest, hall: Hall) -> Meeting:
    """One with minutes; nobody was named recorder."""
    meeting = hall.add(recorder_id=None, kind=request.param)
    body, tag = {"content": "会议由书记主持。"}, {"If-Match": '"0"'}
    hall.ask("PUT", "/minutes", hall.secretary, 200, body, meeting=meeting, headers=tag)
    return meeting


@pytest.mark.parametrize("step", ["", "/minutes", "/check-in-code"])
def test_an_account_on_no_roster_finds_no_meeting(hall: Hall, meeting: Meeting, step: str) -> None:
    hall.ask("GET", step, hall.make.unlinked(), 404, meeting=meeting)
    hall.ask("GET", step, hall.secretary, 200, meeting=meeting)


def test_an_account_on_no_roster_is_listed_no_meeting(hall: Hall, meeting: Meeting) -> None:
    answer = hall.client.request("GET", "/meetings", as_=hall.make.unlinked(), expect=200)
    known = hall.client.request("GET", "/meetings", as_=hall.secretary, expect=200)

    assert answer["items"] == []
    assert meeting.id in [one["id"] for one in known["items"]]
    hall.client.request("GET", "/me/meetings", as_=hall.make.unlinked(), expect=403)


def test_a_vote_that_is_there_and_one_that_is_not_answer_alike_outside(hall: Hall) -> None:
    hall.seat(10)
    vote = hall.vote(yes=10)
    hall.client.request(
        "POST", f"/resolutions/{vote['id']}/voiding", as_=hall.secretary,
        json={"reason": "登记有误"}, expect=200,
    )  # fmt: skip

    def refusal(resolution_id: int) -> tuple[str, str]:
        answer = hall.client.request(
            "POST", f"/resolutions/{resolution_id}/voiding", as_=hall.make.unlinked(),
            json={"reason": "登记有误"}, expect=404,
        )  # fmt: skip
        return answer["code"], answer["message"]

    assert refusal(vote["id"]) == refusal(999_999)
