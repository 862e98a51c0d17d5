"""Exemptions from attending, and the hint to a branch at three and five months."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.branch_life.absences import alerts
from backend.branch_life.absences.models import AbsenceAlert
from backend.branch_life.meetings.models import AttendanceRecord, AttendanceStatus, MeetingStatus
from backend.core import clock
from backend.people.members.models import Member
from backend.support.notifications.models import Notification, SubscriptionMessage
from tests.factories import Make
from tests.http_client import ApiClient
from tests.miniprogram_api.branch_scene import Branch, branch_of_eight

PRESENT, EXCUSED, ABSENT = AttendanceStatus


@pytest.fixture
def branch(make: Make) -> Branch:
    return branch_of_eight(make)


def at(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 9, tzinfo=clock.SHANGHAI)


class Meetings:
    """Closed meetings of a branch, each with the marks of those named."""

    def __init__(self, session: Session, make: Make, branch: Branch) -> None:
        self.session, self.make, self.branch = session, make, branch

    def __call__(self, month: int, day: int, **marks: AttendanceStatus) -> None:
        """`m0=ABSENT`: the first of the branch's people."""
        begin = at(month, day)
        meeting = self.make.meeting(
            self.branch.row,
            starts_at=begin,
            ends_at=begin + timedelta(hours=1),
            status=MeetingStatus.CLOSED,
            closing_hash="0" * 64,
        )
        for name, mark in marks.items():
            member_id = self.branch.people[int(name[1:])].id
            values = {"meeting_id": meeting.id, "member_id": member_id, "status": mark}
            self.session.add(AttendanceRecord(**values))
        self.session.flush()

    def told_on(self, *days: tuple[int, int]) -> list[tuple[int, int, date, int]]:
        """Run the job on these days; return (month, day, since, months) of what it told."""
        found = []
        for month, day in days:
            with clock.at(at(month, day)):
                known = set(self.session.scalars(sa.select(AbsenceAlert.id)))
                alerts.tell(self.session)
                rows = self.session.scalars(sa.select(AbsenceAlert).order_by(AbsenceAlert.id))
                found += [(month, day, r.since, r.months) for r in rows if r.id not in known]
        return found


@pytest.fixture
def meet(session: Session, make: Make, branch: Branch) -> Meetings:
    return Meetings(session, make, branch)


def test_a_branch_is_told_at_three_and_five_months_once_each(meet: Meetings) -> None:
    meet(1, 10, m0=PRESENT)
    meet(2, 10, m0=ABSENT)

    assert meet.told_on((4, 9), (4, 10), (4, 11), (6, 9), (6, 10), (7, 30)) == [
        (4, 10, date(2026, 1, 10), 3),
        (6, 10, date(2026, 1, 10), 5),
    ]


def test_who_was_not_marked_absent_is_no_case_however_long_nothing_was_held(
    meet: Meetings,
) -> None:
    meet(1, 10, m0=PRESENT)

    assert meet.told_on((9, 1)) == []


def test_an_excuse_ends_the_gap_as_attending_does(meet: Meetings) -> None:
    meet(1, 10, m0=PRESENT)
    meet(2, 10, m0=ABSENT)
    meet(3, 20, m0=EXCUSED)
    meet(4, 1, m0=ABSENT)

    assert meet.told_on((6, 19), (6, 20)) == [(6, 20, date(2026, 3, 20), 3)]


def test_a_new_gap_after_attending_is_told_anew(meet: Meetings) -> None:
    meet(1, 10, m0=PRESENT)
    meet(2, 10, m0=ABSENT)
    first = meet.told_on((4, 10))
    meet(4, 20, m0=PRESENT)
    assert meet.told_on((5, 1)) == []
    meet(5, 20, m0=ABSENT)

    assert [first[0][2:], *(told[2:] for told in meet.told_on((7, 20)))] == [
        (date(2026, 1, 10), 3),
        (date(2026, 4, 20), 3),
    ]


def test_who_was_never_there_is_counted_from_joining_or_from_the_first_meeting(
    session: Session, meet: Meetings, branch: Branch
) -> None:
    branch.people[1].unit_since = date(2026, 2, 1)
    session.flush()
    meet(1, 10, m0=ABSENT)
    meet(2, 20, m0=ABSENT, m1=ABSENT)

    assert [told[2] for told in meet.told_on((4, 9), (4, 10), (5, 1))] == [
        date(2026, 1, 10),
        date(2026, 2, 1),
    ]


