"""Activities and sign-ups: places, the waiting list, changes, and what the clock does."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from backend.community.volunteering.activities import lists, reminders, service
from backend.community.volunteering.activities.flow import FLOW
from backend.community.volunteering.activities.models import (
    Activity,
    ActivityStatus,
    SignUpStatus,
)
from backend.core import clock
from backend.core.asker import asked_by
from backend.core.errors import Conflict, Forbidden, Invalid, NotFound
from backend.core.risk import RiskClass
from backend.support.notifications.models import Reminder, ReminderStatus
from tests.backend.community.volunteering.activity_scene import ActivityScene, present, shift

A, S = ActivityStatus, SignUpStatus
DAY = timedelta(days=1)


def test_only_the_secretary_of_the_community_draws_up_an_activity(
    activities: ActivityScene,
) -> None:
    other = activities.make.community_secretary(activities.make.community())
    activities.secretary = other

    with pytest.raises(Forbidden) as refusal:
        activities.draft()
    assert refusal.value.code == "not_your_community"


def test_a_draft_exists_for_its_organiser_only(activities: ActivityScene) -> None:
    draft = activities.draft()

    FLOW.show(activities.session, activities.secretary, draft.id)
    with pytest.raises(NotFound):
        FLOW.show(activities.session, activities.members[0], draft.id)


@pytest.mark.parametrize("risk", [RiskClass.MEDIUM, RiskClass.HIGH])
def test_a_risk_is_published_only_with_an_insurance_note(
    activities: ActivityScene, risk: RiskClass
) -> None:
    draft = activities.draft(risk=risk)

    with pytest.raises(Conflict) as refusal:
        activities.open(draft)
    assert refusal.value.code == "insurance_note_required"
    activities.amend(draft, insurance_note="已为参加者投保意外险")
    assert activities.open(draft).status is A.PUBLISHED


def test_a_published_activity_cannot_become_a_risk_without_insurance(
    activities: ActivityScene,
) -> None:
    activity = activities.publish()

    with pytest.raises(Conflict) as refusal:
        activities.amend(activity, risk=RiskClass.HIGH)
    assert refusal.value.code == "insurance_note_required"


def test_publishing_tells_nobody_unasked(activities: ActivityScene) -> None:
    activities.publish()

    assert not any(activities.told(member) for member in activities.members)


def test_whoever_is_registered_anywhere_in_the_city_may_sign_up(activities: ActivityScene) -> None:
    activity = activities.publish()
    elsewhere = activities.member(community_id=activities.make.community().id)

    assert activities.sign_up(activity, elsewhere).status is S.SIGNED_UP
    besides = activities.member(community_id=None, also_in=[activities.community.id])
    assert activities.sign_up(activity, besides).status is S.SIGNED_UP
    with pytest.raises(Forbidden) as refusal:
        activities.sign_up(activity, activities.member(community_id=None))
    assert refusal.value.code == "registration_required"


def test_the_last_place_makes_it_full_and_whoever_comes_after_waits_in_order(
    activities: ActivityScene,
) -> None:
    activity = activities.publish((clock.now() + DAY, 1))
    first, second, third = activities.members
    activities.sign_up(activity, first)
    assert activity.status is A.FULL

    rows = [activities.sign_up(activity, actor) for actor in (second, third)]

    assert [(row.status, row.waiting_position) for row in rows] == [(S.WAITING, 1), (S.WAITING, 2)]


def test_a_place_given_back_goes_to_the_first_who_waits_and_is_told(
    activities: ActivityScene,
) -> None:
    activity = activities.publish((clock.now() + DAY, 1))
    first, second, third = activities.members
    for actor in (first, second, third):
        activities.sign_up(activity, actor)

    activities.withdraw(activity, first)

    found = activities.statuses(activity)
    assert found == {second.member_id: S.SIGNED_UP, third.member_id: S.WAITING}
    kind = "volunteering.sign_up_moved_up"
    assert [activities.told(actor, kind) for actor in activities.members] == [0, 1, 0]
    assert activity.status is A.FULL


def test_a_place_nobody_waits_for_opens_it_again(activities: ActivityScene) -> None:
    activity = activities.publish((clock.now() + DAY, 1))
    activities.sign_up(activity, activities.members[0])
    activities.withdraw(activity, activities.members[0])

    assert (activity.status, activity.shifts[0].signed_up) == (A.PUBLISHED, 0)


def test_whoever_waits_may_leave_the_queue_and_returns_at_its_end(
    activities: ActivityScene,
) -> None:
    activity = activities.publish((clock.now() + DAY, 1))
    first, second, third = activities.members
    for actor in (first, second, third):
        activities.sign_up(activity, actor)
    activities.withdraw(activity, second)

    assert activities.sign_up(activity, second).waiting_position == 2


def test_signing_up_twice_is_refused_and_withdrawing_twice_is_the_same(
    activities: ActivityScene,
) -> None:
    activity = activities.publish()
    actor = activities.members[0]
    activities.sign_up(activity, actor)

    with pytest.raises(Conflict) as refusal:
        activities.sign_up(activity, actor)
    assert refusal.value.code == "already_signed_up"
    once, twice = activities.withdraw(activity, actor), activities.withdraw(activity, actor)
    assert [row.id for row in once.items] == [row.id for row in twice.items]
    with pytest.raises(NotFound):
        activities.withdraw(activity, activities.members[1])


def test_withdrawing_later_than_asked_for_is_possible_and_only_says_so(
    activities: ActivityScene,
) -> None:
    soon = activities.publish((clock.now() + timedelta(hours=3), 2), notice_hours=24)
    later = activities.publish((clock.now() + 3 * DAY, 2), notice_hours=24)
    actor = activities.members[0]
    for activity in (soon, later):
        activities.sign_up(activity, actor)

    assert activities.withdraw(soon, actor).short_notice
    assert not activities.withdraw(later, actor).short_notice
    assert activities.statuses(soon) == {}


def test_an_overlap_is_warned_of_until_it_is_meant(activities: ActivityScene) -> None:
    begin = clock.now() + DAY
    one, other = activities.publish((begin, 2)), activities.publish((begin + DAY / 24, 2))
    actor = activities.members[0]
    activities.sign_up(one, actor)

    with pytest.raises(Conflict) as refusal:
        activities.sign_up(other, actor)
    assert refusal.value.code == "sign_up_clashes"
    assert activities.sign_up(other, actor, override_clash=True).status is S.SIGNED_UP


def test_what_only_touches_or_was_called_off_or_left_is_no_overlap(
    activities: ActivityScene,
) -> None:
    begin, actor = clock.now() + DAY, activities.members[0]
    before = activities.publish((begin - timedelta(hours=2), 2))
    called_off, left = activities.publish((begin, 2)), activities.publish((begin, 2))
    for activity in (before, called_off):
        activities.sign_up(activity, actor)
    activities.cancel(called_off)
    activities.sign_up(left, actor)
    activities.withdraw(left, actor)

    assert activities.sign_up(activities.publish((begin, 2)), actor).status is S.SIGNED_UP


def test_two_shifts_of_one_activity_that_overlap_are_warned_of_too(
    activities: ActivityScene,
) -> None:
    begin = clock.now() + DAY
    activity = activities.publish((begin, 2), (begin + timedelta(hours=1), 2))

    with pytest.raises(Conflict) as refusal:
        activities.sign_up(activity, activities.members[0], *activity.shifts)
    assert refusal.value.code == "sign_up_clashes"


def test_of_several_shifts_one_says_which(activities: ActivityScene) -> None:
    activity = activities.publish((clock.now() + DAY, 2), (clock.now() + 2 * DAY, 2))
    foreign = activities.publish()

    for shifts in ((), (foreign.shifts[0],)):
        with pytest.raises(Invalid) as refusal:
            activities.sign_up(activity, activities.members[0], *shifts)
        assert refusal.value.field == "shift_ids"


def test_nobody_signs_up_for_a_shift_that_is_over(activities: ActivityScene) -> None:
    activity = activities.publish((clock.now() - DAY, 2), (clock.now() + DAY, 2))

    with pytest.raises(Conflict) as refusal:
        activities.sign_up(activity, activities.members[0], activity.shifts[0])
    assert refusal.value.code == "shift_over"
    assert activities.sign_up(activity, activities.members[0], activity.shifts[1])


def test_more_places_go_to_whoever_waits_and_never_fewer_than_are_held(
    activities: ActivityScene,
) -> None:
    activity = activities.publish((clock.now() + DAY, 1))
    for actor in activities.members:
        activities.sign_up(activity, actor)
    only = activity.shifts[0]

    activities.amend(activity, shift(only.starts_at, 2, id_=only.id))
    assert list(activities.statuses(activity).values()) == [S.SIGNED_UP, S.SIGNED_UP, S.WAITING]
    with pytest.raises(Conflict) as refusal:
        activities.amend(activity, shift(only.starts_at, 1, id_=only.id))
    assert refusal.value.code == "places_below_sign_ups"


def test_a_change_of_time_or_place_is_told_to_whoever_signed_up_or_waits(
    activities: ActivityScene,
) -> None:
    activity = activities.publish((clock.now() + DAY, 1))
    for actor in activities.members[:2]:
        activities.sign_up(activity, actor)
    only = activity.shifts[0]

    activities.amend(activity, title="看望老人", place=activity.place)
    activities.amend(activity, shift(only.starts_at + DAY, 1, id_=only.id))
    activities.amend(activity, place="文化广场")

    kind = "volunteering.activity_changed"
    assert [activities.told(actor, kind) for actor in activities.members] == [2, 2, 0]


def test_a_shift_somebody_signed_up_for_is_not_taken_out(activities: ActivityScene) -> None:
    begin = clock.now() + DAY
    activity = activities.publish((begin, 2), (begin + DAY, 2))
    one, other = activity.shifts
    activities.sign_up(activity, activities.members[0], one)

    activities.amend(activity, shift(one.starts_at, 2, id_=one.id))
    with pytest.raises(Conflict) as refusal:
        activities.amend(activity, shift(begin + 2 * DAY))
    assert refusal.value.code == "shift_has_sign_ups"
    assert other not in activity.shifts


def test_a_shift_that_has_begun_is_not_moved(activities: ActivityScene) -> None:
    activity = activities.publish((clock.now() - DAY / 24, 2), (clock.now() + DAY, 2))
    begun = activity.shifts[0]

    with pytest.raises(Conflict) as refusal:
        activities.amend(activity, shift(begun.starts_at + DAY, id_=begun.id))
    assert refusal.value.code == "shift_has_begun"


@pytest.mark.parametrize("hours", [0, -1, 25])
def test_a_shift_ends_after_it_begins_and_within_a_day(
    activities: ActivityScene, hours: int
) -> None:
    activity = activities.publish()

    with pytest.raises(Invalid) as refusal:
        activities.amend(activity, shift(clock.now() + DAY, hours=hours))
    assert refusal.value.field == "shifts"


def test_calling_off_tells_everybody_concerned_why_and_drops_the_reminder(
    activities: ActivityScene,
) -> None:
    activity = activities.publish((clock.now() + 3 * DAY, 1))
    for actor in activities.members[:2]:
        activities.sign_up(activity, actor)
    activities.cancel(activity)
    activities.cancel(activity)

    kind = "volunteering.activity_cancelled"
    assert [activities.told(actor, kind) for actor in activities.members] == [1, 1, 0]
    reminder = activities.session.scalars(sa.select(Reminder)).one()
    assert reminder.status is ReminderStatus.DROPPED


def test_what_took_place_is_not_called_off(activities: ActivityScene) -> None:
    activity = activities.publish((clock.now() - DAY / 24, 2))
    activities.write(activity, present(activities.members[0]))

    with pytest.raises(Conflict) as refusal:
        activities.cancel(activity)
    assert refusal.value.code == "activity_took_place"


def test_the_reminder_goes_to_those_who_hold_a_place_and_follows_a_move(
    activities: ActivityScene,
) -> None:
    activity = activities.publish((clock.now() + 3 * DAY, 1))
    first, second, third = activities.members
    for actor in (first, second):
        activities.sign_up(activity, actor)
    only = activity.shifts[0]
    activities.amend(activity, shift(only.starts_at + DAY, 1, id_=only.id))
    activities.withdraw(activity, first)
    row = activities.session.scalars(sa.select(Reminder)).one()

    assert row.event_at == only.starts_at
    assert reminders.before_shift(activities.session, row)
    kind = "volunteering.activity_reminder"
    assert [activities.told(actor, kind) for actor in (first, second, third)] == [0, 1, 0]


def test_nobody_is_reminded_of_what_was_called_off(activities: ActivityScene) -> None:
    activity = activities.publish((clock.now() + 3 * DAY, 1))
    activities.sign_up(activity, activities.members[0])
    row = activities.session.scalars(sa.select(Reminder)).one()
    activities.cancel(activity)

    assert not reminders.before_shift(activities.session, row)


def test_the_clock_begins_and_ends_it_whether_or_not_the_job_ran(
    activities: ActivityScene,
) -> None:
    begin = clock.now() + DAY
    activity = activities.publish((begin, 2))
    for hours, wanted in ((-1, A.PUBLISHED), (1, A.RUNNING), (3, A.FINISHED)):
        with clock.at(begin + timedelta(hours=hours)):
            assert activity.current_status is wanted
            assert _listed(activities, wanted) == [activity.id]
    with clock.at(begin + timedelta(hours=3)):
        assert service.turn_due(activities.session) == 1
        assert service.turn_due(activities.session) == 0
        assert activity.status is A.FINISHED
        assert _listed(activities, A.FINISHED) == [activity.id]


def _listed(activities: ActivityScene, status: ActivityStatus) -> list[int]:
    member = activities.members[0]
    found = lists.listed(member, status=status).with_only_columns(Activity.id)
    return list(activities.session.scalars(found, asked_by(member)))
