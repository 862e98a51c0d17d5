"""The organiser's list: what it makes of people, and what it never does."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from backend.community.volunteering import lists as records
from backend.community.volunteering import service as decisions
from backend.community.volunteering.activities import detail
from backend.community.volunteering.activities.models import Activity, AttendanceMark
from backend.community.volunteering.activities.records import LIST_CORRECTED
from backend.community.volunteering.activities.roll import Line
from backend.community.volunteering.models import (
    RecordSource,
    ServiceRecord,
    ServiceRecordCorrection,
    ServiceRecordStatus,
)
from backend.core import clock
from backend.core.asker import asked_by
from backend.core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from backend.ledger.models import Posting
from tests import ledger
from tests.backend.community.volunteering.activity_scene import ActivityScene, present

S, M = ServiceRecordStatus, AttendanceMark
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


NOW = clock.now()


def morning(days: int = -2) -> datetime:
    return NOW.replace(hour=9, minute=0, second=0, microsecond=0) + days * DAY


@pytest.fixture
def activity(activities: ActivityScene) -> Activity:
    """Two days ago, 9 to 11 o'clock; everybody had signed up."""
    with clock.at(morning(-5)):
        activity = activities.publish((morning(), 3))
        for actor in activities.members:
            activities.sign_up(activity, actor)
    return activity


@contextmanager
def refused(code: str, kind: type[DomainError] = Conflict) -> Iterator[None]:
    with pytest.raises(kind) as refusal:
        yield
    assert refusal.value.code == code


def sound(activities: ActivityScene) -> bool:
    return ledger.differences(activities.session, activities.rules) == []


def test_who_was_present_gets_a_confirmed_record_that_counts(
    activities: ActivityScene, activity: Activity
) -> None:
    activities.write(activity, *(present(actor) for actor in activities.members))

    rows = activities.records()
    assert {(row.status, row.source, row.duration_min) for row in rows} == {
        (S.CONFIRMED, RecordSource.ORGANISER, 120)
    }
    assert (len(rows), activities.occasions()) == (3, 3)
    kind = "volunteering.record_confirmed"
    assert [activities.told(actor, kind) for actor in activities.members] == [1, 1, 1]
    assert sound(activities)


def test_writing_the_same_list_again_changes_nothing(
    activities: ActivityScene, activity: Activity
) -> None:
    lines = [present(activities.members[0], minutes=90)]
    for _ in range(2):
        activities.write(activity, *lines)

    assert len(activities.session.scalars(sa.select(Posting)).all()) == 1
    assert [row.duration_min for row in activities.records()] == [90]


def test_who_is_not_named_keeps_the_line(activities: ActivityScene, activity: Activity) -> None:
    first, second, _ = activities.members
    activities.write(activity, present(first))
    activities.write(activity, present(second))

    assert activities.occasions() == 2


@pytest.mark.parametrize("mark", [M.NO_SHOW, M.EXCUSED])
def test_who_was_away_has_no_record_and_hears_nothing(
    activities: ActivityScene, activity: Activity, mark: AttendanceMark
) -> None:
    actor = activities.members[0]
    activities.write(activity, Line(mark, member_id=actor.member_id))

    assert activities.records() == []
    assert activities.told(actor) == 0


def test_a_correction_keeps_the_old_value_and_reposts(
    activities: ActivityScene, activity: Activity
) -> None:
    actor = activities.members[0]
    activities.write(activity, present(actor))
    activities.write(activity, present(actor, minutes=45))

    amounts = activities.session.scalars(sa.select(Posting.amount).order_by(Posting.id)).all()
    kept = activities.session.scalars(sa.select(ServiceRecordCorrection)).one()
    assert amounts == [120, -120, 45]
    assert kept.duration_min == 120
    assert sound(activities)


def test_present_by_mistake_is_taken_out_of_the_ledger_and_may_come_back(
    activities: ActivityScene, activity: Activity
) -> None:
    actor = activities.members[0]
    activities.write(activity, present(actor))
    activities.write(activity, Line(M.NO_SHOW, member_id=actor.member_id))
    assert [row.status for row in activities.records()] == [S.VOIDED]
    assert activities.occasions() == 0
    assert activities.told(actor, "volunteering.record_voided") == 1

    activities.write(activity, present(actor))
    assert [row.status for row in activities.records()] == [S.VOIDED, S.CONFIRMED]
    assert activities.occasions() == 1
    assert sound(activities)


def test_less_than_the_packs_least_is_recorded_and_does_not_count(
    activities: ActivityScene, activity: Activity
) -> None:
    activities.write(activity, present(activities.members[0], minutes=29))

    assert (len(activities.records()), activities.occasions()) == (1, 0)
    assert sound(activities)