def test_meetings_still_open_or_called_off_say_nothing(
    session: Session, make: Make, meet: Meetings, branch: Branch
) -> None:
    meet(1, 10, m0=PRESENT)
    begin = at(2, 10)
    open_one = make.meeting(branch.row, starts_at=begin, ends_at=begin + timedelta(hours=1))
    session.add(
        AttendanceRecord(meeting_id=open_one.id, member_id=branch.people[0].id, status=ABSENT)
    )
    session.flush()

    assert meet.told_on((5, 1)) == []


def test_exempt_members_are_never_a_case_and_start_anew_afterwards(
    make: Make, meet: Meetings, branch: Branch
) -> None:
    meet(1, 10, m0=PRESENT)
    meet(2, 10, m0=ABSENT)
    term = {"starts_on": date(2026, 3, 1), "ends_on": date(2026, 5, 31)}
    make.exemption(branch.people[0], **term)
    assert meet.told_on((4, 10), (5, 31)) == []
    assert meet.told_on((6, 1), (8, 31)) == []  # nothing missed since
    meet(8, 1, m0=ABSENT)

    assert meet.told_on((8, 30), (8, 31)) == [(8, 31, date(2026, 5, 31), 3)]


def test_an_exemption_that_begins_later_hides_nothing(
    make: Make, meet: Meetings, branch: Branch
) -> None:
    meet(1, 10, m0=ABSENT)
    make.exemption(branch.people[0], starts_on=date(2026, 8, 1), ends_on=date(2026, 9, 30))

    assert [told[3] for told in meet.told_on((4, 10), (6, 10))] == [3, 5]


def test_an_exemption_ended_early_holds_to_the_day_before(
    make: Make, meet: Meetings, branch: Branch
) -> None:
    meet(1, 10, m0=ABSENT)
    make.exemption(
        branch.people[0],
        starts_on=date(2026, 1, 20),
        ends_on=date(2026, 12, 31),
        ended_on=date(2026, 3, 1),
    )
    meet(3, 2, m0=ABSENT)

    assert meet.told_on((5, 27), (5, 28)) == [(5, 28, date(2026, 2, 28), 3)]


def test_who_left_the_branch_is_nobodys_case(
    session: Session, make: Make, meet: Meetings, branch: Branch
) -> None:
    meet(1, 10, m0=ABSENT, m1=ABSENT)
    branch.people[0].active = False
    branch.people[1].branch_id = make.branch().id
    session.flush()

    assert meet.told_on((5, 1)) == []


def test_the_gap_of_a_newcomer_begins_with_coming_to_the_branch(
    make: Make, meet: Meetings, branch: Branch
) -> None:
    with clock.at(at(1, 5)):
        branch.people.append(make.member(branch.row))  # the roster of this branch begins
    meet(1, 10)
    with clock.at(at(4, 1)):
        branch.people.append(make.member(branch.row))
    newcomer = f"m{len(branch.people) - 1}"
    meet(4, 20, **{newcomer: ABSENT})

    assert meet.told_on((4, 25), (7, 1)) == [(7, 1, date(2026, 4, 1), 3)]


def test_the_news_goes_to_the_branchs_inbox_alone_and_names_nobody(
    session: Session, meet: Meetings, branch: Branch
) -> None:
    meet(1, 10, m0=ABSENT)
    meet.told_on((4, 10))
    news = session.scalars(
        sa.select(Notification).where(Notification.kind == "absences.alert")
    ).all()

    assert [(one.account_id, one.subject) for one in news] == [
        (branch.secretary.account_id, f"organization:{branch.row.id}")
    ]
    assert branch.people[0].name not in news[0].title + news[0].body
    assert session.scalars(sa.select(SubscriptionMessage)).all() == []
    member = session.get_one(Member, branch.people[0].id)
    assert member.active


