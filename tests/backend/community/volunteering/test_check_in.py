"""The rotating code: alive for 45 seconds, forged by nobody, and never more than a convenience."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from backend.community.volunteering.activities import check_in
from backend.community.volunteering.activities.models import Activity, ActivitySignUp, SignUpStatus
from backend.community.volunteering.activities.shifts import ShiftPlan
from backend.core import clock
from backend.core.errors import Conflict, DomainError, Forbidden, Invalid
from backend.core.rotating_code import Code
from backend.support.notifications.models import Reminder, ReminderStatus
from tests.backend.community.volunteering.activity_scene import ActivityScene, present

# The first second of a rotation.
BEGIN = datetime(2026, 11, 25, 9, 0, tzinfo=clock.SHANGHAI)


@pytest.fixture
def activity(activities: ActivityScene) -> Activity:
    with clock.at(BEGIN - timedelta(days=1)):
        activity = activities.publish((BEGIN, 2))
        activities.sign_up(activity, activities.members[0])
    return activity


@contextmanager
def refused(code: str, kind: type[DomainError] = Conflict) -> Iterator[None]:
    with pytest.raises(kind) as refusal:
        yield
    assert refusal.value.code == code


def issue(activities: ActivityScene, activity: Activity, at: datetime = BEGIN) -> Code:
    with clock.at(at):
        return check_in.show_code(
            activities.session,
            activities.keys,
            actor=activities.secretary,
            activity_id=activity.id,
        )


def enter(
    activities: ActivityScene, activity: Activity, code: str, after: float = 0, who: int = 0
) -> datetime | None:
    with clock.at(BEGIN + timedelta(seconds=after)):
        row = check_in.check_in(
            activities.session,
            activities.keys,
            actor=activities.members[who],
            activity_id=activity.id,
            code=code,
        )
    return row.checked_in_at


@pytest.mark.parametrize("form", ["code", "digits"])
@pytest.mark.parametrize("after", [0, 14, 44.9])
def test_a_code_is_taken_until_its_grace_is_over(
    activities: ActivityScene, activity: Activity, form: str, after: float
) -> None:
    code = issue(activities, activity)

    assert enter(activities, activity, getattr(code, form), after)
    assert code.expires_at == BEGIN + timedelta(seconds=45)


@pytest.mark.parametrize("form", ["code", "digits"])
def test_a_forwarded_code_is_dead_after_45_seconds(
    activities: ActivityScene, activity: Activity, form: str
) -> None:
    code = issue(activities, activity)

    with refused("check_in_code_expired", Invalid):
        enter(activities, activity, getattr(code, form), 45.1)


@pytest.mark.parametrize("form", ["code", "digits"])
def test_a_code_of_the_future_is_refused(
    activities: ActivityScene, activity: Activity, form: str
) -> None:
    code = issue(activities, activity, BEGIN + timedelta(seconds=30))

    with refused("check_in_code_early", Invalid):
        enter(activities, activity, getattr(code, form))


@pytest.mark.parametrize("code", ["", "x", "00000000", "1.1.1", "9" * 64])
def test_what_is_no_code_is_refused(
    activities: ActivityScene, activity: Activity, code: str
) -> None:
    with refused("check_in_code_invalid", Invalid):
        enter(activities, activity, code)


def test_a_changed_code_is_refused(activities: ActivityScene, activity: Activity) -> None:
    code = issue(activities, activity).code
    changed = code[:-1] + ("0" if code[-1] != "0" else "1")
    later = code.replace(
        f".{int(BEGIN.timestamp()) // 15}.", f".{int(BEGIN.timestamp()) // 15 + 1}."
    )

    for forged in (changed, later):
        with refused("check_in_code_invalid", Invalid):
            enter(activities, activity, forged)


def test_the_code_of_another_activity_is_named_as_such(
    activities: ActivityScene, activity: Activity
) -> None:
    with clock.at(BEGIN - timedelta(days=1)):
        other = activities.publish((BEGIN, 2))

    with refused("check_in_code_of_another_activity", Invalid):
        enter(activities, activity, issue(activities, other).code)


def test_it_changes_every_15_seconds(activities: ActivityScene, activity: Activity) -> None:
    codes = {
        issue(activities, activity, BEGIN + timedelta(seconds=second)).code for second in range(45)
    }

    assert len(codes) == 3
    assert issue(activities, activity, BEGIN + timedelta(seconds=10)).refresh_after == 5


def test_checking_in_and_out_twice_is_the_same_as_once(
    activities: ActivityScene, activity: Activity
) -> None:
    code = issue(activities, activity).code
    times = {enter(activities, activity, code, after) for after in (1, 20)}
    out = {leave(activities, activity, code, after) for after in (21, 22)}

    assert times == {BEGIN + timedelta(seconds=1)}
    assert out == {BEGIN + timedelta(seconds=21)}


def leave(
    activities: ActivityScene, activity: Activity, code: str, after: float
) -> datetime | None:
    with clock.at(BEGIN + timedelta(seconds=after)):
        return check_in.check_out(
            activities.session,
            activities.keys,
            actor=activities.members[0],
            activity_id=activity.id,
            code=code,
        ).checked_out_at


def test_nobody_leaves_who_did_not_come(activities: ActivityScene, activity: Activity) -> None:
    with refused("not_checked_in"):
        leave(activities, activity, issue(activities, activity).code, 1)


def test_who_did_not_sign_up_tells_the_organiser(
    activities: ActivityScene, activity: Activity
) -> None:
    with refused("not_signed_up"):
        enter(activities, activity, issue(activities, activity).code, who=1)


@pytest.mark.parametrize("minutes", [-31, 4 * 60 + 1])
def test_there_is_no_code_long_before_or_after(
    activities: ActivityScene, activity: Activity, minutes: int
) -> None:
    with refused("check_in_not_open"):
        issue(activities, activity, BEGIN + timedelta(minutes=minutes))
    with refused("check_in_not_open"):
        enter(activities, activity, "00000000", minutes * 60)


def test_only_the_organiser_shows_the_code(activities: ActivityScene, activity: Activity) -> None:
    activities.secretary = activities.members[0]

    with refused("not_the_organiser", Forbidden):
        issue(activities, activity)


def test_it_prefills_the_list_and_no_more(activities: ActivityScene, activity: Activity) -> None:
    enter(activities, activity, issue(activities, activity).code)

    assert activities.records() == []
    assert activities.occasions() == 0


def test_a_second_scan_at_the_first_of_two_shifts_changes_nothing(
    activities: ActivityScene,
) -> None:
    """The next shift is open for checking in already, and has begun when it is scanned again."""
    second = BEGIN + timedelta(minutes=25)
    with clock.at(BEGIN - timedelta(days=1)):
        activity = activities.draft((BEGIN, 2), (second, 2))
        plans = [
            ShiftPlan(one.starts_at, one.starts_at + timedelta(minutes=20), 2, one.id)
            for one in activity.shifts
        ]
        activities.amend(activity, *plans)
        activities.open(activity)
        activities.sign_up(activity, activities.members[0], *activity.shifts)
    rows = sorted(rows_of(activities, activity), key=lambda row: row.shift_id)

    for after in (0, 10, 19 * 60):
        code = issue(activities, activity, BEGIN + timedelta(seconds=after))
        enter(activities, activity, code.code, after)
    assert [row.checked_in_at is not None for row in rows] == [True, False]

    code = issue(activities, activity, second)
    enter(activities, activity, code.code, 25 * 60)
    assert [row.checked_in_at is not None for row in rows] == [True, True]


def test_a_scan_on_either_side_of_a_change_of_shift_marks_one(activities: ActivityScene) -> None:
    """Shifts that follow upon one another, scanned as the one ends and as the other begins."""
    with clock.at(BEGIN - timedelta(days=1)):
        activity = activities.publish((BEGIN, 2), (BEGIN + timedelta(hours=2), 2))
        activities.sign_up(activity, activities.members[0], *activity.shifts)
    change = 2 * 60 * 60

    for after in (change - 10, change + 10):
        code = issue(activities, activity, BEGIN + timedelta(seconds=after))
        enter(activities, activity, code.code, after)

    assert sum(row.checked_in_at is not None for row in rows_of(activities, activity)) == 1


def test_who_has_checked_in_cannot_withdraw(activities: ActivityScene, activity: Activity) -> None:
    enter(activities, activity, issue(activities, activity).code)

    with refused("already_checked_in"), clock.at(BEGIN + timedelta(minutes=5)):
        activities.withdraw(activity, activities.members[0])
    assert [row.checked_in_at for row in rows_of(activities, activity)] == [BEGIN]


def test_who_is_on_the_list_cannot_withdraw(activities: ActivityScene, activity: Activity) -> None:
    with clock.at(BEGIN + timedelta(minutes=5)):
        activities.write(activity, present(activities.members[0]))

        with refused("already_checked_in"):
            activities.withdraw(activity, activities.members[0])


def test_nobody_is_called_to_a_shift_that_has_begun(activities: ActivityScene) -> None:
    first, second, third = activities.members
    with clock.at(BEGIN - timedelta(days=1)):
        activity = activities.publish((BEGIN, 1))
        activities.sign_up(activity, first)
        activities.sign_up(activity, second)
    with clock.at(BEGIN + timedelta(minutes=5)):
        with refused("shift_full_and_begun"):
            activities.sign_up(activity, third)
        activities.withdraw(activity, first)

    assert activities.statuses(activity) == {second.member_id: SignUpStatus.WAITING}
    assert activities.told(second, "volunteering.sign_up_moved_up") == 0


@pytest.mark.parametrize(("by", "stays"), [(timedelta(days=7), False), (timedelta(0), True)])
def test_a_check_in_goes_with_the_time_it_was_made_for(
    activities: ActivityScene, activity: Activity, by: timedelta, stays: bool
) -> None:
    early = BEGIN - timedelta(minutes=20)
    code = issue(activities, activity, early)
    enter(activities, activity, code.code, -20 * 60)
    (shift,) = activity.shifts

    with clock.at(early + timedelta(minutes=1)):
        longer = shift.ends_at + by + timedelta(minutes=30)
        activities.amend(activity, ShiftPlan(shift.starts_at + by, longer, 2, shift.id))

    (row,) = rows_of(activities, activity)
    assert (row.checked_in_at is not None) is stays
    planned = activities.session.scalars(
        sa.select(Reminder.event_at).where(
            Reminder.subject == shift.as_subject, Reminder.status == ReminderStatus.PLANNED
        )
    ).all()
    assert planned == ([] if stays else [BEGIN + by])  # what begins within a day needs none


def rows_of(activities: ActivityScene, activity: Activity) -> Sequence[ActivitySignUp]:
    activities.session.flush()
    mine = sa.select(ActivitySignUp).where(ActivitySignUp.activity_id == activity.id)
    return activities.session.scalars(mine.order_by(ActivitySignUp.id)).all()
