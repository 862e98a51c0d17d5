"""The first and the last moment of windows: check-ins, joining, lists, exemptions, days and years
in Shanghai. Each is tried on both sides."""

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.branch_life.meetings import attendance, evidence, service
from backend.branch_life.meetings import queries as meetings
from backend.branch_life.meetings.attendance import Mark
from backend.branch_life.meetings.exemptions import queries as exemptions
from backend.branch_life.meetings.models import AttendanceStatus, Meeting
from backend.community.invitations import queries as invitations
from backend.community.invitations.models import Invitation
from backend.community.volunteering.activities import check_in, lists
from backend.community.volunteering.activities.models import Activity
from backend.core import clock
from backend.core.actor import Actor
from backend.core.asker import asked_by
from backend.core.crypto import Crypto
from backend.core.errors import Conflict, Invalid
from backend.ledger.rulepack import RulePack
from tests.backend.community.volunteering.activity_scene import ActivityScene, present
from tests.factories import Make

TICK = timedelta(microseconds=1)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
# An hour before midnight, so that a day and a year end while it lasts.
BEGIN = datetime(2026, 12, 31, 23, tzinfo=clock.SHANGHAI)
MIDNIGHT = datetime(2027, 1, 1, tzinfo=clock.SHANGHAI)

# The window in which people check in and join, of two hours; and what lies just outside.
INSIDE = [BEGIN - 30 * MINUTE, BEGIN + 4 * HOUR]
OUTSIDE = [BEGIN - 30 * MINUTE - TICK, BEGIN + 4 * HOUR + TICK]


@pytest.fixture
def scene(session: Session, rules: RulePack, make: Make, keys: Crypto) -> ActivityScene:
    return ActivityScene(session, rules, make, keys)


@pytest.fixture
def activity(scene: ActivityScene) -> Activity:
    with clock.at(BEGIN - timedelta(days=1)):
        row = scene.publish((BEGIN, 1))
        scene.sign_up(row, scene.members[0])
    return row


def enter(scene: ActivityScene, activity: Activity) -> None:
    """Show the code of this moment and check in with it."""
    row = {"activity_id": activity.id}
    code = check_in.show_code(scene.session, scene.keys, actor=scene.secretary, **row)
    who = scene.members[0]
    check_in.check_in(scene.session, scene.keys, actor=who, code=code.code, **row)


@pytest.mark.parametrize("moment", INSIDE)
def test_one_checks_in_in_the_first_and_the_last_minute(
    scene: ActivityScene, activity: Activity, moment: datetime
) -> None:
    with clock.at(moment):
        enter(scene, activity)


@pytest.mark.parametrize("moment", OUTSIDE)
def test_one_checks_in_neither_before_nor_after(
    scene: ActivityScene, activity: Activity, moment: datetime
) -> None:
    with clock.at(moment), pytest.raises(Conflict, match="check_in_not_open"):
        enter(scene, activity)


@pytest.mark.parametrize("moment", OUTSIDE)
def test_a_shift_takes_no_check_ins_beside_its_window(activity: Activity, moment: datetime) -> None:
    [shift] = activity.shifts

    assert not shift.takes_check_ins_at(moment)
    assert all(shift.takes_check_ins_at(one) for one in INSIDE)


@pytest.fixture
def long(scene: ActivityScene) -> Activity:
    """The same with another shift a day later, so that the activity runs on after the first."""
    with clock.at(BEGIN - timedelta(days=1)):
        row = scene.publish((BEGIN, 1), (BEGIN + timedelta(days=1), 1))
        scene.sign_up(row, scene.members[0], row.shifts[0])
    return row


def test_one_signs_up_until_a_shift_is_over_and_waits_until_it_begins(
    scene: ActivityScene, long: Activity
) -> None:
    def ask(moment: datetime, who: int) -> None:
        with clock.at(moment):
            scene.sign_up(long, scene.members[who], long.shifts[0])

    ask(BEGIN - TICK, 1)
    with pytest.raises(Conflict, match="shift_full_and_begun"):
        ask(BEGIN, 2)
    with clock.at(BEGIN + 2 * HOUR - TICK):
        scene.withdraw(long, scene.members[0])
    ask(BEGIN + 2 * HOUR - TICK, 2)
    with pytest.raises(Conflict, match="shift_over"):
        ask(BEGIN + 2 * HOUR, 0)


def test_one_withdraws_until_a_shift_is_over(scene: ActivityScene, long: Activity) -> None:
    with clock.at(BEGIN + 2 * HOUR), pytest.raises(Conflict, match="shift_over"):
        scene.withdraw(long, scene.members[0])
    with clock.at(BEGIN + 2 * HOUR - TICK):
        scene.withdraw(long, scene.members[0])


def test_a_list_of_activities_holds_what_ends_and_begins_at_its_ends(
    scene: ActivityScene, activity: Activity
) -> None:
    def found(**wanted: datetime) -> bool:
        listed = lists.listed(scene.secretary, **wanted)  # type: ignore[arg-type]  # as named
        return activity in scene.session.scalars(listed, asked_by(scene.secretary)).all()

    assert found(since=BEGIN + 2 * HOUR)
    assert not found(since=BEGIN + 2 * HOUR + TICK)
    assert found(until=BEGIN)
    assert not found(until=BEGIN - TICK)