def test_the_list_is_the_secretarys_and_says_since_when(
    client: ApiClient, make: Make, meet: Meetings, branch: Branch
) -> None:
    meet(1, 10, m0=ABSENT, m1=PRESENT)
    path = f"/organizations/{branch.row.id}/absence-alerts"
    with clock.at(at(6, 10)):
        listed = client.request("GET", path, as_=branch.secretary, expect=200)["items"]
        client.request("GET", path, as_=make.actor(branch.people[1]), expect=403)
        client.request("GET", path, as_=make.branch_secretary(make.branch()), expect=404)

    person = branch.people[0]
    assert listed == [
        {"member": {"id": person.id, "name": person.name}, "since": "2026-01-10", "months": 5}
    ]


# Exemptions


def exempt(
    client: ApiClient, branch: Branch, member_id: int, first: str, last: str, expect: int = 201
) -> Any:
    body = {"member_id": member_id, "ground": "frail", "starts_on": first, "ends_on": last}
    path = f"/organizations/{branch.row.id}/attendance-exemptions"
    return client.request("POST", path, as_=branch.secretary, json=body, expect=expect)


def test_an_exemption_has_a_code_a_term_and_no_text(client: ApiClient, branch: Branch) -> None:
    person = branch.people[0]
    row = exempt(client, branch, person.id, "2026-01-01", "2026-06-30")
    path = f"/organizations/{branch.row.id}/attendance-exemptions"

    assert set(row) == {"id", "member", "ground", "starts_on", "ends_on", "ended_on"}
    assert client.request("GET", path, as_=branch.secretary, expect=200)["items"] == [row]


def test_terms_of_a_member_do_not_overlap(client: ApiClient, branch: Branch) -> None:
    person = branch.people[0].id
    exempt(client, branch, person, "2026-01-01", "2026-06-30")
    refused = exempt(client, branch, person, "2026-06-30", "2026-12-31", 409)
    assert refused["code"] == "already_exempt"
    exempt(client, branch, person, "2026-07-01", "2026-12-31")
    exempt(client, branch, branch.people[1].id, "2026-01-01", "2026-06-30")


def test_a_term_in_the_wrong_order_and_a_stranger_are_refused(
    client: ApiClient, make: Make, branch: Branch
) -> None:
    wrong = exempt(client, branch, branch.people[0].id, "2026-02-01", "2026-01-01", 422)
    assert "ends_on" in wrong["fields"]
    wrong = exempt(client, branch, make.member().id, "2026-01-01", "2026-02-01", 422)
    assert "member_id" in wrong["fields"]


def test_nobody_exempts_themselves_or_ends_the_own_exemption(
    client: ApiClient, session: Session, make: Make, branch: Branch
) -> None:
    own = branch.secretary.member_id or 0
    refused = exempt(client, branch, own, "2026-01-01", "2026-02-01", 403)
    assert refused["code"] == "not_about_oneself"
    row = make.exemption(session.get_one(Member, own))
    path = f"/attendance-exemptions/{row.id}/ending"
    client.request("POST", path, as_=branch.secretary, expect=403)


def test_an_ended_term_frees_its_days_and_ending_again_is_no_change(
    client: ApiClient, branch: Branch
) -> None:
    today = clock.today()
    last = str(today + timedelta(days=90))
    row = exempt(client, branch, branch.people[0].id, str(today - timedelta(days=9)), last)
    path = f"/attendance-exemptions/{row['id']}/ending"
    first = client.request("POST", path, as_=branch.secretary, expect=200)

    assert first["ended_on"] == str(today)
    assert client.request("POST", path, as_=branch.secretary, expect=200) == first
    exempt(client, branch, branch.people[0].id, str(today), last)


def test_what_is_over_cannot_be_ended(client: ApiClient, make: Make, branch: Branch) -> None:
    over = {"starts_on": date(2024, 1, 1), "ends_on": date(2024, 3, 1)}
    row = make.exemption(branch.people[0], **over)
    path = f"/attendance-exemptions/{row.id}/ending"
    refused = client.request("POST", path, as_=branch.secretary, expect=409)

    assert refused["code"] == "attendance_exemption_over"
    client.request("POST", path, as_=make.branch_secretary(make.branch()), expect=404)


def test_exemptions_are_for_the_secretarys_eyes(
    client: ApiClient, make: Make, branch: Branch
) -> None:
    path = f"/organizations/{branch.row.id}/attendance-exemptions"
    client.request("GET", path, as_=make.actor(branch.people[0]), expect=403)
    client.request("GET", path, as_=make.actor(make.member()), expect=404)
