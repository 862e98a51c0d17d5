"""The rotating code: alive for 45 seconds, forged by nobody, and never more than a convenience."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest

from backend.core import clock
from backend.core.errors import Conflict, DomainError, Forbidden, Invalid
from backend.core.rotating_code import Code
from backend.volunteering.activities import check_in
from backend.volunteering.activities.models import Activity
from tests.backend.volunteering.activity_scene import ActivityScene

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