def test_several_shifts_of_one_day_count_once_and_another_day_again(
    activities: ActivityScene,
) -> None:
    begins = (morning(-3), morning(-3) + 5 * HOUR, morning(-2))
    activity = activities.publish(*((begin, 3) for begin in begins))
    actor = activities.members[0]

    activities.write(activity, *(present(actor, shift_id=shift.id) for shift in activity.shifts))

    assert (len(activities.records()), activities.occasions()) == (3, 2)
    assert sound(activities)


def test_nobody_confirms_the_own_presence_and_a_deputy_does(
    activities: ActivityScene, activity: Activity
) -> None:
    organiser = activities.secretary
    activities.make.session_member(organiser).community_id = activities.community.id
    activities.write(activity, present(organiser))
    activities.write(activity, present(organiser))
    record = activities.records()[0]
    assert (record.status, activities.occasions()) == (S.SUBMITTED, 0)

    deputy = activities.make.community_secretary(activities.community)
    activities.write(activity, present(organiser), actor=deputy)

    assert (record.status, record.decided_by) == (S.CONFIRMED, deputy.account_id)
    assert activities.occasions() == 1
    with refused("not_your_own_presence"):
        activities.write(activity, present(organiser, minutes=100))


def test_the_own_presence_waits_in_the_inbox_of_a_deputy(
    activities: ActivityScene, activity: Activity
) -> None:
    organiser = activities.secretary
    activities.make.session_member(organiser).community_id = activities.community.id
    deputy = activities.make.community_secretary(activities.community)
    activities.write(activity, present(organiser))
    record = activities.records()[0]

    waiting = activities.session.scalars(
        records.listed(deputy, decidable=True), asked_by(deputy)
    ).all()
    assert [row.id for row in waiting] == [record.id]
    decisions.confirm(activities.session, activities.rules, actor=deputy, record_id=record.id)
    assert sound(activities)


def test_the_own_presence_taken_back_is_withdrawn(
    activities: ActivityScene, activity: Activity
) -> None:
    organiser = activities.secretary
    activities.make.session_member(organiser).community_id = activities.community.id
    activities.write(activity, present(organiser))
    activities.write(activity, Line(M.NO_SHOW, member_id=organiser.member_id))

    assert [row.status for row in activities.records()] == [S.WITHDRAWN]


def test_whoever_came_instead_is_found_by_name_or_by_name_and_number(
    activities: ActivityScene, activity: Activity
) -> None:
    keys, make = activities.keys, activities.make
    near = make.member(community_id=activities.community.id, name="王近")
    phone_hash = keys.lookup("13800138000", purpose="member.phone")
    far = make.member(name="李远", phone_hash=phone_hash)
    missing = activities.members[0].member_id

    activities.write(
        activity,
        Line(M.PRESENT, name="王近", stand_in_for=missing),
        Line(M.PRESENT, name="李远", phone="13800138000"),
        Line(M.NO_SHOW, member_id=missing),
    )

    assert {row.member_id for row in activities.records()} == {near.id, far.id}
    roll = detail.roll(
        activities.session,
        activities.rules.counting,
        actor=activities.secretary,
        activity_id=activity.id,
    )
    came = {line.member.id: line for line in roll.lines if line.sign_up is None}
    assert came[near.id].stand_in_for.id == missing  # type: ignore[attr-defined]  # shown by name
    assert len(roll.lines) == 5


def test_nobody_is_found_by_name_alone_outside_the_community(
    activities: ActivityScene, activity: Activity
) -> None:
    activities.make.member(name="李远")
    for _ in range(2):
        activities.make.member(name="同名", community_id=activities.community.id)

    with refused("roster_no_match", NotFound):
        activities.write(activity, Line(M.PRESENT, name="李远"))
    with refused("roster_ambiguous"):
        activities.write(activity, Line(M.PRESENT, name="同名"))


def test_a_stranger_is_not_named_by_id(activities: ActivityScene, activity: Activity) -> None:
    with refused("invalid_input", Invalid):
        activities.write(activity, Line(M.PRESENT, member_id=activities.make.member().id))


def test_a_list_with_somebody_twice_is_refused(
    activities: ActivityScene, activity: Activity
) -> None:
    with refused("invalid_input", Invalid):
        activities.write(activity, *(present(activities.members[0]) for _ in range(2)))


@pytest.mark.parametrize("minutes", [121, 1000])
def test_nobody_serves_longer_than_the_shift(
    activities: ActivityScene, activity: Activity, minutes: int
) -> None:
    with refused("invalid_input", Invalid):
        activities.write(activity, present(activities.members[0], minutes=minutes))