class Hall:
    def __init__(self, session: Session, make: Make) -> None:
        self.session, self.make, self.branch = session, make, make.branch()
        self.secretary = make.branch_secretary(self.branch)
        self.member = make.actor(make.member(self.branch))
        make.settle(self.branch)
        self.meeting = self.add(BEGIN, 2 * HOUR)

    def add(self, begin: datetime, length: timedelta) -> Meeting:
        return self.make.meeting(self.branch, starts_at=begin, ends_at=begin + length)

    def join(self, who: Actor) -> None:
        attendance.attend(self.session, actor=who, meeting_id=self.meeting.id)

    def write_list(self) -> None:
        assert self.member.member_id is not None
        entries = {self.member.member_id: Mark(AttendanceStatus.PRESENT)}
        given = {"actor": self.secretary, "meeting_id": self.meeting.id}
        attendance.write_list(self.session, entries=entries, **given)  # type: ignore[arg-type]  # as named


@pytest.fixture
def hall(session: Session, make: Make) -> Hall:
    return Hall(session, make)


@pytest.mark.parametrize("moment", INSIDE)
def test_one_joins_in_the_first_and_the_last_minute(hall: Hall, moment: datetime) -> None:
    with clock.at(moment):
        hall.join(hall.member)


@pytest.mark.parametrize("moment", OUTSIDE)
def test_one_joins_neither_before_nor_after(hall: Hall, moment: datetime) -> None:
    with clock.at(moment), pytest.raises(Conflict, match="meeting_not_open"):
        hall.join(hall.member)


def test_list_and_closing_begin_with_the_meeting(hall: Hall, rules: RulePack) -> None:
    with clock.at(BEGIN - TICK):
        hall.join(hall.member)
        with pytest.raises(Conflict, match="meeting_not_begun"):
            hall.write_list()
        with pytest.raises(Conflict, match="meeting_not_begun"):
            service.close(hall.session, rules, actor=hall.secretary, meeting_id=hall.meeting.id)
    with clock.at(BEGIN):
        hall.write_list()
        service.close(hall.session, rules, actor=hall.secretary, meeting_id=hall.meeting.id)


def test_a_list_of_meetings_holds_what_begins_at_its_ends(hall: Hall) -> None:
    def found(**wanted: datetime) -> bool:
        listed = meetings.listed(hall.secretary, **wanted)  # type: ignore[arg-type]  # as named
        return hall.meeting in hall.session.scalars(listed, asked_by(hall.secretary)).all()

    assert found(since=BEGIN, until=BEGIN)
    assert not found(since=BEGIN + TICK)
    assert not found(until=BEGIN - TICK)


@pytest.mark.parametrize(
    ("begin", "day"),
    [(MIDNIGHT - TICK, date(2026, 12, 31)), (MIDNIGHT, date(2027, 1, 1))],
)
def test_a_meeting_counts_for_the_year_in_which_it_begins_in_shanghai(
    hall: Hall, begin: datetime, day: date
) -> None:
    meeting = hall.add(begin, HOUR)
    meeting.closed_at = MIDNIGHT + HOUR
    entry = evidence.entry_of(meeting)

    assert (entry.occurred_on, entry.recorded_on) == (day, date(2027, 1, 1))
    assert entry.occasion.endswith(day.isoformat())


def test_an_exemption_holds_on_its_first_and_its_last_day(hall: Hall) -> None:
    member = hall.make.session_member(hall.member)
    first, last = date(2026, 12, 30), date(2027, 1, 2)
    row = hall.make.exemption(member, starts_on=first, ends_on=last)

    def exempt(day: date) -> bool:
        return member.id in hall.session.scalars(exemptions.exempt_on(day)).all()

    day = timedelta(days=1)
    assert [exempt(one) for one in (first - day, first, last, last + day)] == [
        False,
        True,
        True,
        False,
    ]
    row.ended_on = last
    hall.session.flush()
    assert [exempt(one) for one in (last - day, last)] == [True, False]


def test_what_was_sent_today_is_counted_from_midnight_in_shanghai(
    scene: ActivityScene, activity: Activity
) -> None:
    scene.session.add(
        Invitation(
            community_id=scene.community.id,
            member_id=scene.members[1].as_member(),
            activity_id=activity.id,
            invited_by=1,
            sent_at=MIDNIGHT,
        )
    )
    scene.session.flush()
    with clock.at(MIDNIGHT + HOUR):
        assert scene.session.scalars(invitations.sent_today()).one() == 1
        scene.session.execute(sa.update(Invitation).values(sent_at=MIDNIGHT - TICK))
        assert scene.session.scalars(invitations.sent_today()).one() == 0


def test_a_plan_lasts_a_moment_at_least_and_a_day_at_most(hall: Hall) -> None:
    def plan(length: timedelta) -> service.Plan:
        return service.Plan(
            organization_id=hall.meeting.organization_id,
            kind=hall.meeting.kind,
            title="会议",
            mode=hall.meeting.mode,
            starts_at=BEGIN,
            ends_at=BEGIN + length,
            place="会议室",
        )

    for length in (TICK, service.LONGEST):
        service.check_plan(plan(length))
    for length in (timedelta(0), service.LONGEST + TICK):
        with pytest.raises(Invalid, match="时"):
            service.check_plan(plan(length))


def test_who_left_the_community_after_signing_up_is_still_on_the_list(
    scene: ActivityScene, activity: Activity
) -> None:
    """Who was to come is who signed up, wherever they are registered when the list is written."""
    who = scene.members[0]
    scene.make.session_member(who).community_id = None
    scene.session.flush()
    with clock.at(BEGIN + 3 * HOUR):
        scene.write(activity, present(who))

    assert [one.member_id for one in scene.records()] == [who.member_id]
