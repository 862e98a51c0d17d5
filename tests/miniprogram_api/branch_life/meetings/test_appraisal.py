"""民主评议党员 over HTTP: the number appraised is said at closing and read with the meeting."""

from backend.branch_life.meetings.models import MeetingKind
from tests.miniprogram_api.branch_life.meetings.scene import Hall


def test_the_number_appraised_is_asked_for_at_closing_and_shown(hall: Hall) -> None:
    hall.meeting = hall.add(kind=MeetingKind.MEMBER_APPRAISAL)
    hall.seat(5)
    missing = hall.close(422)
    more = hall.close(422, appraised_count=12)
    below = hall.close(422, appraised_count=-1)
    before = hall.shown()
    closed = hall.close(appraised_count=6)

    for refused in (missing, more, below):
        assert "appraised_count" in refused["fields"]
    assert (before["status"], before["appraised_count"]) == ("convened", None)
    assert (closed["due_count"], closed["present_count"], closed["appraised_count"]) == (11, 5, 6)
    assert hall.shown(hall.people[3])["appraised_count"] == 6


def test_of_other_meetings_no_number_is_taken(hall: Hall) -> None:
    hall.seat(5)

    assert "appraised_count" in hall.close(422, appraised_count=5)["fields"]
    assert hall.close()["appraised_count"] is None