def test_times_within_the_shift_are_kept(activities: ActivityScene, activity: Activity) -> None:
    begin = morning() + HOUR / 2
    line = present(activities.members[0], started_at=begin, ended_at=begin + HOUR, minutes=50)
    activities.write(activity, line)

    row = activities.records()[0]
    assert (row.started_at, row.duration_min, row.break_min) == (begin, 50, 10)


def test_no_list_before_the_shift_has_begun(activities: ActivityScene) -> None:
    activity = activities.publish((clock.now() - HOUR, 2), (clock.now() + DAY, 2))
    begun, coming = (shift.id for shift in activity.shifts)

    with refused("shift_not_begun"):
        activities.write(activity, present(activities.members[0], shift_id=coming))
    activities.write(activity, present(activities.members[0], shift_id=begun))


def test_no_list_of_what_was_called_off(activities: ActivityScene, activity: Activity) -> None:
    with clock.at(morning(-3)):
        activities.cancel(activity)

    with refused("activity_state_forbids"):
        activities.write(activity, present(activities.members[0]))


def test_only_the_organiser_keeps_the_list(activities: ActivityScene, activity: Activity) -> None:
    other = activities.make.community_secretary(activities.make.community())
    for actor in (activities.members[0], activities.street, other):
        with refused("not_the_organiser", Forbidden):
            activities.write(activity, present(activities.members[1]), actor=actor)


def test_after_ten_working_days_only_the_street_completes_it_and_says_why(
    activities: ActivityScene, activity: Activity
) -> None:
    line = present(activities.members[0])
    last = clock.add_working_days(morning().date(), 10)
    with clock.at(datetime.combine(last, morning().timetz())):
        activities.write(activity, line)
    with clock.at(datetime.combine(last + DAY, morning().timetz())):
        with refused("late_entry_closed"):
            activities.write(activity, present(activities.members[1]))
        with refused("invalid_input", Invalid):
            activities.write(activity, line, actor=activities.street)
        activities.write(
            activity,
            present(activities.members[1]),
            actor=activities.street,
            late_reason="社区当时停电，纸质名单后补",
        )

    assert activities.occasions() == 2
    assert sound(activities)


def test_what_the_member_wished_is_kept_and_never_assumed(activities: ActivityScene) -> None:
    first, second, third = activities.members
    with clock.at(morning(-5)):
        activity = activities.publish((morning(), 3), is_volunteer_service=True)
        activities.sign_up(activity, first, is_volunteer_service=True)
        activities.sign_up(activity, second)
        plain = activities.publish((morning() + 3 * HOUR, 3))
        with refused("invalid_input", Invalid):
            activities.sign_up(plain, first, is_volunteer_service=True)
    activities.write(activity, *(present(actor) for actor in (first, second, third)))

    found = {row.member_id: row.is_volunteer_service for row in activities.records()}
    assert found == {first.member_id: True, second.member_id: False, third.member_id: False}


def test_a_record_voided_by_hand_is_not_brought_back_by_the_same_list(
    activities: ActivityScene, activity: Activity
) -> None:
    line = present(activities.members[0])
    activities.write(activity, line)
    record = activities.records()[0]
    decisions.void(
        activities.session,
        activities.rules,
        actor=activities.secretary,
        record_id=record.id,
        reason="与事实不符",
    )
    activities.write(activity, line)

    assert [row.status for row in activities.records()] == [S.VOIDED]
    assert _live(activities) == 0


def _live(activities: ActivityScene) -> int:
    live = ServiceRecord.status.in_((S.CONFIRMED, S.SUBMITTED))
    return activities.session.scalar(sa.select(sa.func.count()).where(live)) or 0


def test_a_corrected_list_settles_a_dispute_about_it(
    activities: ActivityScene, activity: Activity
) -> None:
    actor = activities.members[0]
    activities.write(activity, present(actor, minutes=45))
    record = activities.session.scalars(sa.select(ServiceRecord)).one()
    decisions.dispute(activities.session, actor=actor, record_id=record.id, reason="我从头到尾都在")
    activities.write(activity, present(actor, minutes=120))

    assert (record.status, record.duration_min) == (S.CONFIRMED, 120)
    assert record.answer == LIST_CORRECTED
    assert sound(activities)


def test_what_was_taken_off_the_list_and_written_anew_is_contested_where_it_stands_now(
    activities: ActivityScene, activity: Activity
) -> None:
    actor = activities.members[0]
    activities.write(activity, present(actor))
    activities.write(activity, Line(M.NO_SHOW, member_id=actor.member_id))
    activities.write(activity, present(actor))
    rows = activities.session.scalars(sa.select(ServiceRecord).order_by(ServiceRecord.id)).all()
    assert [row.status for row in rows] == [
        S.VOIDED,
        S.CONFIRMED,
    ]

    with refused("recorded_anew"):
        decisions.dispute(activities.session, actor=actor, record_id=rows[0].id, reason="应为到场")
